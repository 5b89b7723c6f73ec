package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// commands are what the keys of the window do, by their names in package keys.
func (w *window) commands() map[string]func() {
	inProject := func(f func(s *shell)) func() {
		return func() {
			if w.shell != nil {
				f(w.shell)
			}
		}
	}
	return map[string]func(){
		"tab_views":     inProject(func(s *shell) { s.ShowTab(page.Views) }),
		"tab_library":   inProject(func(s *shell) { s.ShowTab(page.Library) }),
		"tab_training":  inProject(func(s *shell) { s.ShowTab(page.Training) }),
		"train":         inProject(func(s *shell) { s.Train(0) }),
		"import":        inProject(func(s *shell) { s.importSources(nil) }),
		"undo":          inProject(func(s *shell) { s.undo(false) }),
		"redo":          inProject(func(s *shell) { s.undo(true) }),
		"theme":         func() { w.toggleTheme() },
		"search":        inProject(func(s *shell) { s.ShowTab(page.Views); s.views.FocusSearch() }),
		"new_project":   func() { w.newProject(nil) },
		"open_project":  func() { w.chooseProject() },
		"settings":      func() { w.showSettings() },
		"about":         func() { w.showAbout() },
		"close_project": inProject(func(s *shell) { s.showWelcome() }),
		"quit":          func() { w.close() },
	}
}

// shortcuts has the window's canvas hear the combinations, and Escape where nothing has the focus. It is called again when keys change.
func (w *window) shortcuts() {
	c := w.win.Canvas()
	for _, s := range w.heard {
		c.RemoveShortcut(s)
	}
	w.heard = []fyne.Shortcut{&fyne.ShortcutUndo{}, &fyne.ShortcutRedo{}} // Fyne's own names for Ctrl+Z and Ctrl+Y
	for name := range w.commands() {
		for _, k := range w.keys.Of(name) {
			if s, ok := keys.Custom(k); ok {
				w.heard = append(w.heard, s)
			}
		}
	}
	for _, s := range w.heard {
		c.AddShortcut(s, w.shortcut)
	}
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if top := c.Overlays().Top(); top != nil {
			if e.Name != fyne.KeyEscape || widgets.CloseTop(c) {
				return
			}
			if p, ok := top.(*widget.PopUp); ok && w.busies == 0 {
				p.Hide()
				w.focusPage()
			}
			return
		}
		if w.shell == nil {
			return
		}
		p := w.shell.pages[w.shell.tab]
		if e.Name == fyne.KeyEscape {
			if p, ok := p.(page.Escaper); ok && p.Escape() {
				return
			}
		}
		if p, ok := p.(page.Keyer); ok {
			p.TypedKey(e)
		}
	})
	c.SetOnTypedRune(func(r rune) {
		if w.shell == nil || c.Overlays().Top() != nil {
			return
		}
		if w.keys.Action(keys.Gallery, keys.Rune(r)) == "help" {
			w.showKeys()
			return
		}
		if p, ok := w.shell.pages[w.shell.tab].(page.Keyer); ok {
			p.TypedRune(r)
		}
	})
}

// focusPage gives the keys back to the page that is shown.
func (w *window) focusPage() {
	if w.shell != nil {
		w.shell.pages[w.shell.tab].Show()
	}
}

// shortcut does what a combination stands for. Under a dialog it does nothing.
func (w *window) shortcut(sc fyne.Shortcut) {
	if w.win.Canvas().Overlays().Top() != nil {
		return
	}
	if f := w.commands()[w.keys.Action(keys.Window, keys.Shortcut(sc))]; f != nil {
		f()
	}
}

func (w *window) toggleTheme() {
	next := look.Dark
	if look.IsDark() {
		next = look.Light
	}
	if w.shell != nil {
		w.shell.setTheme(next)
		return
	}
	look.SetVariant(next)
	w.settings.setVariant(next)
}
