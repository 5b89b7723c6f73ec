// Package judge is the Performance sub-tab of a version's page: its figures, and the images behind them.
package judge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Performance is the figures of a version on a split as it is annotated now.
type Performance struct {
	shell   page.Shell
	content *fyne.Container
	split   *widget.Select
	version studio.Version
	view    studio.View
	cancel  context.CancelFunc
	running bool
	done    bool // figures are shown, or why there are none
	set     bool // the version is known
	wanted  bool // the tab was opened before that
}

const (
	onVal   = "on the val split"
	onTrain = "on the train split"
	onAll   = "on all annotated images"
)

// New makes the sub-tab; it shows nothing before Set.
func New(s page.Shell) *Performance {
	f := &Performance{shell: s, content: container.NewStack()}
	f.split = widget.NewSelect([]string{onVal, onTrain, onAll}, nil)
	f.split.SetSelected(onVal)
	f.split.OnChanged = func(string) { f.run() }
	return f
}

// Content is made once.
func (f *Performance) Content() fyne.CanvasObject { return f.content }

// Close ends what runs.
func (f *Performance) Close() {
	if f.cancel != nil {
		f.cancel()
	}
}

func (f *Performance) show(o fyne.CanvasObject) {
	f.content.Objects = []fyne.CanvasObject{o}
	f.content.Refresh()
}

// Set is called each time the version was read.
func (f *Performance) Set(v studio.Version, view studio.View) {
	f.version, f.view, f.set = v, view, true
	if f.wanted {
		f.wanted = false
		f.Selected()
	}
	if f.running || f.done {
		return
	}
	if !v.CanPredict() {
		f.show(version.Empty(icons.Evaluate, "Not measured yet", "Figures come when the version is ready. "+version.Sentence(v, time.Now())))
		return
	}
	f.show(version.Empty(icons.Evaluate, "How good is it?", "Runs the network on annotated images and compares: per concept, and which are taken for which.",
		version.Action("Evaluate "+onVal, f.run)))
}

// Selected is called when the tab is opened: a version that is ready is evaluated at once.
func (f *Performance) Selected() {
	f.wanted = !f.set
	if f.set && f.version.CanPredict() && !f.running && !f.done {
		f.run()
	}
}

func (f *Performance) request() studio.EvaluateRequest {
	switch f.split.Selected {
	case onTrain:
		return studio.EvaluateRequest{Split: studio.SplitTrain}
	case onAll:
		return studio.EvaluateRequest{All: true}
	}
	return studio.EvaluateRequest{Split: studio.SplitVal}
}

func (f *Performance) run() {
	if f.running || !f.version.CanPredict() {
		return
	}
	f.running, f.done = true, false
	ctx, cancel := context.WithCancel(f.shell.Context())
	f.cancel = cancel
	bar := widget.NewProgressBar()
	f.show(version.Empty(icons.Evaluate, "Evaluating "+f.split.Selected, "Each image is looked at by the network and compared with its annotation.",
		bar, widget.NewButton("Cancel", cancel)))
	project, id, request := f.shell.Project(), f.version.ID, f.request()
	go func() {
		evaluation, err := project.Evaluate(ctx, id, request, studio.ProgressFunc(func(done, total int, _ string) {
			if total > 0 {
				widgets.Do(func() { bar.SetValue(float64(done) / float64(total)) })
			}
		}))
		widgets.Do(func() {
			f.running = false
			cancelled := ctx.Err() != nil
			cancel()
			switch {
			case cancelled || errors.Is(err, context.Canceled):
				f.Set(f.version, f.view)
			case err != nil:
				f.fail(err)
			default:
				f.done = true
				f.show(f.figures(evaluation))
			}
		})
	}()
}

// fail says why there are no figures, until they are asked for again.
func (f *Performance) fail(err error) {
	f.done = true
	f.show(version.Failure("The version could not be evaluated", err, f.run))
}

