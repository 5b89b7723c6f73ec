package views

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/keys"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// KeyRow is one line of the list of keys.
type KeyRow struct {
	Group, Title string
	Keys         []string // as they are written
	Action       keys.Action
}

// KeyRows lists the keys of concepts, then all others by their groups; of those whose title, group or key has a text in it.
func KeyRows(m *keys.Map, concepts []KeyRow, text string) []KeyRow {
	rows := concepts
	for _, a := range keys.Actions {
		row := KeyRow{Group: a.Group, Title: a.Title, Keys: a.Usual, Action: a}
		if !a.Fixed {
			row.Keys = m.Of(a.Name)
		}
		rows = append(rows, row)
	}
	text = strings.ToLower(strings.TrimSpace(text))
	var found []KeyRow
	for _, r := range rows {
		hay := strings.ToLower(r.Group + "\n" + r.Title)
		is := strings.Contains(hay, text)
		for _, k := range r.Keys {
			is = is || strings.EqualFold(keys.Title(k), text) || len(text) > 1 && strings.Contains(strings.ToLower(keys.Title(k)), text)
		}
		if is {
			found = append(found, r)
		}
	}
	return found
}

// KeyCaps shows keys as they look on a keyboard.
func KeyCaps(list []string) fyne.CanvasObject {
	row := container.NewHBox()
	for _, k := range list {
		row.Add(widgets.NewKeyCap(keys.Title(k)))
	}
	return row
}

// ConceptKeys are the keys of the current view's concepts.
func (p *Page) ConceptKeys() []KeyRow {
	var rows []KeyRow
	for _, c := range p.concepts {
		if c.Key != "" {
			rows = append(rows, KeyRow{Group: "Concepts of " + p.shell.View().Name, Title: c.Name, Keys: []string{c.Key}})
		}
	}
	return rows
}

// showKeys lays all keys over the window, to be searched.
func (p *Page) showKeys() {
	ShowKeys(p.shell.Window(), p.keys, p.ConceptKeys(), p.focus)
}

// ShowKeys lays all keys over a window, to be searched; closed is called when they are gone again.
func ShowKeys(win fyne.Window, m *keys.Map, concepts []KeyRow, closed func()) {
	list := container.NewVBox()
	fill := func(text string) {
		list.Objects = nil
		group := ""
		for _, r := range KeyRows(m, concepts, text) {
			if r.Group != group {
				group = r.Group
				list.Add(look.PadXY(0, 3, look.Section(group)))
			}
			list.Add(look.Row(12, look.Width(176, KeyCaps(r.Keys)), look.Plain(r.Title)))
		}
		if len(list.Objects) == 0 {
			list.Add(look.MutedWrapped("No shortcut matches."))
		}
		list.Refresh()
	}
	fill("")
	scroll := container.NewVScroll(list)
	scroll.SetMinSize(fyne.NewSize(620, min(520, win.Canvas().Size().Height-220)))
	search := widgets.NewEntry()
	search.SetPlaceHolder("Search shortcuts")
	search.OnChanged = func(text string) {
		fill(text)
		scroll.ScrollToTop()
	}
	d := widgets.NewDialog("Keys", container.NewBorder(container.NewVBox(search, look.Small("Change them in Settings, Keys.")), nil, nil, nil, scroll), win)
	d.OnClosed = closed
	d.SetButtons(widgets.NewButton("Close", d.Close).Important(false))
	d.Show(search)
}

// panKey is the key that is held to drag the image.
func panKey(m *keys.Map) fyne.KeyName {
	list := m.Of("pan")
	if len(list) == 0 {
		return ""
	}
	if len(list[0]) == 1 {
		return fyne.KeyName(strings.ToUpper(list[0]))
	}
	return fyne.KeyName(list[0])
}
