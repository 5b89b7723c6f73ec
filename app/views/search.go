package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets"
)

// searchField searches in the names of the images of the current view. It stands in the window's header.
type searchField struct {
	widget.Entry
	leave func() // gives the focus to what was found
	opens func() // shows the gallery
}

func newSearchField(leave, opens func()) *searchField {
	f := &searchField{leave: leave, opens: opens}
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder("Search names")
	return f
}

// TypedKey implements fyne.Focusable: Escape searches for nothing any more, Enter and the arrow down go to what was found.
func (f *searchField) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.SetText("")
		f.leave()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		f.leave()
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedShortcut implements fyne.Shortcutable: what is not for a text is the window's.
func (f *searchField) TypedShortcut(s fyne.Shortcut) {
	if !typedInto(&f.Entry, s) {
		widgets.HandOn(f, s)
	}
}

// typedInto has a field do what is for a text; false for everything else.
func typedInto(e *widget.Entry, s fyne.Shortcut) bool {
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll, *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		e.TypedShortcut(s)
		return true
	}
	return false
}

// FocusGained implements fyne.Focusable: names are searched in the gallery.
func (f *searchField) FocusGained() {
	f.Entry.FocusGained()
	f.opens()
}

// Search is the field that searches in names, for the window's header.
func (p *Page) Search() fyne.CanvasObject { return p.gallery.search }
