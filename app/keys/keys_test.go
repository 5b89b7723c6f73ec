package keys

import (
	"reflect"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

func TestActionOfAKey(t *testing.T) {
	m := New(map[string]string{"without": "e", "next_empty": "Ctrl+Right m", "gone": "q", "undo": ""})
	for _, c := range []struct {
		where Where
		key   string
		want  string
	}{
		{Annotator, "e", "without"}, {Gallery, "e", "without"}, {Annotator, "w", ""},
		{Annotator, "Right", "next"}, {Selected, "Right", "nudge_right"}, {Selected, "Prior", "previous"}, {Selected, "Return", "next"},
		{Annotator, "Ctrl+Right", "next_empty"}, {Annotator, "m", "next_empty"}, {Annotator, "n", ""},
		{Gallery, "Return", "open"}, {Window, "Ctrl+Z", ""}, {Window, "Ctrl+Y", "redo"}, {Annotator, "Ctrl+C", "copy"}, {Gallery, "", ""}, {Gallery, "Ctrl+A", "select_all"},
	} {
		if got := m.Action(c.where, c.key); got != c.want {
			t.Errorf("%s at %d is %q, not %q", c.key, c.where, got, c.want)
		}
	}
	if want := map[string]string{"without": "e", "next_empty": "Ctrl+Right m", "undo": ""}; !reflect.DeepEqual(m.Chosen(), want) {
		t.Errorf("kept: %v", m.Chosen())
	}
	m.Reset("without")
	if m.Changed("without") || m.Action(Annotator, "w") != "without" {
		t.Error("not reset")
	}
	m.Take("next", "Return")
	m.Set("undo", "Ctrl+Z")
	if m.Action(Annotator, "Return") != "" || m.Action(Annotator, "Right") != "next" || m.Changed("undo") {
		t.Error(m.Chosen())
	}
	if m.Reset(""); len(m.Chosen()) > 0 {
		t.Error("not all reset")
	}
}

// As they come, no two actions have the same key at one place, and each name is there once.
func TestUsualKeysDoNotClash(t *testing.T) {
	m := New(nil)
	names := map[string]bool{}
	for _, a := range Actions {
		if a.Fixed {
			continue
		}
		if names[a.Name] || a.Title == "" || a.Where == 0 {
			t.Errorf("%+v", a)
		}
		names[a.Name] = true
		for _, k := range a.Usual {
			if c := m.Clashes(a.Name, k); len(c) > 0 && !(a.Where == Selected || c[0].Where == Selected) {
				t.Errorf("%s: %s clashes with %v", a.Name, k, c)
			}
			if s, ok := Custom(k); ok && Shortcut(s) != k {
				t.Errorf("%s comes back as %s", k, Shortcut(s))
			}
		}
	}
	if c := m.Clashes("without", "n"); len(c) != 1 || c[0].Name != "next_empty" {
		t.Errorf("n clashes with %v", c)
	}
	if c := m.Clashes("train", "n"); len(c) != 0 {
		t.Errorf("in the window n clashes with %v", c)
	}
	if c := m.OfConcept("W"); len(c) != 1 || c[0].Name != "without" {
		t.Errorf("a concept's w clashes with %v", c)
	}
}

func TestHowKeysAreWritten(t *testing.T) {
	for want, got := range map[string]string{
		"n": Rune('N'), "é": Rune('É'), "": Rune(' '),
		"Return": Key(fyne.KeyEnter, 0), "Shift+Tab": Key(fyne.KeyTab, fyne.KeyModifierShift), "F1": Key(fyne.KeyF1, 0),
		"Ctrl+Shift+Z": Shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift}),
		"Ctrl+C":       Shortcut(&fyne.ShortcutCopy{}), "Shift+→": Title("Shift+Right"), "N": Title("n"), "Ctrl++": Title("Ctrl++"), "PgDn": Title("Next"),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	for _, k := range []string{Key(fyne.KeyN, 0), Key(desktop.KeyShiftLeft, 0), Shortcut(&desktop.CustomShortcut{KeyName: desktop.KeyControlLeft, Modifier: fyne.KeyModifierControl})} {
		if k != "" {
			t.Errorf("%q is a key", k)
		}
	}
}
