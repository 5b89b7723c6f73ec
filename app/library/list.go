package library

import (
	"context"
	"image/color"
	"slices"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// list is the table of models and versions.
type list struct {
	page    *Page
	content *fyne.Container
	heading *fyne.Container
	title   *look.Styled
	train   *widget.Button
	middle  *fyne.Container // table, empty state, or failure
	table   *widget.List
	head    *tableHead
	find    *widgets.Entry
	chosen  map[int64]bool // versions that are marked
	compare *widget.Button // shown while some are
	remove  *widget.Button
	none    *look.Styled // where no version is like what is searched
	back    *restoreBar
	data    content
	loaded  bool
	rows    []rowData
	sparks  *sparks
}

// rowData is a line of the table: a model, or one of its versions.
type rowData struct {
	group   *runs.ModelGroup
	version *runs.Version // nil: the line of the model itself
	first   bool          // of the table
}

func newList(p *Page) *list {
	l := &list{page: p}
	l.title = look.Small("").Cut()
	l.train = widget.NewButtonWithIcon("Train a new model version", icons.Train, func() { p.train(0) })
	l.train.Importance = widget.HighImportance
	l.sparks = newSparks(p.shell.Context(), func(id int64) ([]float64, bool) { return l.readSpark(id) }, func() { l.table.Refresh() })
	l.table = widget.NewList(func() int { return len(l.rows) }, func() fyne.CanvasObject { return newRow(l) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(l.rows) {
			o.(*row).set(l.rows[i])
		}
	})
	l.table.HideSeparators = true
	l.table.OnSelected = func(i widget.ListItemID) {
		l.table.Unselect(i)
		if i < len(l.rows) && l.rows[i].version != nil {
			p.Open(l.rows[i].version.ID)
		}
	}
	l.train.Hide()
	l.head = newTableHead(func() { l.arrange() })
	l.middle = container.NewStack()
	l.find = widgets.NewEntry()
	l.find.SetPlaceHolder("Filter by name, note, network …")
	l.find.OnChanged = func(string) { l.arrange() }
	l.find.Hide()
	l.none = look.Small("No version matches.")
	l.none.Hide()
	l.back = newRestoreBar(p)
	l.chosen = map[int64]bool{}
	l.compare = widget.NewButtonWithIcon("", icons.Compare, l.compareChosen)
	l.remove = widget.NewButtonWithIcon("", icons.Delete, l.removeChosen)
	l.compare.Hide()
	l.remove.Hide()
	l.heading = look.Row(10, look.Heading("Library"), l.title, layout.NewSpacer(), l.remove, l.compare, look.Width(230, l.find), l.train)
	l.content = container.NewBorder(look.PadXY(16, 12, l.heading), l.back.content, nil, nil, l.middle)
	return l
}

func (l *list) hasVersions() bool {
	for _, g := range l.data.groups {
		if len(g.Versions) > 0 {
			return true
		}
	}
	return false
}

// set shows what was read.
func (l *list) set(c content) {
	l.data, l.loaded = c, true
	l.back.set(c.deleted)
	l.forgetGone()
	if c.view.ID != 0 {
		l.title.SetText("of the view " + c.view.Name)
	} else {
		l.title.SetText("")
	}
	var shown fyne.CanvasObject
	switch {
	case c.err != nil:
		shown = version.Failure("The Library could not be read", c.err, l.page.loader.Load)
	case c.view.ID == 0:
		shown = version.Empty(icons.Views, "No view yet", "A model version is trained on the annotated images of a view. Create a view first: "+
			"it defines what is to be recognised.", version.Action("Go to Views", func() { l.page.shell.ShowTab(page.Views) }))
	case !l.hasVersions():
		shown = l.empty()
	default:
		l.arrange()
		table := container.NewBorder(container.NewVBox(l.head, look.HLine()), nil, nil, nil, container.NewStack(l.table, container.NewCenter(l.none)))
		if len(l.middle.Objects) == 1 {
			if kept, ok := l.middle.Objects[0].(*tableBox); ok {
				kept.Refresh()
				l.trainState()
				return
			}
		}
		shown = newTableBox(container.NewBorder(nil, look.Gap(0, 14), nil, nil, look.PadXY(16, 0, look.Panel(table))))
	}
	l.trainState()
	l.middle.Objects = []fyne.CanvasObject{shown}
	l.middle.Refresh()
}

// trainState shows the button in the head where the empty state has none of its own.
func (l *list) trainState() {
	show := l.data.view.ID != 0 && l.data.err == nil && l.hasVersions()
	l.train.Hidden, l.find.Hidden = !show, !show
	l.heading.Refresh()
}

// tableBox marks the middle as showing the table.
type tableBox struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

func newTableBox(o fyne.CanvasObject) *tableBox {
	b := &tableBox{content: o}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer implements fyne.Widget.
func (b *tableBox) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.content) }

