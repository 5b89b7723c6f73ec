package app

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/widgets"
)

// knowing is an app whose driver knows which modifier keys are held: none, as when a hand is off the keyboard.
type knowing struct{ fyne.App }

type knowingDriver struct{ fyne.Driver }

func (a knowing) Driver() fyne.Driver { return knowingDriver{a.App.Driver()} }

func (knowingDriver) CurrentKeyModifiers() fyne.KeyModifier { return 0 }

// press types a combination as the window's system does: the modifier goes down on what has the focus, then the combination is typed; where a
// dialog opens, the modifier's release goes to the dialog.
func (w *window) press(t *testing.T, command string) {
	t.Helper()
	c := w.win.Canvas()
	if f, ok := c.Focused().(desktop.Keyable); ok {
		f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyControlLeft})
		f.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
	if command == "help" {
		w.typed('?')
	} else {
		w.commands()[command]()
	}
	for n := 0; w.overlay() == nil && n < 50; n++ { // what opens a dialog may read first
		pump()
	}
	if f, ok := c.Focused().(desktop.Keyable); ok {
		f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyControlLeft})
		f.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	}
}

// escape types Escape as the window's system does: to what has the focus, else to the canvas.
func (w *window) escape() {
	c := w.win.Canvas()
	e := &fyne.KeyEvent{Name: fyne.KeyEscape}
	if f := c.Focused(); f != nil {
		f.TypedKey(e)
	} else {
		c.OnTypedKey()(e)
	}
	pump()
}

// pump runs what belongs on the window's thread, for 20 ms at most after the last of it.
func pump() {
	for {
		select {
		case f := <-pending:
			f()
		case <-time.After(20 * time.Millisecond):
			return
		}
	}
}

// Whatever dialog is opened from whatever page by keys, and however it is left, the page has its keys again.
func TestKeysAfterDialogs(t *testing.T) {
	if testing.Short() {
		t.Skip("opens 60 dialogs")
	}
	w := open(t, Options{View: "Colour"})
	fyne.SetCurrentApp(knowing{fyne.CurrentApp()})
	c := w.win.Canvas()
	leave := map[string]func(){
		"Escape": w.escape,
		"Cancel": func() {
			for _, text := range []string{"Cancel", "Close", "Done"} {
				for _, b := range found[*widgets.Button](w.overlay()) {
					if b.Text == text {
						b.Tapped(nil)
						pump()
						return
					}
				}
				for _, b := range found[*widget.Button](w.overlay()) {
					if b.Text == text {
						b.Tapped(nil)
						pump()
						return
					}
				}
			}
			t.Errorf("there is no button to leave by: %T", w.overlay())
			w.escape()
		},
		"Escape, nothing focused": func() { c.Unfocus(); w.escape() },
	}
	type where struct {
		name   string
		show   func()
		intact func() bool // a key does what it does on this page
	}
	grid := func() *widgets.ImageGrid { g, _ := c.Focused().(*widgets.ImageGrid); return g }
	places := []where{
		{"gallery", func() { w.shell.ShowTab(page.Views) }, func() bool {
			g := grid()
			if g == nil {
				return false
			}
			g.SelectOnly(3)
			w.key(fyne.KeyRight)
			return g.Current() == 4 && g.SelectedCount() == 1
		}},
		{"annotator", func() { w.key(fyne.KeyReturn) }, func() bool {
			before := w.shell.views.Shown()
			w.key(fyne.KeyRight)
			after := w.shell.views.Shown()
			w.key(fyne.KeyLeft)
			return before != "" && after != "" && before != after && w.shell.views.Shown() == before
		}},
		{"library", func() { w.shell.ShowTab(page.Library) }, func() bool { return true }},
		{"training", func() { w.shell.ShowTab(page.Training) }, func() bool { return true }},
	}
	for _, p := range places {
		p.show()
		settle()
		if !p.intact() {
			t.Fatalf("%s: keys do not work to begin with", p.name)
		}
		for _, command := range []string{"help", "train", "import", "new_project", "open_project", "settings", "about"} {
			for way, out := range leave {
				before, tab := c.Focused(), w.shell.tab
				w.press(t, command)
				if w.overlay() == nil {
					if command == "help" && before == nil {
						continue // nothing has the focus: the key goes to the page
					}
					t.Errorf("%s, %s: no dialog", p.name, command)
					continue
				}
				out()
				for n := 0; w.overlay() != nil && n < 3; n++ {
					t.Errorf("%s, %s, %s: a dialog stays (%T)", p.name, command, way, w.overlay())
					w.escape()
				}
				if w.shell.tab != tab { // the import shows what it brings
					p.show()
					pump()
					continue
				}
				if after := c.Focused(); after != before {
					t.Errorf("%s, %s, %s: %T had the focus, then %T", p.name, command, way, before, after)
				}
				if !p.intact() {
					t.Errorf("%s, %s, %s: the page's keys are dead", p.name, command, way)
				}
			}
		}
	}
}
