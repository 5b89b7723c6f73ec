package views

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// panel is the right side: the view's concepts, and below what is selected.
type panel struct {
	page        *Page
	content     fyne.CanvasObject
	list        *widgets.ConceptList
	none        *look.Paragraph
	add         *widgets.Entry
	details     *fyne.Container
	facts       *widget.Label
	origin      origin
	title       *look.Styled
	numbers     *numbers
	suggestions *suggestionPanel
	tone        fyne.CanvasObject
	buttons     *fyne.Container
}

func newPanel(p *Page) *panel {
	n := &panel{page: p}
	n.list = widgets.NewConceptList()
	n.list.OnPick = n.pick
	n.list.OnMenu = p.conceptMenu
	n.list.OnMove = p.moveConcept
	n.none = look.MutedWrapped("What can be seen in the images? Add the first concept here, for example “Glass”.")
	n.add = widgets.NewEntry()
	n.add.SetPlaceHolder("Add a concept")
	n.add.OnSubmitted = n.submit
	n.title = look.Section("Selected")
	n.facts = widget.NewLabel("")
	n.facts.Wrapping = fyne.TextWrapWord
	n.numbers = newNumbers(p)
	n.suggestions = newSuggestionPanel(p)
	n.tone = newTone(p)
	n.buttons = look.Row(4)
	n.details = container.NewVBox(look.Row(4, n.title, layout.NewSpacer(), p.editor.pointer), n.facts, n.suggestions.content, n.numbers.content, n.tone, n.buttons)
	train := widget.NewButtonWithIcon("Train a new model version", icons.Train, func() { p.shell.Train(0) })
	head := look.PadXY(10, 9, look.Row(4, look.Section("Concepts"), layout.NewSpacer(), look.Small("train · val")))
	foot := container.NewVBox(look.HLine(), look.PadXY(10, 6, n.details), look.HLine(), look.Pad(8, train))
	body := container.NewVBox(look.PadXY(6, 0, n.list), look.PadXY(6, 0, n.none), look.PadXY(8, 6, n.add))
	n.content = container.NewBorder(head, foot, nil, nil, container.NewVScroll(body))
	return n
}

// refresh shows the concepts and what is selected.
func (n *panel) refresh() {
	p := n.page
	rows := make([]widgets.ConceptRow, 0, len(p.concepts))
	for _, c := range p.concepts {
		used := p.counts[c.ID]
		train, val := used.Train, used.Val
		if p.shell.View().Type == studio.ViewDetection {
			train, val = used.TrainRegions, used.ValRegions
		}
		rows = append(rows, widgets.ConceptRow{ID: c.ID, Name: c.Name, Color: colorOf(c), Key: strings.ToUpper(c.Key), Train: words.Number(train), Val: words.Number(val)})
	}
	n.list.SetRows(rows)
	if p.shell.View().ID == 0 {
		n.add.Hide()
		n.none.Hide()
	} else {
		n.add.Show()
		if len(rows) == 0 {
			n.none.Show()
		} else {
			n.none.Hide()
		}
	}
	n.selectionChanged()
}

// submit adds the concept typed in; the field stays focused for the next.
func (n *panel) submit(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		n.page.focus()
		return
	}
	project, view := n.page.shell.Project(), n.page.shell.View().ID
	n.page.shell.Do("add the concept "+name, func(ctx context.Context) error {
		_, err := project.AddConcept(ctx, studio.Concept{ViewID: view, Name: name})
		return err
	}, func() { n.add.SetText("") })
}

// pick gives a concept to what is shown or selected.
func (n *panel) pick(id int64) {
	c, ok := n.page.byID[id]
	if !ok {
		return
	}
	if n.page.editor.isOpen() {
		n.page.editor.pressConcept(c)
		n.page.focus()
		return
	}
	n.page.gallery.setConcept(c)
}

// selectionChanged shows what is selected now.
func (n *panel) selectionChanged() {
	if n == nil {
		return // the page is being made
	}
	p := n.page
	if p.editor.isOpen() {
		active := conceptsOf(p.editor.point)
		if p.editor.view.Type == studio.ViewDetection {
			active = nil
			if p.editor.brush != 0 {
				active = []int64{p.editor.brush}
			}
		}
		n.list.SetActive(active...)
		n.showDetails()
		return
	}
	var active []int64
	if ids := p.gallery.chosenIDs(); len(ids) == 1 {
		if d, ok := p.gallery.points[ids[0]]; ok {
			active = conceptsOf(d)
		}
	}
	n.list.SetActive(active...)
	n.showDetails()
}

