package try

import (
	"cmp"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/predict"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

const panelWidth = 270

// mostBars is how many concepts are shown with their scores.
const mostBars = 5

// panel is beside the images: what is predicted for the one that is open, or for all; from which confidence on; and why.
type panel struct {
	try       *Try
	content   fyne.CanvasObject
	title     *look.Styled
	bars      *widgets.ScoreBars
	note      *fyne.Container // why there are no bars
	threshold *fyne.Container
	slider    *widget.Slider
	percent   *look.Styled
	why       *fyne.Container
	show      *widget.Check
	concept   *widget.Select
	shade     *widget.Slider
	explained *widgets.Paragraph
	quiet     bool // widgets are being set, not used
}

func newPanel(t *Try) *panel {
	p := &panel{try: t}
	p.title = look.Section("")
	p.bars = widgets.NewScoreBars()
	p.note = container.NewVBox()
	p.slider = widget.NewSlider(0, 1)
	p.slider.Step = 0.01
	p.slider.Value = t.threshold
	p.percent = look.Plain("")
	p.slider.OnChanged = func(v float64) {
		if !p.quiet {
			t.setThreshold(v)
		}
	}
	p.threshold = container.NewVBox(look.Gap(0, 4), look.HLine(),
		look.Row(4, look.Section("Confidence threshold"), layout.NewSpacer(), p.percent), look.Track(p.slider))
	p.show = widget.NewCheck("Show the class activation map", func(on bool) {
		if p.quiet {
			return
		}
		if !on {
			t.single.explain("")
			return
		}
		t.single.explain(p.concept.Selected)
	})
	p.concept = widget.NewSelect(nil, func(name string) {
		if !p.quiet && p.show.Checked {
			t.single.explain(name)
		}
	})
	p.shade = widget.NewSlider(0.1, 1)
	p.shade.Step = 0.01
	p.shade.Value = t.single.shade
	p.shade.OnChanged = func(v float64) { t.single.setShade(v) }
	p.explained = widgets.NewParagraph("", theme.SizeNameCaptionText, look.ColorMuted)
	p.why = container.NewVBox(look.Gap(0, 4), look.HLine(), look.Section("Why"), p.show, p.concept,
		look.Small("Overlay opacity"), look.Track(p.shade), p.explained)
	p.content = container.NewVScroll(look.PadXY(12, 8, container.NewVBox(p.title, p.note, p.bars, p.threshold, p.why)))
	return p
}

func (p *panel) refresh() {
	t := p.try
	p.percent.SetText(words.Percent(t.threshold))
	setShown(p.threshold, !t.view.Type.ExactlyOne())
	p.note.Objects = nil
	if t.single.item != nil {
		p.one(t.single.item)
	} else {
		p.all()
	}
	setShown(p.note, len(p.note.Objects) > 0)
	p.note.Refresh()
	p.reasons()
}

func (p *panel) say(text string) {
	p.note.Objects = append(p.note.Objects, widgets.NewParagraph(text, theme.SizeNameCaptionText, look.ColorMuted))
}

// one shows the scores of an image.
func (p *panel) one(it *item) {
	t := p.try
	p.title.SetText("Predictions")
	p.bars.Set(nil)
	switch {
	case it.prediction == nil && t.opening:
		p.say("The network is being loaded …")
		return
	case it.prediction == nil:
		p.say("Looking …")
		return
	case it.prediction.Error != "":
		p.note.Objects = append(p.note.Objects, version.Point(icons.Warning, theme.ColorNameWarning, it.prediction.Error))
		return
	}
	p.bars.Set(t.scores(*it.prediction))
	if t.view.Type.HasBoxes() && len(it.prediction.At(t.view.Type, t.threshold, 0).Boxes) == 0 {
		p.say("Nothing is predicted above this threshold.")
	}
}

// scores are the bars of an image: its most probable concepts; of a detection, how many of each were found, and the highest confidence.
func (t *Try) scores(p predict.Prediction) []widgets.ScoreBar {
	var bars []widgets.ScoreBar
	for i, c := range p.Concepts {
		if i == mostBars {
			break
		}
		quiet := t.view.Type.AnyNumber() && !domain.Reaches(c.Score, t.threshold) || t.view.Type.ExactlyOne() && i > 0
		bars = append(bars, widgets.ScoreBar{Name: c.Concept, Color: t.color(c.Concept), Score: c.Score, Quiet: quiet})
	}
	counts, best := map[string]int{}, map[string]float64{}
	var order []string
	for _, b := range p.At(t.view.Type, t.threshold, 0).Boxes {
		if counts[b.Concept]++; counts[b.Concept] == 1 {
			order = append(order, b.Concept)
		}
		best[b.Concept] = max(best[b.Concept], b.Score)
	}
	for _, name := range order {
		bars = append(bars, widgets.ScoreBar{Name: name, Color: t.color(name), Score: best[name], Text: fmt.Sprint(counts[name])})
	}
	return bars
}

// all shows how often each concept was seen.
func (p *panel) all() {
	t := p.try
	p.title.SetText("Predictions")
	counts := map[string]int{}
	nothing, unusable := 0, 0
	for _, it := range t.items {
		if it.prediction == nil {
			continue
		}
		if it.prediction.Error != "" {
			unusable++
			continue
		}
		seen := it.prediction.At(t.view.Type, t.threshold, 0)
		if t.view.Type.ExactlyOne() {
			seen.Concepts = seen.Concepts[:min(1, len(seen.Concepts))]
		}
		for _, c := range seen.Concepts {
			counts[c.Concept]++
		}
		for _, b := range seen.Boxes {
			counts[b.Concept]++
		}
		if len(seen.Concepts)+len(seen.Boxes) == 0 {
			nothing++
		}
	}
	var bars []widgets.ScoreBar
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	for name, n := range counts {
		bars = append(bars, widgets.ScoreBar{Name: name, Color: t.color(name), Score: float64(n) / float64(most), Text: words.Number(n)})
	}
	slices.SortFunc(bars, func(a, b widgets.ScoreBar) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	})
	p.bars.Set(bars)
	if nothing > 0 {
		p.say("Nothing was predicted for " + words.Count(nothing, "image") + ".")
	}
	if unusable > 0 {
		p.say(words.Count(unusable, "file") + " cannot be used.")
	}
	if t.looked > 0 {
		p.say("Enter or double-click opens an image.")
	}
}

// reasons offers the maps of the image that is open.
func (p *panel) reasons() {
	t := p.try
	s := t.single
	can := s.item != nil && s.explanation != nil
	setShown(p.why, can)
	if !can {
		return
	}
	p.quiet = true
	defer func() { p.quiet = false }()
	names := make([]string, 0, len(t.version.Concepts))
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, c := range s.item.prediction.Concepts {
		add(c.Concept)
	}
	for _, b := range s.item.prediction.Boxes {
		add(b.Concept)
	}
	for _, c := range t.version.Concepts {
		add(c.Name)
	}
	p.concept.Options = names
	chosen := p.concept.Selected
	if s.why != "" {
		chosen = s.why
	}
	if !seen[chosen] || s.why == "" {
		chosen = names[0]
	}
	p.concept.Selected = chosen
	p.concept.Refresh()
	p.show.Checked = s.why != ""
	p.show.Refresh()
	text := "Bright areas support " + chosen + "; they add up to its score (class activation map)."
	if t.view.Type.HasBoxes() {
		text = "Bright where the centre of one of " + chosen + " is likely (the detector's heatmap)."
	}
	p.explained.SetText(text)
}
