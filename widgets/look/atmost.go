package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// AtMost gives content no more than a height, in density-independent pixels: what is higher scrolls. It takes no room while content is hidden.
func AtMost(height float32, content fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: atMost{height, content}, Objects: []fyne.CanvasObject{container.NewVScroll(content)}}
}

type atMost struct {
	height  float32
	content fyne.CanvasObject
}

// MinSize implements fyne.Layout.
func (l atMost) MinSize([]fyne.CanvasObject) fyne.Size {
	if !l.content.Visible() {
		return fyne.Size{}
	}
	m := l.content.MinSize()
	return fyne.NewSize(m.Width, min(m.Height, l.height))
}

// Layout implements fyne.Layout.
func (atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}
