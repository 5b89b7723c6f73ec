package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// NewFlow lays objects out like words: side by side at their own width, in as many rows as that takes.
func NewFlow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flowLayout{gap: gap}, objects...)
}

// flowLayout implements fyne.Layout for NewFlow. How high it is depends on how wide it was laid out last; Fyne asks for the
// least size again before each frame, so that a change of width settles with the next one.
type flowLayout struct {
	gap   float32
	width float32 // as laid out last
}

func (l *flowLayout) arrange(objects []fyne.CanvasObject, width float32, place bool) (size fyne.Size) {
	x, y, row := float32(0), float32(0), float32(0)
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width+0.5 {
			x, y, row = 0, y+row+l.gap/2, 0
		}
		if place {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(fyne.Min(m.Width, fyne.Max(width, 1)), m.Height))
		}
		x += m.Width
		size.Width = fyne.Max(size.Width, x)
		x += l.gap
		row = fyne.Max(row, m.Height)
	}
	size.Height = y + row
	return size
}

// MinSize implements fyne.Layout.
func (l *flowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	widest := float32(0)
	for _, o := range objects {
		if o.Visible() {
			widest = fyne.Max(widest, o.MinSize().Width)
		}
	}
	width := l.width
	if width == 0 {
		width = 1e6
	}
	return fyne.NewSize(fyne.Min(widest, 120), l.arrange(objects, width, false).Height)
}

// Layout implements fyne.Layout.
func (l *flowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(objects, size.Width, true)
}
