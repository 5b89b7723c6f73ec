package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	projectpage "viewfinder/app/project"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// typed does what a character stands for in the gallery.
func (g *gallery) typed(r rune) bool {
	if c, ok := g.conceptOfKey(r); ok {
		g.setConcept(c)
		return true
	}
	return g.do(g.keys.Action(keys.Gallery, keys.Rune(r)))
}

func (g *gallery) key(k fyne.KeyName, mod fyne.KeyModifier) bool {
	if k == fyne.KeyEscape {
		if g.grid.SelectedCount() > 0 {
			g.grid.SelectOnly(-1)
			return true
		}
		return g.similar.end()
	}
	return g.do(g.keys.Action(keys.Gallery, keys.Key(k, mod))) || k == fyne.KeyReturn || k == fyne.KeyEnter
}

// shortcut does a combination with Ctrl or Alt; those that are not the gallery's are the window's.
func (g *gallery) shortcut(s fyne.Shortcut) bool {
	if !g.do(g.keys.Action(keys.Gallery, keys.Shortcut(s))) {
		widgets.HandOn(g.grid, s)
	}
	return true
}

// do does an action by its name; false for one that is not the gallery's.
func (g *gallery) do(name string) bool {
	switch name {
	case "accept":
		g.accept()
	case "similar":
		if i := g.grid.Current(); i >= 0 && i < len(g.ids) {
			g.to.similar(g.ids[i], nil)
		}
	case "useful":
		g.to.useful()
	case "without":
		g.without()
	case "reviewed":
		g.reviewSelected()
	case "split":
		g.flipSelected()
	case "test":
		g.flipTestSelected()
	case "delete":
		g.deleteImages()
	case "open":
		g.grid.Open()
	case "paste_images":
		g.to.paste()
	case "select_all":
		g.grid.SelectAll()
	case "find_concept":
		g.to.find()
	case "details":
		g.to.fold()
	case "help":
		g.to.help()
	default:
		return false
	}
	return true
}

// menu shows what can be done with what is selected.
func (g *gallery) menu(at fyne.Position) {
	if len(g.selection) > 0 {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", g.menuItems()...), g.shell.Window().Canvas(), at)
	}
}

func (g *gallery) menuItems() []*fyne.MenuItem {
	var concepts []*fyne.MenuItem
	for _, c := range g.concepts {
		concepts = append(concepts, fyne.NewMenuItem(c.Name, func() { g.setConcept(c) }))
	}
	give := menuItem("Concept", nil, nil)
	give.ChildMenu = fyne.NewMenu("", concepts...)
	give.Disabled = len(concepts) == 0 || g.view().Type.HasBoxes()
	items := []*fyne.MenuItem{menuItem("Open", icons.Image, func() { g.grid.OnOpen(max(0, g.grid.Current())) }), give}
	if !g.view().Type.ExactlyOne() {
		items = append(items, menuItem("Without concept", icons.Without, g.without))
	}
	to := func(s domain.Split) *fyne.MenuItem {
		return menuItem("To "+string(s), icons.Split, func() { g.moveSelected(s) })
	}
	return append(items,
		menuItem("Not annotated", icons.Remove, g.clearSelected),
		menuItem("Reviewed, or not", icons.Reviewed, g.reviewSelected),
		to(domain.SplitTrain), to(domain.SplitVal), to(domain.SplitTest),
		menuItem("Split into train and val …", icons.Split, func() {
			g.withSelected("split the images", func(list []studio.Datapoint) { projectpage.ShowSplit(g.shell, g.project, g.view(), imagesOf(list)) })
		}),
		menuItem("Similar images", icons.Search, func() { g.do("similar") }),
		fyne.NewMenuItemSeparator(),
		menuItem("Delete …", icons.Delete, g.deleteImages))
}

func menuItem(text string, icon fyne.Resource, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(text, do)
	m.Icon = icon
	return m
}
