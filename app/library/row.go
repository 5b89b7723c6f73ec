package library

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/report"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// row is a line of the table. The same widget shows models and versions, since the list reuses its lines.
type row struct {
	widget.BaseWidget
	list *list

	model   *fyne.Container
	above   fyne.CanvasObject
	chips   *fyne.Container
	current *widgets.StatusChip
	count   *look.Styled

	version          *fyne.Container
	name             *look.Styled
	mark             *widget.Check // chosen, to be compared or deleted
	status           *widgets.StatusChip
	figure, test     *look.Styled
	spark            *widgets.Sparkline
	architecture     *look.Styled
	images           *look.Styled
	date, took       *look.Styled
	device           *look.Styled
	curves, evaluate *widgets.Link
	try, going       *widgets.Link
	export, again    *widgets.Link
	more             *widget.Button

	shown *runs.Version // nil: a model's line
}

func newRow(l *list) *row {
	r := &row{list: l}
	r.chips = look.Row(5)
	r.current = widgets.NewStatusChip("current concepts", icons.Check, look.ColorAccent)
	r.count = look.Small("")
	r.above = look.HLine()
	r.model = container.NewBorder(r.above, nil, nil, look.PadXY(8, 0, look.Row(8, r.count, r.current)), look.PadXY(8, 6, container.NewHScroll(r.chips)))

	r.name = look.Strong("").Cut()
	r.mark = widget.NewCheck("", nil)
	r.status = widgets.NewStatusChip("", nil, "")
	r.figure = look.Plain("").Align(fyne.TextAlignTrailing)
	r.test = look.Plain("").Align(fyne.TextAlignTrailing)
	r.spark = widgets.NewSparkline(report.Series(runs.CurveOf(runs.CurveValAccuracy)))
	r.architecture, r.date, r.took, r.device = look.Plain("").Cut(), look.Small("").Cut(), look.Small("").Cut(), look.Small("").Cut()
	r.images = look.Plain("").Align(fyne.TextAlignTrailing)
	r.curves, r.evaluate, r.going = widgets.NewLink("Curves", nil), widgets.NewLink("Evaluate", nil), widgets.NewLink("", nil)
	r.try, r.export, r.again = widgets.NewLink("Try", nil), widgets.NewLink("Export", nil), widgets.NewLink("Train again", nil)
	r.more = widget.NewButtonWithIcon("", icons.More, nil)
	r.more.Importance = widget.LowImportance
	links := look.Row(4, r.curves, r.evaluate, r.try, r.going)
	r.version = container.New(&columns{}, container.NewBorder(nil, nil, r.mark, nil, r.name), r.status, container.NewBorder(nil, nil, look.Width(66, r.figure), nil, r.spark),
		r.test, r.architecture, r.images, r.date, r.took, r.device, links, container.NewStack(r.export), r.again, r.more)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) set(d rowData) {
	r.model.Hidden, r.version.Hidden = d.version != nil, d.version == nil
	r.shown = d.version
	if d.version == nil {
		r.chips.Objects = r.list.conceptChips(d.group.Model)
		r.chips.Refresh()
		r.current.Hidden = !d.group.Current
		r.above.Show()
		if d.first {
			r.above.Hide() // the head has a line
		}
		n := len(d.group.Versions)
		r.count.SetText(words.Count(n, "version"))
		if n == 0 {
			r.count.SetText("no version of these concepts yet")
		}
		r.Refresh()
		return
	}
	v, p := *d.version, r.list.page
	r.name.SetText(v.Name)
	text, icon, tint := version.Chip(v.Status)
	if v.Status == domain.StatusTraining && v.Run.Iterations > 0 {
		text = fmt.Sprintf("Training %d%%", int(100*version.Done(v.Run)))
	}
	r.status.Set(text, icon, tint)
	figure := version.Figure(v)
	r.figure.SetColor(theme.ColorNameForeground)
	if figure == "" {
		figure = "–"
		r.figure.SetColor(look.ColorMuted)
	}
	r.figure.SetText(figure)
	test := version.TestFigure(v)
	r.test.SetColor(theme.ColorNameForeground)
	if test == "" {
		test = "–"
		r.test.SetColor(look.ColorMuted)
	}
	r.test.SetText(test)
	r.spark.Set(r.list.sparks.get(v), 0, 1)
	r.architecture.SetText(version.ArchitectureTitle(v.Architecture))
	r.images.SetText(words.Number(v.Images))
	r.date.SetText(version.Started(v, now()))
	r.took.SetText(version.Took(v))
	r.device.SetText(version.ShortDevice(v.Device))
	r.curves.Set("Curves", func() { p.open(v.ID, tabCurves) })
	r.evaluate.Set("Evaluate", func() { p.open(v.ID, tabPerformance) })
	r.evaluate.Hidden = !v.CanPredict()
	r.try.Set("Try", func() { p.open(v.ID, tabTry) })
	r.try.Hidden = !v.CanPredict()
	r.export.Set("Export", func() { p.open(v.ID, tabExport) })
	r.export.Hidden = !v.CanPredict()
	r.again.Set("Train again", func() { p.train(v.ID) })
	r.mark.OnChanged = nil
	r.mark.SetChecked(r.list.chosen[v.ID])
	r.mark.OnChanged = func(on bool) { r.list.choose(v.ID, on) }
	r.going.Hidden = false
	switch {
	case v.Status.Active():
		r.going.Set("Stop", func() { p.stopOrResume(v) })
		if v.Status == domain.StatusQueued {
			r.going.Set("Remove", func() { p.stopOrResume(v) })
		}
	case v.CanResume():
		r.going.Set("Resume", func() { p.stopOrResume(v) })
	default:
		r.going.Hidden = true
	}
	r.more.OnTapped = func() {
		at := fyne.CurrentApp().Driver().AbsolutePositionForObject(r.more)
		r.list.versionMenu(v, at.Add(fyne.NewPos(0, r.more.Size().Height)))
	}
	r.Refresh()
}

// TappedSecondary implements fyne.SecondaryTappable: the menu of "more" at the pointer.
func (r *row) TappedSecondary(e *fyne.PointEvent) {
	if r.shown != nil {
		r.list.versionMenu(*r.shown, e.AbsolutePosition)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.model, r.version))
}
