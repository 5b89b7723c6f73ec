package keys

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Map finds the action of a key. It is used on the window's thread.
type Map struct {
	chosen map[string][]string // by action, where they are not the usual ones
}

// New makes a map of the keys that were chosen: by action, with spaces between several, as settings.json keeps them. What it does not
// know is left out.
func New(chosen map[string]string) *Map {
	m := &Map{chosen: map[string][]string{}}
	for name, text := range chosen {
		if a, ok := Find(name); ok {
			m.Set(a.Name, strings.Fields(text)...)
		}
	}
	return m
}

// Find finds an action that can have other keys.
func Find(name string) (Action, bool) {
	i := slices.IndexFunc(Actions, func(a Action) bool { return a.Name == name && !a.Fixed })
	if i < 0 {
		return Action{}, false
	}
	return Actions[i], true
}

// Chosen is what New takes: the keys that are not the usual ones.
func (m *Map) Chosen() map[string]string {
	chosen := map[string]string{}
	for name, list := range m.chosen {
		chosen[name] = strings.Join(list, " ")
	}
	return chosen
}

// Of is the keys of an action.
func (m *Map) Of(name string) []string {
	if list, ok := m.chosen[name]; ok {
		return list
	}
	a, _ := Find(name)
	return a.Usual
}

// Set gives an action its keys; none gives it none.
func (m *Map) Set(name string, list ...string) {
	a, ok := Find(name)
	if !ok {
		return
	}
	if slices.Equal(list, a.Usual) {
		delete(m.chosen, name)
		return
	}
	m.chosen[name] = slices.Clone(list)
}

// Take takes a key from an action.
func (m *Map) Take(name, key string) {
	m.Set(name, slices.DeleteFunc(slices.Clone(m.Of(name)), func(k string) bool { return k == key })...)
}

// Reset gives an action its usual keys; "" all of them.
func (m *Map) Reset(name string) {
	if name == "" {
		clear(m.chosen)
		return
	}
	delete(m.chosen, name)
}

// Changed reports whether an action has other keys than usual.
func (m *Map) Changed(name string) bool { _, ok := m.chosen[name]; return ok }

// Action is what a key does at a place, "" for nothing. At Selected the actions for boxes come before the others.
func (m *Map) Action(where Where, key string) string {
	if key == "" {
		return ""
	}
	found := ""
	for _, a := range Actions {
		if a.Fixed || a.Where&where == 0 || !slices.Contains(m.Of(a.Name), key) {
			continue
		}
		if a.Where == Selected {
			return a.Name
		}
		if found == "" {
			found = a.Name
		}
	}
	if found == "" && where == Selected {
		return m.Action(Annotator, key)
	}
	return found
}

// Clashes are the other actions that a key does where this one counts, too. That arrows move selected boxes and else go to other images is
// none: it is meant.
func (m *Map) Clashes(name, key string) []Action {
	this, ok := Find(name)
	if !ok {
		return nil
	}
	var list []Action
	for _, a := range Actions {
		meant := slices.Contains(a.Usual, key) && slices.Contains(this.Usual, key)
		where := this.Where
		if where == Selected {
			where |= Annotator
		}
		other := a.Where
		if other == Selected {
			other |= Annotator
		}
		if a.Fixed || a.Name == name || where&other == 0 || meant || !slices.Contains(m.Of(a.Name), key) {
			continue
		}
		list = append(list, a)
	}
	return list
}

// OfConcept are the actions that a concept's key would stand for where concepts are set: there the concept comes first.
func (m *Map) OfConcept(key string) []Action {
	var list []Action
	for _, a := range Actions {
		if !a.Fixed && a.Where&both != 0 && key != "" && slices.Contains(m.Of(a.Name), strings.ToLower(key)) {
			list = append(list, a)
		}
	}
	return list
}

// Rune writes a character; letters count the same large and small. Spaces and control characters are none.
func Rune(r rune) string {
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return ""
	}
	return string(unicode.ToLower(r))
}

// Key writes a key that is no character (those come as characters, too), "" for one that is, and for those that are only held.
func Key(k fyne.KeyName, held fyne.KeyModifier) string {
	if k == fyne.KeyEnter {
		k = fyne.KeyReturn
	}
	if len(k) < 2 || isHeld(k) || k == fyne.KeyUnknown {
		return ""
	}
	return prefix(held) + string(k)
}

func isHeld(k fyne.KeyName) bool {
	switch k {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight, desktop.KeyAltLeft, desktop.KeyAltRight,
		desktop.KeySuperLeft, desktop.KeySuperRight, desktop.KeyMenu, desktop.KeyCapsLock:
		return true
	}
	return false
}

func prefix(held fyne.KeyModifier) string {
	text := ""
	if held&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 { // cmd on a Mac
		text += "Ctrl+"
	}
	if held&fyne.KeyModifierAlt != 0 {
		text += "Alt+"
	}
	if held&fyne.KeyModifierShift != 0 {
		text += "Shift+"
	}
	return text
}

// Shortcut writes a combination of keys, "" for what is none.
func Shortcut(s fyne.Shortcut) string {
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		return "Ctrl+Z"
	case *fyne.ShortcutRedo:
		return "Ctrl+Y"
	case *fyne.ShortcutCopy:
		return "Ctrl+C"
	case *fyne.ShortcutPaste:
		return "Ctrl+V"
	case *fyne.ShortcutCut:
		return "Ctrl+X"
	case *fyne.ShortcutSelectAll:
		return "Ctrl+A"
	case *desktop.CustomShortcut:
		if s.Modifier&^fyne.KeyModifierShift == 0 || isHeld(s.KeyName) || s.KeyName == "" {
			return ""
		}
		return prefix(s.Modifier) + string(s.KeyName)
	}
	return ""
}

// Custom is the combination that a key with Ctrl or Alt is to Fyne; false for other keys.
func Custom(key string) (*desktop.CustomShortcut, bool) {
	var mod fyne.KeyModifier
	for again := true; again; {
		again = false
		for word, m := range map[string]fyne.KeyModifier{"Ctrl+": fyne.KeyModifierShortcutDefault, "Alt+": fyne.KeyModifierAlt, "Shift+": fyne.KeyModifierShift} {
			if rest, ok := strings.CutPrefix(key, word); ok && rest != "" {
				key, mod, again = rest, mod|m, true
			}
		}
	}
	return &desktop.CustomShortcut{KeyName: fyne.KeyName(key), Modifier: mod}, mod&^fyne.KeyModifierShift != 0
}

var titles = map[string]string{"Right": "→", "Left": "←", "Up": "↑", "Down": "↓", "Escape": "Esc", "Return": "Enter", "Prior": "PgUp", "Next": "PgDn",
	"Delete": "Del", "BackSpace": "Backspace", "-": "−"}

// Title is how a key is shown.
func Title(key string) string {
	at := 0 // after what is held
	for _, word := range []string{"Ctrl+", "Alt+", "Shift+"} {
		if strings.HasPrefix(key[at:], word) && len(key) > at+len(word) {
			at += len(word)
		}
	}
	name := key[at:]
	if t, ok := titles[name]; ok {
		name = t
	} else if len(name) == 1 {
		name = strings.ToUpper(name)
	}
	return key[:at] + name
}