// figures lays an evaluation out: the headline, a table of the concepts, the confusion matrix.
func (f *Performance) figures(e *studio.Evaluation) fyne.CanvasObject {
	again := widget.NewButtonWithIcon("Evaluate again", icons.Again, f.run)
	again.Importance = widget.LowImportance
	head := look.Row(8, look.Strong(look.Plural(e.Images, "image", "images")), look.Width(210, f.split), layout.NewSpacer(), again)
	var cards []fyne.CanvasObject
	card := func(name string, value float64, first bool) {
		tint := theme.ColorNameForeground
		if first {
			tint = look.ColorAccent
		}
		cards = append(cards, look.Panel(container.NewVBox(look.NewStyled(look.Percent(value), look.TextHeading, true, tint), look.Small(name))))
	}
	value, name := e.Headline()
	if name == "" {
		value, name = f.version.Headline, f.version.HeadlineName
	}
	card(version.Capital(version.FigureName(name)), value, true)
	if f.view.Type == studio.ViewDetection {
		card("mAP@0.5:0.95", e.MAP5095, false)
	} else if name != "accuracy" {
		card("Accuracy", e.Accuracy, false)
	}
	at := "" // what counts as a yes
	if f.view.Type != studio.ViewClassification {
		at = fmt.Sprintf(" from %.0f %% confidence on", 100*e.Threshold)
	}
	card("Precision"+at, e.Precision, false)
	card("Recall"+at, e.Recall, false)
	if name != "f1" {
		card("F1"+at, e.F1, false)
	}
	body := container.NewVBox(head, container.NewGridWithColumns(len(cards), cards...))
	if len(e.Skipped) > 0 {
		body.Add(version.Point(icons.Warning, theme.ColorNameWarning, look.Plural(len(e.Skipped), "image", "images")+" could not be read: "+e.Skipped[0]))
	}
	parts := []fyne.CanvasObject{look.Panel(container.NewVBox(look.Strong("By concept"), conceptTable(e)))}
	if n := len(e.ConfusionMatrix); n > 0 {
		parts = append(parts, look.Panel(container.NewBorder(look.Strong("Which is taken for which"), nil, nil, nil, f.matrix(e))))
	}
	body.Add(container.NewGridWithColumns(len(parts), parts...))
	return container.NewVScroll(look.PadXY(0, 8, body))
}

// matrix shows the confusion matrix; a cell opens its images.
func (f *Performance) matrix(e *studio.Evaluation) fyne.CanvasObject {
	var names []string
	for _, c := range e.Concepts {
		names = append(names, c.Concept)
	}
	for len(names) < len(e.ConfusionMatrix) {
		names = append(names, "nothing there")
	}
	m := widgets.NewConfusionMatrix()
	m.Set(names, e.ConfusionMatrix)
	if f.view.Type == studio.ViewClassification {
		m.OnOpen = func(truth, predicted int) {
			if list := cellDatapoints(e, f.version.ViewID, truth, predicted); len(list) > 0 {
				f.shell.OpenDatapoints(f.version.ViewID, list)
			}
		}
	}
	return m
}

// conceptTable is a line of figures for each concept.
func conceptTable(e *studio.Evaluation) fyne.CanvasObject {
	grid := container.New(&figureGrid{})
	for _, title := range []string{"Concept", "Precision", "Recall", "F1", "Avg. precision", "Count"} {
		s := look.Section(title).Cut()
		if title != "Concept" {
			s.Align(fyne.TextAlignTrailing)
		}
		grid.Add(s)
	}
	for _, c := range e.Concepts {
		grid.Add(look.Plain(c.Concept).Cut())
		for _, v := range []float64{c.Precision, c.Recall, c.F1, c.AveragePrecision} {
			grid.Add(look.Plain(look.Percent(v)).Align(fyne.TextAlignTrailing))
		}
		grid.Add(look.Plain(look.Count(c.Support)).Align(fyne.TextAlignTrailing))
	}
	return grid
}

// figureGrid lays out a table of six columns.
type figureGrid struct{}

const figureRow = 26

// MinSize implements fyne.Layout.
func (figureGrid) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, figureRow*float32(len(o)/6))
}

// Layout implements fyne.Layout.
func (figureGrid) Layout(o []fyne.CanvasObject, s fyne.Size) {
	number := fyne.Min(100, (s.Width-100)/5)
	for i, one := range o {
		col, row := i%6, i/6
		x, w := float32(0), s.Width-5*number
		if col > 0 {
			x, w = s.Width-number*float32(6-col), number
		}
		one.Move(fyne.NewPos(x, figureRow*float32(row)))
		one.Resize(fyne.NewSize(w-4, figureRow))
	}
}
