package widgets

import "fyne.io/fyne/v2"

// HandOn gives a combination of keys that a widget with the focus has no use for to the window: Fyne asks what has the focus alone.
func HandOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := fyne.CurrentApp().Driver().CanvasForObject(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// handOnKey is HandOn for a key; false where the window takes none.
func handOnKey(o fyne.CanvasObject, e *fyne.KeyEvent) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil || c.OnTypedKey() == nil {
		return false
	}
	c.OnTypedKey()(e)
	return true
}
