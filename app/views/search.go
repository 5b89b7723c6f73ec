package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets"
)

// searchField searches in the names of the images of the current view. It stands in the window's header.
type searchField struct {
	widget.Entry
	page *Page
}

func newSearchField(p *Page) *searchField {
	f := &searchField{page: p}
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder("Search names")
	return f
}

// TypedKey implements fyne.Focusable: Escape searches for nothing any more, Enter and the arrow down go to what was found.
func (f *searchField) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.SetText("")
		f.page.focus()
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		f.page.focus()
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
	if f.page.editor.isOpen() {
		f.page.back() // it takes the focus
		fyne.Do(func() { f.page.shell.Window().Canvas().Focus(f) })
	}
}

// Search is the field that searches in names, for the window's header.
func (p *Page) Search() fyne.CanvasObject { return p.gallery.search }
