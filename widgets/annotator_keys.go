package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// FocusGained implements fyne.Focusable.
func (a *Annotator) FocusGained() { a.focus(true) }

// FocusLost implements fyne.Focusable.
func (a *Annotator) FocusLost() {
	a.space, a.mods = false, 0
	a.focus(false)
}

func (a *Annotator) focus(focused bool) {
	a.focused = focused
	a.Refresh()
	if a.OnFocus != nil {
		a.OnFocus(focused)
	}
}

// AcceptsTab implements fyne.Tabbable: Tab goes round the regions.
func (a *Annotator) AcceptsTab() bool { return true }

// KeyDown implements desktop.Keyable.
func (a *Annotator) KeyDown(e *fyne.KeyEvent) {
	switch e.Name {
	case a.PanKey:
		a.space = true
		a.Refresh()
	default:
		a.mods |= modifier(e.Name)
	}
}

// KeyUp implements desktop.Keyable.
func (a *Annotator) KeyUp(e *fyne.KeyEvent) {
	switch e.Name {
	case a.PanKey:
		a.space = false
		a.Refresh()
	default:
		a.mods &^= modifier(e.Name)
	}
}

func modifier(key fyne.KeyName) fyne.KeyModifier {
	switch key {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight:
		return fyne.KeyModifierShift
	case desktop.KeyControlLeft, desktop.KeyControlRight:
		return fyne.KeyModifierControl
	case desktop.KeyAltLeft, desktop.KeyAltRight:
		return fyne.KeyModifierAlt
	}
	return 0
}

// TypedRune implements fyne.Focusable.
func (a *Annotator) TypedRune(r rune) {
	if a.OnRune != nil && a.OnRune(r) {
		return
	}
	switch r {
	case '+', '=':
		a.Zoom(1.25)
	case '-':
		a.Zoom(1 / 1.25)
	}
}

// TypedKey implements fyne.Focusable.
func (a *Annotator) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && a.giveUp() {
		return
	}
	if a.OnKey != nil && a.OnKey(e.Name, held(&a.mods)) {
		return
	}
	step := 1
	if a.mods&fyne.KeyModifierShift != 0 {
		step = 10
	}
	switch e.Name {
	case fyne.KeyLeft:
		a.Nudge(-step, 0)
	case fyne.KeyRight:
		a.Nudge(step, 0)
	case fyne.KeyUp:
		a.Nudge(0, -step)
	case fyne.KeyDown:
		a.Nudge(0, step)
	case fyne.KeyDelete, fyne.KeyBackspace:
		a.DeleteSelected()
	case fyne.KeyTab:
		if a.mods&fyne.KeyModifierShift != 0 {
			a.SelectNext(-1)
		} else {
			a.SelectNext(1)
		}
	}
}

// giveUp ends what is being drawn, or else selects nothing; false when there was neither.
func (a *Annotator) giveUp() bool {
	if a.gesture.kind != gestureNone {
		if a.gesture.before != nil {
			a.marks = a.gesture.before
		}
		a.gesture = gesture{}
		a.Refresh()
		return true
	}
	if len(a.selected) > 0 {
		a.selected = nil
		a.Refresh()
		a.tellSelected()
		return true
	}
	return false
}

// TypedShortcut implements fyne.Shortcutable.
func (a *Annotator) TypedShortcut(s fyne.Shortcut) {
	if a.OnShortcut != nil && a.OnShortcut(s) {
		return
	}
	switch s.(type) {
	case *fyne.ShortcutCopy:
		a.Copy()
	case *fyne.ShortcutPaste:
		a.Paste()
	case *fyne.ShortcutSelectAll:
		a.SelectAll()
	default:
		HandOn(a, s)
	}
}
