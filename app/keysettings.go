package app

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	"viewfinder/app/views"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// keySettings is the page of the settings where keys are changed: press an action's key, then the new one.
type keySettings struct {
	window  *window
	content fyne.CanvasObject
	list    *fyne.Container
	search  *widgets.Entry
	field   *widgets.KeyCapture // what waits
	more    bool                // the action keeps the keys that it has
	asking  string              // the action whose new key is waited for
	refused string              // why the key that was pressed cannot be used, or what else it does
	key     string              // that key, where it can be used all the same
}

func newKeySettings(w *window) *keySettings {
	s := &keySettings{window: w, list: container.NewVBox()}
	s.search = widgets.NewEntry()
	s.search.SetPlaceHolder("Search shortcuts")
	s.search.OnChanged = func(string) { s.asking = ""; s.fill() }
	all := widgets.NewButton("Reset all shortcuts", func() {
		w.keys.Reset("")
		s.changed()
	})
	scroll := container.NewVScroll(s.list)
	s.content = container.NewBorder(container.NewVBox(container.NewBorder(nil, nil, nil, all, s.search),
		look.Small("Click a shortcut to change it; + adds another one.")), nil, nil, nil, scroll)
	s.fill()
	return s
}

func (s *keySettings) concepts() []views.KeyRow {
	if s.window.shell == nil {
		return nil
	}
	return s.window.shell.views.ConceptKeys()
}

// changed keeps the keys and shows them.
func (s *keySettings) changed() {
	s.asking, s.refused, s.key = "", "", ""
	s.window.keysChanged()
	s.fill()
}

func (s *keySettings) fill() {
	s.list.Objects, s.field = nil, nil
	group := ""
	for _, r := range views.KeyRows(s.window.keys, nil, s.search.Text) {
		if r.Group != group {
			group = r.Group
			s.list.Add(look.PadXY(0, 3, look.Section(group)))
		}
		s.list.Add(s.row(r))
		if r.Action.Name != "" && r.Action.Name == s.asking && s.refused != "" {
			s.list.Add(s.warning(r.Action))
		}
	}
	if len(s.list.Objects) == 0 {
		s.list.Add(look.MutedWrapped("No shortcut matches."))
	}
	s.list.Refresh()
}

func (s *keySettings) row(r views.KeyRow) fyne.CanvasObject {
	a := r.Action
	if a.Fixed {
		return look.Row(10, look.Width(190, views.KeyCaps(r.Keys)), look.NewStyled(a.Title, look.Text, false, look.ColorMuted).Cut(), look.Small("always"))
	}
	var field fyne.CanvasObject
	if s.asking == a.Name && s.refused == "" {
		s.field = s.capture(a)
		field = s.field
	} else {
		caps := views.KeyCaps(r.Keys)
		if len(r.Keys) == 0 {
			caps = look.Small("no shortcut")
		}
		press := widgets.NewPressable(look.PadXY(4, 2, caps), func() { s.ask(a, false) })
		press.Hint = "Click, then press the new key"
		field = press
	}
	add := widgets.NewIconButton(icons.Add, "Add another shortcut", func() { s.ask(a, true) })
	usual := widgets.NewIconButton(icons.Again, "Back to "+titles(a.Usual), func() {
		s.window.keys.Reset(a.Name)
		s.changed()
	})
	usual.SetEnabled(s.window.keys.Changed(a.Name))
	return look.Row(10, look.Width(190, container.NewHBox(field)), look.NewStyled(a.Title, look.Text, false, theme.ColorNameForeground).Cut(), add, usual)
}

func titles(list []string) string {
	var names []string
	for _, k := range list {
		names = append(names, keys.Title(k))
	}
	return strings.Join(names, ", ")
}

// ask waits for an action's new key; more keeps those that it has.
func (s *keySettings) ask(a keys.Action, more bool) {
	s.asking, s.refused, s.key, s.more = a.Name, "", "", more
	s.fill()
	if s.field != nil {
		s.window.win.Canvas().Focus(s.field)
	}
}

// capture makes the field that waits for an action's new key.
func (s *keySettings) capture(a keys.Action) *widgets.KeyCapture {
	c := widgets.NewKeyCapture()
	c.OnRune = func(r rune) { s.pressed(a, keys.Rune(r)) }
	c.OnShortcut = func(sc fyne.Shortcut) { s.pressed(a, keys.Shortcut(sc)) }
	c.OnKey = func(k fyne.KeyName, held fyne.KeyModifier) {
		if k == fyne.KeyEscape && a.Name != "back" {
			s.asking = ""
			s.fill()
			return
		}
		s.pressed(a, keys.Key(k, held))
	}
	return c
}

// pressed takes the key that was pressed, or says what else it does.
func (s *keySettings) pressed(a keys.Action, key string) {
	if key == "" || s.asking != a.Name {
		return // a part of a combination, or a character that comes as such
	}
	if _, combined := keys.Custom(key); a.Where == keys.Window && !combined {
		s.refused, s.key = "Shortcuts of the window need Ctrl or Alt: "+keys.Title(key)+" alone is needed for typing.", ""
		s.fill()
		return
	}
	var also []string
	for _, o := range s.window.keys.Clashes(a.Name, key) {
		also = append(also, "“"+o.Title+"”")
	}
	for _, r := range s.concepts() {
		if a.Where&(keys.Annotator|keys.Gallery) != 0 && strings.EqualFold(r.Keys[0], key) {
			also = append(also, "the concept “"+r.Title+"”, which comes first in this view")
		}
	}
	if len(also) == 0 {
		s.use(a, key)
		return
	}
	s.refused, s.key = keys.Title(key)+" is already "+strings.Join(also, " and ")+".", key
	s.fill()
}

// use gives an action a key.
func (s *keySettings) use(a keys.Action, key string) {
	list := []string{key}
	if s.more {
		list = append(append([]string{}, s.window.keys.Of(a.Name)...), key)
	}
	s.window.keys.Set(a.Name, list...)
	s.changed()
}

// warning says what a key does already, and lets a person take it from there.
func (s *keySettings) warning(a keys.Action) fyne.CanvasObject {
	key := s.key
	buttons := container.NewHBox(layout.NewSpacer(), widgets.NewButton("Keep the old shortcut", func() {
		s.asking, s.refused = "", ""
		s.fill()
	}))
	if key != "" {
		take := widgets.NewButton("Reassign", func() {
			for _, o := range s.window.keys.Clashes(a.Name, key) {
				s.window.keys.Take(o.Name, key)
			}
			s.use(a, key)
		})
		take.Importance = widget.HighImportance
		buttons.Add(take)
	}
	text := look.Wrapped(s.refused)
	return container.NewBorder(nil, nil, container.NewCenter(look.NewStyled("!", look.Text, true, theme.ColorNameWarning)), buttons, text)
}
