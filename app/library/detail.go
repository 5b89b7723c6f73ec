package library

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/judge"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/try"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// The tabs of a version's page.
const (
	tabOverview    = "Overview"
	tabCurves      = "Curves"
	tabPerformance = "Performance"
	tabTry         = "Try"
	tabExport      = "Export"
)

// leastName is the room that a version's name has at least, in density-independent pixels.
const leastName = 120

// adviceHeight is the most that findings take of it, in density-independent pixels: more of them scroll.
const adviceHeight = 110

// curvesHeight is what the curves ask for at most, in density-independent pixels: they take what there is, and scroll where that is too little.
const curvesHeight = 320

// subTab is what a tab of a version's page is made of. All methods are called on the window's thread.
type subTab interface {
	Content() fyne.CanvasObject
	// Set is called each time the version was read.
	Set(v runs.Version, view studio.View)
	// Selected is called when the tab is opened, after the first Set.
	Selected()
	// Close ends its work; nothing is called after it.
	Close()
}

// namedTab is a sub-tab under its title.
type namedTab struct {
	title string
	subTab
}

// detail is a version's page.
type detail struct {
	page    *Page
	id      int64
	view    int64
	content *fyne.Container
	loader  *version.Loader

	name        *look.Styled
	chip        *widgets.StatusChip
	sentence    *widgets.Paragraph
	buttons     *fyne.Container
	tabs        *container.AppTabs
	overview    *overview
	curves      *widgets.Curves
	advice      *version.Advice
	performance *judge.Performance
	more        []namedTab // after Overview and Curves, in their order
	shown       runs.Version
	loaded      bool
	frozen      bool // what it was made of is shown; it doesn't change
}

func newDetail(p *Page, id int64, tab string) *detail {
	d := &detail{page: p, id: id, view: p.shell.View().ID}
	back := widgets.NewLink("Library", p.showList)
	d.name = look.Heading("").Cut()
	d.chip = widgets.NewStatusChip("", nil, "")
	d.sentence = widgets.NewParagraph("", theme.SizeNameText, look.ColorMuted)
	d.buttons = container.NewHBox()
	d.overview = newOverview(p.shell, p.project, func() { d.loader.Load() })
	d.curves = widgets.NewCurves()
	d.advice = version.NewAdvice(0)
	d.performance = judge.New(p.shell, p.project)
	d.more = []namedTab{
		{tabPerformance, d.performance},
		{tabTry, try.New(p.shell, p.project)},
		{tabExport, newExports(p, d.show)},
	}
	overviewTab := container.NewTabItem(tabOverview, d.overview.content)
	curvesTab := container.NewTabItem(tabCurves, look.PadXY(0, 8, container.NewBorder(look.AtMost(adviceHeight, d.advice.Content), nil, nil, nil, look.Panel(look.AtMost(curvesHeight, d.curves)))))
	d.tabs = container.NewAppTabs(overviewTab, curvesTab)
	for _, t := range d.more {
		d.tabs.Append(container.NewTabItem(t.title, t.Content()))
	}
	d.show(tab)
	d.tabs.OnSelected = func(*container.TabItem) { d.selected() }
	crumb := look.Row(2, back, look.Small("/"), look.Gap(4, 0), look.UpTo(leastName, d.name.Natural, d.name), look.Gap(8, 0), d.chip, layout.NewSpacer(), d.buttons)
	head := container.NewVBox(look.PadXY(16, 8, crumb), look.PadXY(12, 0, d.sentence))
	d.content = container.NewBorder(head, nil, nil, nil, look.PadXY(16, 4, d.tabs))
	d.loader = version.NewLoader(p.shell.Context(), d.read)
	d.loader.Pause = 300 * time.Millisecond
	d.loader.Load()
	return d
}

// show opens a tab by its title.
func (d *detail) show(tab string) {
	for _, t := range d.tabs.Items {
		if t.Text == tab {
			d.tabs.Select(t)
		}
	}
}

// selected tells the tab that is open that it is; before the version was read it is told then.
func (d *detail) selected() {
	open := d.tabs.Selected()
	for _, t := range d.more {
		if d.loaded && open != nil && t.title == open.Text {
			t.Selected()
		}
	}
}

func (d *detail) close() {
	d.overview.note.save()
	d.loader.Close()
	for _, t := range d.more {
		t.Close()
	}
}

func (d *detail) read(ctx context.Context) func() {
	p := d.page.project
	v, err := p.Version(ctx, d.id)
	if err != nil {
		return func() {
			if errors.Is(err, studio.ErrNotFound) {
				d.page.showList() // deleted meanwhile
				return
			}
			d.content.Objects = []fyne.CanvasObject{version.Failure("This version could not be read", err, d.loader.Load)}
			d.content.Refresh()
		}
	}
	view, err := p.View(ctx, v.ViewID)
	if err != nil {
		view = d.page.shell.View()
	}
	history, err := p.RunHistory(ctx, d.id)
	logLines, logErr := p.Log(ctx, d.id, 400)
	if logErr != nil {
		logLines = []string{logErr.Error()}
	}
	if len(logLines) == 0 {
		logLines = version.Messages(history)
	}
	curves, marks := version.Curves(history)
	findings, adviceErr := p.Advice(ctx, d.id)
	if adviceErr != nil {
		findings = nil // the curves are shown all the same
	}
	var frozen *runs.Preparation
	if !d.frozen {
		if use, err := p.Frozen(ctx, d.id); err == nil {
			frozen = &use
		}
	}
	return func() {
		d.set(v, view)
		d.overview.set(p.Dir(), v, view, history, logLines)
		if frozen != nil {
			d.frozen = true
			d.overview.setFrozen(*frozen)
		}
		if err == nil {
			d.curves.SetHistory(curves, version.Measure(view.Type), marks, version.Bands(findings))
			d.advice.Set(findings)
		}
		first := !d.loaded
		d.loaded = true
		for _, t := range d.more {
			t.Set(v, view)
		}
		if first {
			d.selected()
		}
	}
}

func (d *detail) set(v runs.Version, view studio.View) {
	before := d.shown
	d.shown = v
	d.name.SetText(v.Name)
	text, icon, tint := version.Chip(v.Status)
	d.chip.Set(text, icon, tint)
	d.sentence.Set(version.Sentence(v, now()), version.SentenceColor(v.Status))
	if d.loaded && before.Status == v.Status {
		return
	}
	d.buttons.Objects = nil
	add := func(text string, icon fyne.Resource, tapped func()) *widget.Button {
		b := widget.NewButtonWithIcon(text, icon, tapped)
		d.buttons.Add(b)
		return b
	}
	p := d.page
	switch {
	case v.Status.Active():
		add("Watch", icons.Training, func() { p.shell.WatchTraining(v.ID) })
		add("Stop", icons.Stop, func() { p.stopOrResume(v) })
	case v.CanResume():
		add("Resume", icons.Resume, func() { p.stopOrResume(v) }).Importance = widget.HighImportance
	}
	if v.CanPredict() {
		var b *widget.Button
		b = add("Report…", icons.Export, func() { p.reportMenu(v, b) })
	}
	add("Train again…", icons.Again, func() { p.train(v.ID) })
	if !v.Running() {
		more := widget.NewButtonWithIcon("", icons.Delete, func() { p.remove(v) })
		d.buttons.Add(more)
	}
	d.buttons.Refresh()
}
