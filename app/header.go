package app

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/app/project"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// header is the top of the window: the project's name with its menu, undo and redo, theme and settings; below, the tabs and
// the current view.
type header struct {
	shell   *shell
	content fyne.CanvasObject
	name    *look.Styled
	project *widgets.Pressable
	tabs    *widgets.Segments
	views   *widget.Select
	viewBox *fyne.Container
	search  *fyne.Container // holds the Views page's field, once there is one
	undo    *widgets.Pressable
	redo    *widgets.Pressable
	theme   *widgets.Pressable
	ids     []int64
	quiet   bool
}

// Widths of parts of the header, in density-independent pixels: the least, and the most that they take where there is room.
const (
	leastName, mostName     = 110, 480
	leastSearch, mostSearch = 110, 220
	leastView, mostView     = 120, 260
)

func newHeader(s *shell) *header {
	h := &header{shell: s}
	logo := canvas.NewImageFromResource(icons.App)
	logo.SetMinSize(fyne.NewSize(22, 22))
	logo.FillMode = canvas.ImageFillContain
	h.name = look.NewStyled("", look.Text+1, true, theme.ColorNameForeground).Cut()
	arrow := canvas.NewImageFromResource(icons.Expand)
	arrow.SetMinSize(fyne.NewSize(12, 12))
	arrow.FillMode = canvas.ImageFillContain
	h.project = widgets.NewPressable(look.PadXY(8, 5, look.Row(8, logo, h.name, arrow)), nil)
	h.project.OnPress = func() { h.menu() }

	h.tabs = widgets.NewTabs([]widgets.Segment{
		{Key: string(page.Views), Text: "Views", Icon: icons.Views, Hint: "Images, concepts, annotating (Ctrl+1)"},
		{Key: string(page.Library), Text: "Library", Icon: icons.Library, Hint: "Models and their versions (Ctrl+2)"},
		{Key: string(page.Training), Text: "Training", Icon: icons.Training, Hint: "Running and queued trainings, with their curves (Ctrl+3)"},
	}, func(key string) { s.ShowTab(page.Tab(key)) })

	h.views = widget.NewSelect(nil, nil)
	h.views.OnChanged = func(string) {
		if i := h.views.SelectedIndex(); !h.quiet && i >= 0 && i < len(h.ids) {
			s.SetView(h.ids[i])
		}
	}
	h.search = container.NewStack()
	h.undo = widgets.NewIconButton(icons.Undo, "", func() { s.undo(false) })
	h.redo = widgets.NewIconButton(icons.Redo, "", func() { s.undo(true) })
	h.theme = widgets.NewIconButton(icons.Moon, "", func() { h.nextTheme() })
	settings := widgets.NewIconButton(icons.Settings, "Settings", func() { s.showSettings() })
	h.refreshTheme()
	h.refreshHistory() // nothing to undo yet
	name := look.UpTo(leastName, func() float32 { return min(mostName, h.nameWidth()) }, h.project)
	h.viewBox = look.UpTo(leastView+40, fixed(mostView+40), container.NewBorder(nil, nil, look.Small("view"), nil, h.views))
	row := look.Row(6, name, look.Gap(6, 1), h.tabs, layout.NewSpacer(), look.UpTo(leastSearch, fixed(mostSearch), h.search), h.viewBox, look.Gap(4, 1), h.undo, h.redo, h.theme, settings)
	h.content = container.New(layout.NewCustomPaddedVBoxLayout(0), look.Sheet(look.PadXY(8, 5, row)), look.HLine())
	h.refreshName()
	return h
}

func fixed(width float32) func() float32 { return func() float32 { return width } }

// refreshName shows the project's name; the hint gives it in full where there is no room for all of it.
func (h *header) refreshName() {
	name := h.projectName()
	h.name.SetText(name)
	h.project.Hint = "Project menu: new, open, import, check, settings"
	if h.nameWidth() > leastName {
		h.project.Hint = name + ". " + h.project.Hint
	}
	h.content.Refresh()
}

// projectName is the project's name, and whether it is only looked at.
func (h *header) projectName() string {
	if h.shell.project.ReadOnly() {
		return h.shell.project.Name() + " (read-only)"
	}
	return h.shell.project.Name()
}

// nameWidth is what the project's button needs to show the whole name.
func (h *header) nameWidth() float32 {
	return h.project.MinSize().Width - h.name.MinSize().Width + h.name.Natural()
}

// showViews fills the choice of views and shows the current one.
func (h *header) showViews() {
	h.quiet = true
	defer func() { h.quiet = false }()
	h.ids = h.ids[:0]
	var names []string
	at := -1
	for i, n := range h.shell.nodes {
		indent := ""
		for range n.Depth {
			indent += "    "
		}
		names = append(names, indent+n.View.Name+"  ("+string(n.View.Type)+")")
		h.ids = append(h.ids, n.View.ID)
		if n.View.ID == h.shell.view.ID {
			at = i
		}
	}
	h.views.SetOptions(names)
	if at < 0 {
		h.views.ClearSelected()
		h.viewBox.Hide()
		return
	}
	h.viewBox.Show()
	h.views.SetSelectedIndex(at)
}

