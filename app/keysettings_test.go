package app

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/app/keys"
	"viewfinder/widgets"
)

// Keys are changed by pressing the new one: it counts at once, is kept for the next start, and a conflict is shown first.
func TestChangeKeys(t *testing.T) {
	unraced(t)
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	w := open(t, Options{View: "Things"})
	s := newKeySettings(w)
	w.win.SetContent(s.content)
	without, _ := keys.Find("without")
	ask := func(a keys.Action, more bool) *widgets.KeyCapture {
		t.Helper()
		s.ask(a, more)
		c, ok := w.win.Canvas().Focused().(*widgets.KeyCapture)
		if !ok {
			t.Fatalf("%T waits for the key", w.win.Canvas().Focused())
		}
		return c
	}
	is := func(what string, want ...string) {
		t.Helper()
		got := w.keys.Of("without")
		if len(got) != len(want) || len(got) > 0 && got[len(got)-1] != want[len(want)-1] {
			t.Errorf("%s: %v, not %v", what, got, want)
		}
	}
	ask(without, false).TypedRune('e')
	is("another key", "e")
	ask(without, true).TypedKey(&fyne.KeyEvent{Name: fyne.KeyF5})
	is("one more", "e", "F5")
	ask(without, false).TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	is("Escape changes nothing", "e", "F5")
	ask(without, false).TypedRune('n')
	if is("a clash changes nothing", "e", "F5"); s.refused == "" || s.key != "n" {
		t.Errorf("it says %q", s.refused)
	}
	ask(without, false).TypedRune('1') // a concept's
	if s.refused == "" {
		t.Error("a concept's key is not warned of")
	}
	undo, _ := keys.Find("undo")
	ask(undo, false).TypedRune('u')
	if s.refused == "" || s.key != "" {
		t.Error("a character is taken for the window")
	}
	ask(undo, false).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyU, Modifier: fyne.KeyModifierControl})

	w.settings.wait()
	if again := keys.New(readSettings().Keys); again.Action(keys.Gallery, "F5") != "without" || again.Action(keys.Window, "Ctrl+U") != "undo" {
		t.Errorf("kept: %v", again.Chosen())
	}
	w.win.SetContent(w.shell.content)
	w.shell.views.Show()
	w.key(fyne.KeyReturn)
	settle()
	w.annotator(t)
	w.typed('e')
	settle()
	if !datapoints(t, w, "Things")[0].Annotated {
		t.Error("the new key does nothing")
	}
	w.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyU, Modifier: fyne.KeyModifierControl})
	settle()
	if datapoints(t, w, "Things")[0].Annotated {
		t.Error("the new combination does nothing")
	}
	w.typed('w')
	settle()
	if datapoints(t, w, "Things")[0].Annotated {
		t.Error("the usual key still counts")
	}
	w.keys.Reset("")
	w.keysChanged()
	is("reset", "w")
}

// Escape closes a dialog from its field and from its button, the way its own button does, and the keys go back to the page.
func TestEscapeClosesDialogs(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	for name, show := range map[string]func(){
		"rename": func() { w.shell.renameProject() }, "settings": w.showSettings, "keys": w.showKeys,
		"confirm": func() { w.shell.Confirm("Sure?", "Are you?", "Yes", true, func() { t.Error("done") }) },
	} {
		show()
		settle()
		if w.overlay() == nil {
			t.Fatalf("%s: no dialog", name)
		}
		w.key(fyne.KeyEscape)
		settle()
		if w.overlay() != nil {
			t.Errorf("%s: Escape leaves it", name)
			w.win.Canvas().Overlays().Remove(w.overlay())
		}
		if _, ok := w.win.Canvas().Focused().(*widgets.ImageGrid); !ok {
			t.Errorf("%s: then %T has the focus", name, w.win.Canvas().Focused())
		}
	}
}
