package widgets

import "fyne.io/fyne/v2"

// held is which modifier keys are held, of those that a widget has counted by their presses and releases. Where a combination opens a dialog, the
// release goes to that, and the widget would take the key for held until it is pressed again: the window's driver, which sees all keys, corrects it.
// A driver that does not know, as that of tests, is not asked.
func held(counted *fyne.KeyModifier) fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(interface{ CurrentKeyModifiers() fyne.KeyModifier }); ok {
		*counted &= d.CurrentKeyModifiers()
	}
	return *counted
}