// arrange sorts the versions in each model and lays out the lines.
func (l *list) arrange() {
	old := l.rows
	l.rows = nil
	for i := range l.data.groups {
		g := &l.data.groups[i]
		if len(g.Versions) == 0 && !g.Current {
			continue
		}
		versions := l.found(g.Versions)
		if len(versions) == 0 && l.find.Text != "" {
			continue
		}
		l.rows = append(l.rows, rowData{group: g, first: len(l.rows) == 0})
		less := l.head.less()
		sort.SliceStable(versions, func(a, b int) bool { return less(versions[a], versions[b]) })
		for j := range versions {
			l.rows = append(l.rows, rowData{group: g, version: &versions[j]})
		}
	}
	l.none.Hidden = len(l.rows) > 0
	l.none.Refresh()
	same := len(old) == len(l.rows)
	for i, r := range l.rows {
		if same && (old[i].version == nil) != (r.version == nil) {
			same = false
		}
	}
	if !same {
		for i, r := range l.rows {
			h := float32(38)
			if r.version == nil {
				h = 46
			}
			l.table.SetItemHeight(i, h)
		}
	}
	l.table.Refresh()
}

// found are the versions that have every word of the filter in their name, note, network, status or device; a copy, to be sorted.
func (l *list) found(all []runs.Version) []runs.Version {
	words := strings.Fields(strings.ToLower(l.find.Text))
	return slices.DeleteFunc(slices.Clone(all), func(v runs.Version) bool {
		text := strings.ToLower(strings.Join([]string{v.Name, v.Note, version.ArchitectureTitle(v.Architecture), string(v.Status), v.Device}, "\n"))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	})
}

// readSpark reads a version's val accuracies; final says that they won't change any more.
func (l *list) readSpark(id int64) (values []float64, final bool) {
	ctx := l.page.shell.Context()
	h, err := l.page.project.RunHistory(ctx, id)
	if err != nil || h == nil {
		return nil, ctx.Err() == nil && err != nil
	}
	for _, point := range h.Points[runs.CurveValAccuracy] {
		values = append(values, point.Value)
	}
	return values, string(h.State.Status) == string(domain.StatusReady)
}

// conceptChips shows a model's concepts.
func (l *list) conceptChips(m studio.Model) []fyne.CanvasObject {
	var chips []fyne.CanvasObject
	for i, id := range m.Concepts {
		name, dot := "", color.Color(look.Color(look.ColorMuted))
		if i < len(m.Names) {
			name = m.Names[i]
		}
		if c, ok := l.data.concepts[id]; ok {
			if name == "" {
				name = c.Name
			}
			if parsed, ok := look.ParseColor(c.Color); ok {
				dot = parsed
			}
		}
		chips = append(chips, widgets.NewConceptChip(name, dot))
	}
	return chips
}

// versionMenu is what can be done with a version, beside the links in its line.
func (l *list) versionMenu(v runs.Version, at fyne.Position) {
	p := l.page
	items := []*fyne.MenuItem{
		fyne.NewMenuItem("Open", func() { p.Open(v.ID) }),
		fyne.NewMenuItem("Curves", func() { p.open(v.ID, tabCurves) }),
	}
	if v.Status.Active() {
		items = append(items, fyne.NewMenuItem("Watch the training", func() { p.shell.WatchTraining(v.ID) }))
	}
	if v.CanPredict() {
		items = append(items, fyne.NewMenuItem("Evaluate", func() { p.open(v.ID, tabPerformance) }), fyne.NewMenuItem("Try", func() { p.open(v.ID, tabTry) }), fyne.NewMenuItem("Export", func() { p.open(v.ID, tabExport) }),
			fyne.NewMenuItem("Report as PDF…", func() { p.askReport(v, ".pdf") }), fyne.NewMenuItem("Report as web page…", func() { p.askReport(v, ".html") }))
	}
	again := fyne.NewMenuItem("Train again with these options…", func() { p.train(v.ID) })
	rename := fyne.NewMenuItem("Rename…", func() { p.rename(v) })
	note := fyne.NewMenuItem("Note…", func() { p.note(v) })
	remove := fyne.NewMenuItem("Delete…", func() { p.remove(v) })
	remove.Disabled = v.Running()
	items = append(items, again, fyne.NewMenuItemSeparator(), rename, note, remove)
	widget.NewPopUpMenu(fyne.NewMenu("", items...), p.shell.Window().Canvas()).ShowAtPosition(at)
}

func (p *Page) rename(v runs.Version) {
	page.AskText(p.shell, "Rename "+v.Name, "Rename", v.Name, "", func(ctx context.Context, name string) error {
		return p.project.RenameVersion(ctx, v.ID, name)
	})
}

// stopOrResume is what the middle link of a line does.
func (p *Page) stopOrResume(v runs.Version) {
	switch {
	case v.Status.Active():
		p.shell.Do("stop "+v.Name, func(ctx context.Context) error { return p.project.Stop(ctx, v.ID) }, func() {
			p.shell.Notify(v.Name + " is stopping; its progress is saved")
		})
	case v.CanResume():
		p.shell.Do("resume "+v.Name, func(ctx context.Context) error { return p.project.Resume(ctx, v.ID) }, func() {
			p.shell.WatchTraining(v.ID)
		})
	}
}

func now() time.Time { return time.Now() }
