package library

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// overview is a version's information: what it is, what it was trained on and how, and its log.
type overview struct {
	content  fyne.CanvasObject
	about    *widgets.Facts
	options  *widgets.Facts
	concepts *fyne.Container
	frozen   *look.Styled
	bars     *widgets.UseBars
	warnings *fyne.Container
	log      *widget.Label
	scroll   *container.Scroll
	lines    string
	again    fyne.CanvasObject // how to train it once more
	command  *codeBox
	weights  *weightsChoice
	note     *noteField
}

// newOverview makes it empty; changed is called after the version uses other weights.
func newOverview(s page.Shell, p Project, changed func()) *overview {
	o := &overview{note: newNoteField(s, p), weights: newWeightsChoice(s, p, changed), bars: widgets.NewUseBars(), about: widgets.NewFacts(118), options: widgets.NewFacts(150), concepts: widgets.NewFlow(5), frozen: look.Small("").Cut(),
		warnings: container.NewVBox(), command: newCodeBox(), log: widget.NewLabel("")}
	o.bars.Hide()
	o.log.TextStyle.Monospace = true
	o.log.SizeName = theme.SizeNameCaptionText
	o.log.Selectable = true
	o.log.Wrapping = fyne.TextWrapWord
	o.scroll = container.NewVScroll(o.log)
	o.again = o.reproducePanel()
	o.again.Hide()
	left := container.NewVScroll(container.NewVBox(
		look.Panel(container.NewVBox(look.Strong("Training"), o.about, o.weights.content, o.warnings)),
		o.note.content,
		look.Panel(container.NewVBox(look.Strong("Snapshot"), o.frozen, o.bars, o.concepts)),
		o.again,
	))
	middle := container.NewVScroll(look.Panel(container.NewVBox(look.Strong("Options"), o.options)))
	right := look.Panel(container.NewBorder(look.Strong("Log"), nil, nil, nil, o.scroll))
	o.content = look.PadXY(0, 8, container.NewGridWithColumns(3, left, middle, right))
	return o
}

// setFrozen shows what the version was made of: images per split and concept.
func (o *overview) setFrozen(p runs.Preparation) {
	train, val := splitUse(p, domain.SplitTrain), splitUse(p, domain.SplitVal)
	o.frozen.SetText("Snapshot taken when it was created: " + words.Number(train.Images) + " train, " + words.Number(val.Images) + " val images")
	o.bars.Set(useBars(p))
	o.bars.Show()
	o.concepts.Hide()
}

// reproducePanel tells the command that trains the version once more and compares the weights, to copy.
func (o *overview) reproducePanel() fyne.CanvasObject {
	return look.Panel(container.NewVBox(look.Strong("Reproduce"),
		widgets.NewParagraph("In a terminal, this trains it again from its snapshot and checks that the weights are bit-identical.", theme.SizeNameCaptionText, look.ColorMuted),
		o.command.label, container.NewHBox(o.command.copy)))
}

func (o *overview) set(project string, v runs.Version, view studio.View, h *runs.RunHistory, lines []string) {
	figure := version.Figure(v)
	if figure != "" {
		figure += " " + domain.FigureTitle(v.HeadlineName) + " on val"
	}
	test := version.TestFigure(v)
	if test != "" {
		test += " " + domain.FigureTitle(v.Test.HeadlineName) + ", " + words.Count(v.Test.Images, "image") + "; nothing was chosen by them"
	}
	iterations := ""
	if h != nil && h.State.Iterations > 0 {
		iterations = words.Number(h.State.Iteration) + " of " + words.Number(h.State.Iterations)
	}
	best := ""
	if h != nil && h.State.BestIteration > 0 && v.HeadlineName != "" {
		best = words.Number(h.State.BestIteration)
	}
	started := ""
	if !v.StartedAt.IsZero() {
		started = v.StartedAt.Local().Format("2 Jan 2006, 15:04")
	}
	text, _, _ := version.Chip(v.Status)
	o.about.Set([]widgets.Fact{
		{Name: "Status", Value: text}, {Name: "Performance", Value: figure}, {Name: "On test", Value: test}, {Name: "View", Value: view.Name},
		{Name: "Architecture", Value: version.ArchitectureTitle(v.Architecture)}, {Name: "Iterations", Value: iterations},
		{Name: "Best iteration", Value: best}, {Name: "Created", Value: v.CreatedAt.Local().Format("2 Jan 2006, 15:04")},
		{Name: "Started", Value: started}, {Name: "Duration", Value: version.Took(v)}, {Name: "Device", Value: v.Device}, {Name: "Id", Value: v.UID},
	})
	o.weights.set(v, h)
	o.note.set(v)
	if v.Status == domain.StatusReady {
		o.again.Show()
	} else {
		o.again.Hide()
	}
	if command := version.ReproduceCommand(project, v.Name); command != o.command.label.Text {
		o.command.set(command)
	}
	if options, err := v.TrainingOptions(); err == nil {
		o.options.Set(version.OptionFacts(options, view.Type, true))
	}
	if o.frozen.Text() == "" {
		o.frozen.SetText(words.Count(v.Images, "image") + " and these concepts, as they were when it was created:")
	}
	if len(o.concepts.Objects) != len(v.Concepts) {
		o.concepts.Objects = nil
		for _, c := range v.Concepts {
			dot := color.Color(look.Color(look.ColorMuted))
			if parsed, ok := look.ParseColor(c.Color); ok {
				dot = parsed
			}
			o.concepts.Add(widgets.NewConceptChip(c.Name, dot))
		}
	}
	if h != nil && len(h.State.Warnings) != len(o.warnings.Objects) {
		o.warnings.Objects = nil
		for _, w := range h.State.Warnings {
			o.warnings.Add(version.Point(icons.Warning, theme.ColorNameWarning, w))
		}
		o.warnings.Refresh()
	}
	joined := strings.Join(version.LogLines(lines), "\n")
	if joined == "" {
		joined = "No log yet"
	}
	if joined != o.lines {
		o.lines = joined
		o.log.SetText(joined)
		o.scroll.ScrollToBottom()
	}
}
