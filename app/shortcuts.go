package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/widgets/look"
)

// keys of the window, held with ctrl (cmd on a Mac); shift where the name begins with it.
func (w *window) combinations() map[string]func() {
	inProject := func(f func(s *shell)) func() {
		return func() {
			if w.shell != nil {
				f(w.shell)
			}
		}
	}
	return map[string]func(){
		"1":       inProject(func(s *shell) { s.ShowTab(page.Views) }),
		"2":       inProject(func(s *shell) { s.ShowTab(page.Library) }),
		"3":       inProject(func(s *shell) { s.ShowTab(page.Training) }),
		"T":       inProject(func(s *shell) { s.Train(0) }),
		"I":       inProject(func(s *shell) { s.importSources(nil) }),
		"Z":       inProject(func(s *shell) { s.undo(false) }),
		"shift Z": inProject(func(s *shell) { s.undo(true) }),
		"Y":       inProject(func(s *shell) { s.undo(true) }),
		"shift L": func() { w.toggleTheme() },
		"F":       inProject(func(s *shell) { s.ShowTab(page.Views); s.views.FocusSearch() }),
		"N":       func() { w.newProject(nil) },
		"O":       func() { w.chooseProject() },
		",":       func() { w.showSettings() },
		"W":       inProject(func(s *shell) { s.showWelcome() }),
		"Q":       func() { w.close() },
	}
}

// shortcuts has the window's canvas hear the combinations, and Escape where nothing has the focus.
func (w *window) shortcuts() {
	c := w.win.Canvas()
	for name := range w.combinations() {
		mod, key := fyne.KeyModifierShortcutDefault, fyne.KeyName(name)
		if len(name) > 6 && name[:6] == "shift " {
			mod, key = mod|fyne.KeyModifierShift, fyne.KeyName(name[6:])
		}
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: mod}, w.shortcut)
	}
	c.AddShortcut(&fyne.ShortcutUndo{}, w.shortcut)
	c.AddShortcut(&fyne.ShortcutRedo{}, w.shortcut)
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		if top := c.Overlays().Top(); top != nil {
			if p, ok := top.(*widget.PopUp); ok && e.Name == fyne.KeyEscape && w.busies == 0 {
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

// Shortcut implements page.Shortcutter.
func (s *shell) Shortcut(sc fyne.Shortcut) { s.window.shortcut(sc) }

// shortcut does what a combination stands for. Under a dialog it does nothing.
func (w *window) shortcut(sc fyne.Shortcut) {
	if w.win.Canvas().Overlays().Top() != nil {
		return
	}
	name := ""
	switch sc := sc.(type) {
	case *fyne.ShortcutUndo:
		name = "Z"
	case *fyne.ShortcutRedo:
		name = "Y"
	case *desktop.CustomShortcut:
		if sc.Modifier&fyne.KeyModifierShortcutDefault == 0 {
			return
		}
		name = string(sc.KeyName)
		if sc.Modifier&fyne.KeyModifierShift != 0 {
			name = "shift " + name
		}
	}
	if f := w.combinations()[name]; f != nil {
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
