package trainings

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// watch is the middle and the right: the version that is shown, its steps, its curves, its details.
type watch struct {
	page     *Page
	content  *fyne.Container
	name     *look.Styled
	view     *look.Styled
	chip     *widgets.StatusChip
	buttons  *fyne.Container
	sentence *widgets.Paragraph
	steps    *widgets.StepProgress
	numbers  []*number
	curves   *widgets.Curves
	options  *widgets.Facts
	log      *widget.Label
	warnings *fyne.Container
	warned   []string // their texts
	details  fyne.CanvasObject
	advice   *version.Advice
	battery  *fyne.Container
	pauses   *widget.Check
	batch    *widgets.BatchTiles
	seen     *look.Styled // which iteration's batch, and how many are right
	batchBox *fyne.Container
	cores    *coresSlider
	fold     *widget.Button

	folded       fold
	shownDetails bool

	shown    runs.Version
	stopping bool // Stop was pressed, and the trainer has not ended yet
	shownKey string
}

// number is a figure with its name under it.
type number struct {
	value, name *look.Styled
	content     fyne.CanvasObject
}

func newNumber(name string) *number {
	n := &number{value: look.NewStyled("–", look.TextTitle, true, theme.ColorNameForeground).Cut(), name: look.Small(name).Cut()}
	n.content = container.NewVBox(n.value, n.name)
	return n
}

func (n *number) set(value string) {
	if value == "" {
		value = "–"
	}
	n.value.SetText(value)
}

func newWatch(p *Page) *watch {
	w := &watch{page: p, name: look.Heading(""), view: look.Small("").Cut(), chip: widgets.NewStatusChip("", nil, ""), buttons: container.NewHBox(),
		sentence: widgets.NewParagraph("", theme.SizeNameText, look.ColorMuted), steps: widgets.NewStepProgress(), curves: widgets.NewCurves(), options: widgets.NewFacts(112), log: widget.NewLabel(""), warnings: container.NewVBox(),
		advice: version.NewAdvice(2), batch: widgets.NewBatchTiles(3, 68), seen: look.Small("").Cut(), cores: newCoresSlider(p)}
	w.pauses = widget.NewCheck("Pause on battery", func(on bool) {
		if p.prefer.SetPauseOnBattery != nil {
			p.prefer.SetPauseOnBattery(on)
			p.loader.Load()
		}
	})
	w.battery = container.NewVBox(container.NewBorder(nil, nil, nil, w.pauses,
		version.Point(icons.Info, theme.ColorNameWarning, "This computer runs on battery, which training drains quickly.")))
	w.battery.Hide()
	w.batchBox = container.NewVBox(look.Section("What the network sees"), w.seen, w.batch, look.Gap(0, 6))
	w.batchBox.Hide()
	for _, name := range []string{"iteration", "speed", "time left", "time so far", "on val"} {
		w.numbers = append(w.numbers, newNumber(name))
	}
	w.fold = widget.NewButtonWithIcon("", icons.Info, w.toggle)
	w.fold.Importance = widget.LowImportance
	head := look.Row(10, w.name, w.chip, w.view, layout.NewSpacer(), w.buttons, w.fold)
	var cells []fyne.CanvasObject
	for _, n := range w.numbers {
		cells = append(cells, n.content)
	}
	top := container.NewVBox(look.PadXY(4, 0, head), w.sentence,
		look.Panel(container.NewVBox(w.steps, look.Gap(0, 2), container.NewGridWithColumns(len(cells), cells...))), w.battery, w.warnings, w.advice.Content)
	middle := look.PadXY(14, 10, container.NewBorder(container.NewVBox(top, look.Gap(0, 4)), nil, nil, nil, look.Panel(w.curves)))

	w.log.TextStyle.Monospace, w.log.SizeName = true, theme.SizeNameCaptionText
	w.log.Wrapping = fyne.TextWrapWord
	side := container.NewVScroll(look.PadXY(12, 10, container.NewVBox(w.batchBox, look.Section("Details"), w.cores.content, w.options, look.Gap(0, 6), look.Section("Last log lines"), w.log)))
	w.details = container.NewBorder(nil, nil, look.VLine(), nil, container.NewStack(look.NewBox(look.ColorPanel, "", 0), side))
	w.content = container.New(&watchLayout{w}, container.NewVScroll(middle), w.details)
	return w
}

// watchLayout puts the details at the right of the rest, where there is room for both or where a person unfolded them.
type watchLayout struct{ w *watch }

const (
	detailsWidth = 258
	detailsRoom  = 940 // narrower than this, they are folded
)

// MinSize implements fyne.Layout.
func (l *watchLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(480, 300) }

// Layout implements fyne.Layout.
func (l *watchLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := float32(0)
	if l.w.folded == unset && s.Width >= detailsRoom || l.w.folded == unfolded {
		width = detailsWidth
	}
	if l.w.shownDetails = width > 0; l.w.shownDetails {
		o[1].Show()
	} else {
		o[1].Hide()
	}
	o[0].Resize(fyne.NewSize(s.Width-width, s.Height))
	o[1].Move(fyne.NewPos(s.Width-width, 0))
	o[1].Resize(fyne.NewSize(width, s.Height))
}

// folded or not: as there is room, until a person decides.
type fold int

const (
	unset fold = iota
	folded
	unfolded
)

// toggle folds or unfolds the details.
func (w *watch) toggle() {
	w.folded = unfolded
	if w.shownDetails {
		w.folded = folded
	}
	w.content.Refresh()
}

