package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Dialog is a dialog that Escape closes wherever its focus is, with the same consequences as its button that changes nothing. Its fields
// and buttons are an [Entry] and a [Button], since Fyne asks what is focused alone for keys.
type Dialog struct {
	OnClosed func() // called once, however it was closed

	d      *dialog.CustomDialog
	win    fyne.Window
	top    fyne.CanvasObject
	closed bool
}

// open are the dialogs that are shown, by their overlays.
var open = map[fyne.CanvasObject]*Dialog{}

// NewDialog makes a dialog; its buttons are given by [Dialog.SetButtons].
func NewDialog(title string, body fyne.CanvasObject, win fyne.Window) *Dialog {
	return &Dialog{d: dialog.NewCustomWithoutButtons(title, body, win), win: win}
}

// SetButtons gives it its buttons, the one that does what the dialog is for last.
func (d *Dialog) SetButtons(buttons ...fyne.CanvasObject) { d.d.SetButtons(buttons) }

// Resize makes it larger than it needs to be.
func (d *Dialog) Resize(size fyne.Size) { d.d.Resize(size) }

// Fit makes it as large as what it holds needs now.
func (d *Dialog) Fit() {
	d.d.Refresh()
	d.d.Resize(d.d.MinSize())
}

// Show shows it, with the focus on something in it; nil for nothing.
func (d *Dialog) Show(focus fyne.Focusable) {
	d.d.Show()
	d.top = d.win.Canvas().Overlays().Top()
	open[d.top] = d
	if focus != nil {
		d.win.Canvas().Focus(focus)
	}
}

// Close closes it.
func (d *Dialog) Close() {
	if d.closed {
		return
	}
	d.closed = true
	delete(open, d.top)
	if c := d.win.Canvas(); c.Overlays().Top() == d.top {
		c.Unfocus() // else what had the focus isn't told that it lost it
	}
	d.d.Hide()
	if d.OnClosed != nil {
		d.OnClosed()
	}
}

// CloseTop closes the dialog on top of a window; false where something else is on top, or nothing.
func CloseTop(c fyne.Canvas) bool {
	d := open[c.Overlays().Top()]
	if d == nil {
		return false
	}
	d.Close()
	return true
}

func escaped(o fyne.CanvasObject, e *fyne.KeyEvent) bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	return e.Name == fyne.KeyEscape && c != nil && CloseTop(c)
}

// Entry is a field that gives the window the keys that are not for a text: Escape closes the dialog that it is in, or leaves the field.
type Entry struct{ widget.Entry }

// NewEntry makes a field of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.ExtendBaseWidget(e)
	return e
}

// NewLinesEntry makes a field of several lines.
func NewLinesEntry() *Entry {
	e := &Entry{}
	e.MultiLine, e.Wrapping = true, fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey implements fyne.Focusable.
func (e *Entry) TypedKey(k *fyne.KeyEvent) {
	c := canvasOf(e)
	switch {
	case k.Name != fyne.KeyEscape || c == nil:
		e.Entry.TypedKey(k)
	case c.Overlays().Top() == nil:
		c.Unfocus()
	case !CloseTop(c):
		handOnKey(e, k)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	if custom, ok := s.(*desktop.CustomShortcut); ok {
		switch custom.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyBackspace, fyne.KeyDelete: // by words and lines
		default:
			HandOn(e, s)
			return
		}
	}
	e.Entry.TypedShortcut(s)
}

// Button is a button of a dialog.
type Button struct{ widget.Button }

// NewButton makes a button.
func NewButton(text string, tapped func()) *Button {
	b := &Button{}
	b.Text, b.OnTapped = text, tapped
	b.ExtendBaseWidget(b)
	return b
}

// NewIconedButton makes a button with an icon before its text.
func NewIconedButton(text string, icon fyne.Resource, tapped func()) *Button {
	b := NewButton(text, tapped)
	b.Icon = icon
	return b
}

// Important makes it the button that does what the dialog is for, and gives it back.
func (b *Button) Important(danger bool) *Button {
	b.Importance = widget.HighImportance
	if danger {
		b.Importance = widget.DangerImportance
	}
	return b
}

// TypedKey implements fyne.Focusable.
func (b *Button) TypedKey(k *fyne.KeyEvent) {
	switch {
	case escaped(b, k):
	case k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter:
		b.Tapped(nil)
	default:
		b.Button.TypedKey(k)
	}
}
