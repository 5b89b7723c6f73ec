package widgets

import "fyne.io/fyne/v2"

// HandOn gives a combination of keys that a widget with the focus has no use for to the window: Fyne asks what has the focus alone.
func HandOn(o fyne.CanvasObject, s fyne.Shortcut) {
	if c, ok := canvasOf(o).(fyne.Shortcutable); ok {
		c.TypedShortcut(s)
	}
}

// handOnKey is HandOn for a key.
func handOnKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := canvasOf(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// canvasOf is the canvas of a widget that has the focus. Fyne forgets it where the widget is not drawn, as an empty gallery is not: then it is the canvas in
// which something has the focus.
func canvasOf(o fyne.CanvasObject) fyne.Canvas { return canvasIn(fyne.CurrentApp().Driver(), o) }

func canvasIn(driver fyne.Driver, o fyne.CanvasObject) fyne.Canvas {
	if c := driver.CanvasForObject(o); c != nil {
		return c
	}
	for _, w := range driver.AllWindows() {
		if w.Canvas().Focused() != nil {
			return w.Canvas()
		}
	}
	return nil
}