func (w *watch) set(c content) {
	v := *c.shown
	other := v.ID != w.shown.ID
	view := c.views[v.ViewID]
	if other {
		w.curves.ShowAll()
		w.stopping = false
	}
	if !v.Status.Active() {
		w.stopping = false
	}
	run := v.Run
	if c.run != nil {
		// What was followed is newer than what was inspected; only inspecting knows whether a trainer lives.
		alive, status := run.Alive, run.Status
		if c.run.State.Iteration >= run.Iteration && len(c.run.State.Steps) > 0 {
			run = c.run.State
			run.Alive, run.Status = alive, status
		}
	}
	w.name.SetText(v.Name)
	w.view.SetText(view.Name)
	text, icon, tint := version.Chip(v.Status)
	if w.stopping {
		text, icon, tint = "Stopping", icons.Pause, theme.ColorNameWarning
	}
	w.chip.Set(text, icon, tint)
	key := fmt.Sprint(v.ID, v.Status, w.stopping)
	if key != w.shownKey {
		w.shownKey = key
		w.setButtons(v)
	}
	sentence := version.Sentence(v, time.Now())
	if w.stopping {
		sentence = "Saves the progress, then stops. This takes no longer than one iteration and a checkpoint."
	}
	w.sentence.Set(sentence, version.SentenceColor(v.Status))
	w.steps.Set(version.Steps(run, time.Now()))
	iteration := ""
	if run.Iterations > 0 {
		iteration = words.Number(run.Iteration) + " / " + words.Number(run.Iterations)
	}
	w.numbers[0].set(iteration)
	speed, left := version.Speed(run), strings.TrimSuffix(version.TimeLeft(run), " left")
	if !v.Running() {
		left = ""
	}
	w.numbers[1].set(speed)
	w.numbers[2].set(left)
	w.numbers[3].set(version.Took(v))
	figure, name := version.Figure(v), "on val"
	if figure != "" {
		name = domain.FigureTitle(v.HeadlineName) + " on val"
		if v.Status != domain.StatusReady {
			name = "best " + name
		}
	}
	w.numbers[4].set(figure)
	w.numbers[4].name.SetText(name)
	history, marks := version.Curves(c.run)
	w.curves.SetHistory(history, version.Measure(view.Type), marks, version.Bands(c.findings))
	w.advice.Set(c.findings)
	w.setManners(c, v)
	if len(c.log) == 0 {
		c.log = version.Messages(c.run)
	}
	w.setDetails(v, view, run, c.log)
	w.shown = v
}

// setManners shows what belongs to the machine: the battery, the processor cores, and what the network sees.
func (w *watch) setManners(c content, v runs.Version) {
	w.battery.Hidden = !c.onBattery || len(c.queue) == 0 && !c.paused
	if checked := w.page.prefer.pausesOnBattery(); w.pauses.Checked != checked {
		w.pauses.Checked = checked
		w.pauses.Refresh()
	}
	w.cores.set(v, c.threads)
	w.batchBox.Hidden = c.batch == nil
	if b := c.batch; b != nil {
		w.seen.SetText(fmt.Sprintf("batch of iteration %s, %d of %d correct", words.Number(b.iteration), b.right, len(b.tiles)))
		w.batch.Set(b.tiles)
	}
}

func (w *watch) setDetails(v runs.Version, view studio.View, run runs.RunState, log []string) {
	device := v.Device
	if device == "" {
		device = run.Device
	}
	facts := []widgets.Fact{{Name: "Device", Value: version.ShortDevice(device)}, {Name: "Images", Value: words.Number(v.Images)}}
	if options, err := v.TrainingOptions(); err == nil {
		facts = append(facts, version.OptionFacts(options, view.Type, false)...)
	}
	w.options.Set(facts)
	lines := strings.Join(version.LogLines(log), "\n")
	if lines == "" {
		lines = "No log yet"
	}
	if w.log.Text != lines {
		w.log.SetText(lines)
	}
	if !slices.Equal(w.warned, run.Warnings) {
		w.warned = slices.Clone(run.Warnings)
		w.warnings.Objects = nil
		for _, one := range run.Warnings {
			w.warnings.Add(warning(one))
		}
		w.warnings.Refresh()
	}
}

// setButtons offers what can be done in a status.
func (w *watch) setButtons(v runs.Version) {
	s := w.page.shell
	w.buttons.Objects = nil
	add := func(text string, icon fyne.Resource, important bool, tapped func()) {
		b := widget.NewButtonWithIcon(text, icon, tapped)
		if important {
			b.Importance = widget.HighImportance
		}
		w.buttons.Add(b)
	}
	switch {
	case w.stopping:
	case v.Status == domain.StatusQueued:
		add("Remove from the queue", icons.Remove, false, func() { w.stop(v) })
	case v.Status.Active():
		add("Stop", icons.Stop, false, func() { w.stop(v) })
	case v.CanResume():
		add("Resume", icons.Resume, true, func() { w.resume(v) })
		add("Open", icons.Library, false, func() { s.OpenVersion(v.ID) })
	default:
		add("Open in the Library", icons.Library, true, func() { s.OpenVersion(v.ID) })
	}
	w.buttons.Refresh()
}

func (w *watch) stop(v runs.Version) {
	s := w.page.shell
	w.stopping = v.Status != domain.StatusQueued
	w.page.loader.Load()
	s.Do("stop "+v.Name, func(ctx context.Context) error {
		err := w.page.project.Stop(ctx, v.ID)
		if err != nil {
			fyne.Do(func() {
				w.stopping = false
				w.page.loader.Load()
			})
		}
		return err
	}, w.page.loader.Load)
}

func (w *watch) resume(v runs.Version) {
	s := w.page.shell
	s.Do("resume "+v.Name, func(ctx context.Context) error { return w.page.project.Resume(ctx, v.ID) }, w.page.loader.Load)
}