func (h *header) refreshHistory() {
	undo, redo := h.shell.project.History()
	h.undo.Hint, h.redo.Hint = "Nothing to undo", "Nothing to redo"
	if undo != "" {
		h.undo.Hint = "Undo: " + undo + " (" + keyOf(h.shell, "undo") + ")"
	}
	if redo != "" {
		h.redo.Hint = "Redo: " + redo + " (" + keyOf(h.shell, "redo") + ")"
	}
	h.undo.SetEnabled(undo != "")
	h.redo.SetEnabled(redo != "")
}

// keyOf is the first key of an action, as it is shown.
func keyOf(s *shell, action string) string {
	if list := s.keys.Of(action); len(list) > 0 {
		return keys.Title(list[0])
	}
	return "no shortcut"
}

func (h *header) refreshBadges() {
	items := []widgets.Segment{
		{Key: string(page.Views), Text: "Views", Icon: icons.Views},
		{Key: string(page.Library), Text: "Library", Icon: icons.Library},
		{Key: string(page.Training), Text: "Training", Icon: icons.Training},
	}
	for i := range items {
		if b, ok := h.shell.pages[page.Tab(items[i].Key)].(page.Badger); ok {
			items[i].Badge = b.Badge()
		}
	}
	h.tabs.SetItems(items)
	h.content.Refresh()
}

func (h *header) nextTheme() {
	next := map[look.Variant]look.Variant{look.System: look.Dark, look.Dark: look.Light, look.Light: look.System}
	if look.Chosen() == look.System && look.IsDark() {
		next[look.System] = look.Light
		next[look.Light] = look.Dark
		next[look.Dark] = look.System
	}
	h.shell.setTheme(next[look.Chosen()])
}

func (h *header) refreshTheme() {
	switch look.Chosen() {
	case look.Light:
		h.theme.SetIcon(icons.Sun)
		h.theme.Hint = "Theme: light; press to change"
	case look.Dark:
		h.theme.SetIcon(icons.Moon)
		h.theme.Hint = "Theme: dark; press to change"
	default:
		h.theme.SetIcon(icons.Contrast)
		h.theme.Hint = "Theme: follows the system; press to change"
	}
}

// menu shows what can be done with projects, beneath the project's name, once the recent ones are read.
func (h *header) menu() {
	go func() {
		list, err := session.Recent()
		if err != nil {
			list = nil
		}
		fyne.Do(func() {
			if !h.shell.dead {
				h.showMenu(list)
			}
		})
	}()
}

func (h *header) showMenu(list []session.RecentProject) {
	s := h.shell
	item := func(text string, icon fyne.Resource, f func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(text, f)
		m.Icon = icon
		return m
	}
	recent := item("Open recent", icons.Clock, nil)
	recent.ChildMenu = fyne.NewMenu("", s.recentItems(list)...)
	recent.Disabled = len(recent.ChildMenu.Items) == 0
	m := fyne.NewMenu("",
		item("New project …", icons.Add, func() { s.newProject(nil) }),
		item("Open …", icons.Open, func() { s.chooseProject() }),
		recent,
		item("Sample project", icons.Images, func() { s.openSample() }),
		fyne.NewMenuItemSeparator(),
		item("Import images and annotations …", icons.Import, func() { s.importSources(nil) }),
		item("Export annotations …", icons.Save, func() { s.exportView() }),
		item("Project overview …", icons.Grid, func() { project.Show(s, s.project) }),
		item("Split into train, val and test …", icons.Split, func() { s.divide() }),
		item("Trash …", icons.Delete, func() { project.ShowTrash(s, s.project) }),
		item("Rename …", icons.Edit, func() { s.renameProject() }),
		item("Check the project", icons.Check, func() { s.checkProject() }),
		item("Settings …", icons.Settings, func() { s.showSettings() }),
		item("About Viewfinder …", icons.Info, func() { s.showAbout() }),
		fyne.NewMenuItemSeparator(),
		item("Close the project", icons.Close, func() { s.showWelcome() }),
	)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.project).AddXY(0, h.project.Size().Height+2)
	widget.ShowPopUpMenuAtPosition(m, s.win.Canvas(), at)
}

func (w *window) recentItems(list []session.RecentProject) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, r := range list {
		if r.Missing || w.shell != nil && r.Dir == w.shell.project.Dir() || len(items) == 10 {
			continue
		}
		items = append(items, fyne.NewMenuItem(r.Name, func() { w.open(r.Dir) }))
	}
	return items
}
