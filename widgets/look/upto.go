package look

import "fyne.io/fyne/v2"

// UpTo gives content at least one width, and up to another where its [Row] has room. most is asked each time.
func UpTo(least float32, most func() float32, content fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &upToLayout{least, most}, Objects: []fyne.CanvasObject{content}}
}

type upToLayout struct {
	least float32
	most  func() float32
}

// MinSize implements fyne.Layout. What needs less than the least width gets no more than it needs.
func (l *upToLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(min(l.least, l.most()), objects[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (l *upToLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}

// wishes is by how much each of a row's objects would like to be wider than it must be, and the sum.
func wishes(objects []fyne.CanvasObject) (each []float32, all float32) {
	each = make([]float32, len(objects))
	for i, o := range objects {
		c, ok := o.(*fyne.Container)
		if !ok || !o.Visible() {
			continue
		}
		if l, ok := c.Layout.(*upToLayout); ok {
			each[i] = max(0, l.most()-min(l.least, l.most()))
			all += each[i]
		}
	}
	return each, all
}
