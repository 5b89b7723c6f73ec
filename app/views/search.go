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
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll:
		f.Entry.TypedShortcut(s)
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo:
		f.Entry.TypedShortcut(s)
	default:
		widgets.HandOn(f, s)
	}
}

// FocusGained implements fyne.Focusable: names are searched in the gallery.
func (f *searchField) FocusGained() {
	f.Entry.FocusGained()
	f.opens()
}

// Search is the field that searches in names, for the window's header.
func (p *Page) Search() fyne.CanvasObject { return p.gallery.search }