// regionsChanged hears that other boxes are selected, or that one has moved.
func (n *panel) regionsChanged() {
	n.numbers.refresh()
	if e := n.page.editor; e.isOpen() && e.view.Type == studio.ViewDetection {
		marks := e.annotator.Marks()
		var active []int64
		for _, i := range e.annotator.Selected() {
			active = append(active, marks[i].Value)
		}
		if len(active) == 0 && e.brush != 0 {
			active = []int64{e.brush}
		}
		n.list.SetActive(active...)
	}
	n.showDetails()
}

func (n *panel) showDetails() {
	p := n.page
	open := p.editor.isOpen()
	n.buttons.Objects = nil
	if open {
		n.title.SetText("Image")
		n.showFacts(p.editor.point, p.editor.view.Type)
		n.tone.Show()
		if p.editor.view.Type == studio.ViewDetection {
			n.numbers.content.Show()
		} else {
			n.numbers.content.Hide()
		}
		n.numbers.refresh()
		n.details.Refresh()
		return
	}
	n.tone.Hide()
	n.numbers.content.Hide()
	n.suggestions.content.Hide()
	ids := p.gallery.chosenIDs()
	switch len(ids) {
	case 0:
		n.title.SetText("Nothing selected")
		n.facts.SetText("Click an image, or drag a frame around several; Enter opens one. Keys set concepts on all that are selected.")
	case 1:
		n.title.SetText("Selected")
		d, ok := p.gallery.points[ids[0]]
		n.facts.SetText("")
		if ok {
			n.showFacts(d, p.shell.View().Type)
		}
	default:
		n.title.SetText("Selected")
		n.facts.SetText(words.Count(len(ids), "image") + ". Keys and the concepts above act on all of them; right click shows more.")
	}
	if len(ids) > 0 {
		button := func(icon fyne.Resource, hint string, do func()) fyne.CanvasObject {
			return widgets.NewIconButton(icon, hint, do)
		}
		g := p.gallery
		n.buttons.Objects = []fyne.CanvasObject{
			button(icons.Without, "Annotate as without concept (W)", g.without),
			button(icons.Reviewed, "Mark as reviewed, or not (V)", g.review),
			button(icons.Split, "To the other split: train or val (S)", g.split),
			button(icons.Delete, "Move the images to the trash (Delete)", g.deleteImages),
		}
	}
	n.buttons.Refresh()
	n.details.Refresh()
}

// origin is what was found out about whose suggestions a datapoint's annotation was.
type origin struct {
	datapoint int64
	annotated time.Time
	words     string
}

// showFacts says what is known about a datapoint, at once; whose suggestions its annotation was a moment later.
func (n *panel) showFacts(d studio.Datapoint, kind studio.ViewType) {
	facts := factsOf(d, kind)
	known := n.origin.datapoint == d.ID && n.origin.annotated.Equal(d.AnnotatedAt)
	if known && n.origin.words != "" {
		facts += "\n" + n.origin.words
	}
	n.facts.SetText(facts)
	if known || !d.Annotated {
		return
	}
	n.origin = origin{datapoint: d.ID, annotated: d.AnnotatedAt}
	asked, project, ctx := n.origin, n.page.shell.Project(), n.page.shell.Context()
	go func() {
		words, err := project.Origin(ctx, d.Key())
		if err != nil || words == "" {
			return
		}
		fyne.Do(func() {
			if n.origin == asked && n.facts.Text == facts {
				n.origin.words = words
				n.facts.SetText(facts + "\n" + words)
			}
		})
	}()
}

