package widgets

import "fyne.io/fyne/v2"

// Hints hears what the thing under the pointer, or with the focus, does, and "" when there is nothing to say: a status bar shows it. It belongs to
// one window and is the layout of its content: see [Hints.Around].
type Hints struct{ heard func(text string) }

// NewHints makes hints that are told to heard.
func NewHints(heard func(text string)) *Hints { return &Hints{heard} }

// Around is what is to be the content of the window: all that is pressable in the window, in its dialogs too, then tells its hint.
func (h *Hints) Around(content fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: h, Objects: []fyne.CanvasObject{content}}
}

// Layout implements fyne.Layout.
func (h *Hints) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

// MinSize implements fyne.Layout.
func (h *Hints) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

// hint tells the window that o is in what o does.
func hint(o fyne.CanvasObject, text string) {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(o)
	if canvas == nil {
		return
	}
	if root, ok := canvas.Content().(*fyne.Container); ok {
		if h, ok := root.Layout.(*Hints); ok {
			h.heard(text)
		}
	}
}
