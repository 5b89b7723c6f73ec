package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Frame puts objects around a centre without any gap between, where hairlines part them; each of them may be nil.
func Frame(top, bottom, left, right, center fyne.CanvasObject) *fyne.Container {
	l := &frameLayout{top, bottom, left, right}
	objects := []fyne.CanvasObject{center}
	for _, o := range []fyne.CanvasObject{top, bottom, left, right} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return container.New(l, objects...)
}

type frameLayout struct{ top, bottom, left, right fyne.CanvasObject }

func (l *frameLayout) mins() (top, bottom, left, right fyne.Size) {
	min := func(o fyne.CanvasObject) fyne.Size {
		if o == nil || !o.Visible() {
			return fyne.Size{}
		}
		return o.MinSize()
	}
	return min(l.top), min(l.bottom), min(l.left), min(l.right)
}

func (l *frameLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	top, bottom, left, right := l.mins()
	c := objects[0].MinSize()
	return fyne.NewSize(fyne.Max(left.Width+c.Width+right.Width, fyne.Max(top.Width, bottom.Width)),
		top.Height+bottom.Height+fyne.Max(c.Height, fyne.Max(left.Height, right.Height)))
}

func (l *frameLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top, bottom, left, right := l.mins()
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		if o != nil && o.Visible() {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(w, h))
		}
	}
	put(l.top, 0, 0, size.Width, top.Height)
	put(l.bottom, 0, size.Height-bottom.Height, size.Width, bottom.Height)
	middle := size.Height - top.Height - bottom.Height
	put(l.left, 0, top.Height, left.Width, middle)
	put(l.right, size.Width-right.Width, top.Height, right.Width, middle)
	put(objects[0], left.Width, top.Height, size.Width-left.Width-right.Width, middle)
}