// factsOf says what is known about a datapoint.
func factsOf(d studio.Datapoint, kind studio.ViewType) string {
	if d.ID == 0 {
		return ""
	}
	lines := []string{d.Image.Name}
	size := fmt.Sprintf("%s × %s, %s, %s", words.Number(d.Image.Width), words.Number(d.Image.Height), strings.ToUpper(d.Image.Format), words.Bytes(d.Image.Size))
	if b := d.SourceBox; b != nil {
		size = fmt.Sprintf("crop of %.0f × %.0f pixels", (b.XMax-b.XMin)*float64(d.Image.Width), (b.YMax-b.YMin)*float64(d.Image.Height))
	}
	lines = append(lines, size)
	split := "in " + string(d.Image.Split)
	if d.Annotated && kind == studio.ViewDetection {
		split += ", " + words.Count(len(d.Regions), "box")
	}
	lines = append(lines, split)
	if d.Annotated {
		lines = append(lines, "annotated "+d.AnnotatedAt.Format("2 Jan 2006, 15:04"))
	} else {
		lines = append(lines, "not annotated")
	}
	if d.Reviewed() {
		lines = append(lines, "reviewed "+d.ReviewedAt.Format("2 Jan 2006, 15:04"))
	}
	return strings.Join(lines, "\n")
}

// numbers shows the selected box in image pixels, to be typed over.
type numbers struct {
	page    *Page
	content fyne.CanvasObject
	fields  [4]*widgets.Entry // x, y, width, height
	note    *look.Styled
}

func newNumbers(p *Page) *numbers {
	n := &numbers{page: p, note: look.Small("")}
	cells := make([]fyne.CanvasObject, 0, 8)
	for i, name := range []string{"x", "y", "w", "h"} {
		f := widgets.NewEntry()
		f.OnSubmitted = func(string) { n.apply(); p.focus() }
		n.fields[i] = f
		cells = append(cells, container.NewBorder(nil, nil, look.Width(12, look.Small(name)), nil, f))
	}
	n.content = container.NewVBox(n.note, container.NewGridWithColumns(2, cells...))
	return n
}

func (n *numbers) size() (w, h float64) {
	d := n.page.editor.point
	w, h = float64(d.Image.Width), float64(d.Image.Height)
	if b := d.SourceBox; b != nil {
		w, h = w*(b.XMax-b.XMin), h*(b.YMax-b.YMin)
	}
	return w, h
}

func (n *numbers) refresh() {
	a := n.page.editor.annotator
	selected := a.Selected()
	if len(selected) != 1 {
		n.note.SetText("Box: none selected")
		if len(selected) > 1 {
			n.note.SetText(words.Number(len(selected)) + " boxes selected")
		}
		for _, f := range n.fields {
			f.SetText("")
			f.Disable()
		}
		return
	}
	m := a.Marks()[selected[0]]
	w, h := n.size()
	n.note.SetText("Box in pixels: " + m.Label)
	for i, v := range []float64{m.Box.XMin * w, m.Box.YMin * h, (m.Box.XMax - m.Box.XMin) * w, (m.Box.YMax - m.Box.YMin) * h} {
		n.fields[i].Enable()
		n.fields[i].SetText(strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64))
	}
}

func (n *numbers) apply() {
	a := n.page.editor.annotator
	selected := a.Selected()
	w, h := n.size()
	if len(selected) != 1 || w == 0 || h == 0 {
		return
	}
	var v [4]float64
	for i, f := range n.fields {
		x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(f.Text), ",", "."), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			n.page.shell.Notify("Type numbers: the box's corner, width and height in pixels.")
			n.refresh()
			return
		}
		v[i] = x
	}
	if !a.SetBox(selected[0], widgets.Rect{XMin: v[0] / w, YMin: v[1] / h, XMax: (v[0] + v[2]) / w, YMax: (v[1] + v[3]) / h}) {
		n.page.shell.Notify("A box must have an area inside the image.")
		n.refresh()
	}
}

// newTone makes the sliders that change the display alone.
func newTone(p *Page) fyne.CanvasObject {
	slider := func() *widget.Slider {
		s := widget.NewSlider(-1, 1)
		s.Step = 0.05
		return s
	}
	brightness, contrast := slider(), slider()
	apply := func(float64) { p.editor.annotator.SetTone(brightness.Value, contrast.Value) }
	brightness.OnChanged, contrast.OnChanged = apply, apply
	reset := widgets.NewIconButton(icons.Again, "Show the image as it is", func() {
		brightness.SetValue(0)
		contrast.SetValue(0)
	})
	row := func(icon fyne.Resource, s *widget.Slider) fyne.CanvasObject {
		return container.NewBorder(nil, nil, widget.NewIcon(icon), nil, look.Track(s))
	}
	return container.NewBorder(nil, nil, nil, reset, container.NewVBox(row(icons.Brightness, brightness), row(icons.Contrast, contrast)))
}
