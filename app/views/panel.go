package views

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// panel is the right side: the view's concepts, and below what is selected. It observes the model.
type panel struct {
	*commands
	image       openImage
	to          panelActions
	content     fyne.CanvasObject
	list        *widgets.ConceptList
	finder      *conceptFinder
	found       fyne.CanvasObject // the finder, where it is shown
	scroll      *container.Scroll
	none        *look.Paragraph
	add         *widgets.Entry
	details     *fyne.Container
	facts       *widget.Label
	origin      origin
	title       *look.Styled
	pointer     *look.Styled
	numbers     *numbers
	suggestions *suggestionPanel
	assistant   *assistantSwitch
	tone        fyne.CanvasObject
	buttons     *fyne.Container
	splits      *look.Styled // what the counts beside the concepts are of
}

// openImage is what the panel does to the image that is open.
type openImage interface {
	press(action string) // as its key does
	pressConcept(c domain.Concept)
	setBox(place int, to widgets.Rect) bool // false if it would have no area
	setTone(brightness, contrast float64)   // -1 to 1
	setCertain(from float64)
}

// panelActions is what the panel has the page do.
type panelActions struct {
	focus func() // gives the focus to gallery or annotator
	menu  func(concept int64, at fyne.Position)
	move  func(concept int64, by int)
}

func newPanel(c *commands, image openImage, to panelActions) *panel {
	n := &panel{commands: c, image: image, to: to}
	n.list = widgets.NewConceptList()
	n.list.OnPick = n.pick
	n.list.OnMenu = to.menu
	n.list.OnMove = to.move
	n.none = look.MutedWrapped("What do the images show? Add the first concept here, for example “Glass”.")
	n.add = widgets.NewEntry()
	n.add.SetPlaceHolder("Add a concept")
	n.add.OnSubmitted = n.submit
	n.title = look.Section("Selected")
	n.pointer = look.Small("")
	n.facts = widget.NewLabel("")
	n.facts.Wrapping = fyne.TextWrapWord
	n.splits = look.Small("")
	n.numbers = newNumbers(c.model, image, to.focus)
	n.suggestions = newSuggestionPanel(c.model, image, to.focus)
	n.assistant = newAssistantSwitch(c.model, to.focus)
	n.tone = newTone(image)
	n.buttons = look.Row(4)
	n.details = container.NewVBox(look.Row(4, n.title, layout.NewSpacer(), n.pointer), n.facts, n.suggestions.content, n.numbers.content, n.tone, n.buttons)
	train := widget.NewButtonWithIcon("Train a new model version", icons.Train, func() { c.shell.Train(0) })
	head := look.PadXY(10, 9, look.Row(4, look.Section("Concepts"), layout.NewSpacer(), n.splits))
	foot := container.NewVBox(look.HLine(), look.PadXY(10, 6, n.details), look.HLine(), look.Pad(8, train))
	n.finder = newConceptFinder(finderActions{list: n.listConcepts, take: func(k domain.Concept) { n.pick(k.ID) }, leave: n.leaveFinder})
	n.found = look.PadXY(8, 0, container.NewBorder(nil, look.Gap(0, 5), nil, nil, n.finder))
	n.found.Hide()
	body := container.NewVBox(look.PadXY(6, 0, n.list), look.PadXY(6, 0, n.none), look.PadXY(8, 6, n.add), look.PadXY(8, 0, n.assistant.content))
	n.scroll = container.NewVScroll(body)
	n.content = container.NewBorder(container.NewVBox(head, n.found), foot, nil, nil, n.scroll)
	c.observe(n.heard)
	return n
}

// heard hears what the model tells.
func (n *panel) heard(what news) {
	switch what.about {
	case aboutConcepts:
		n.refresh()
		n.assistant.refresh()
	case aboutAssistant:
		n.assistant.refresh()
	case aboutSelection, aboutOpened, aboutBoxes:
		n.selectionChanged()
	case aboutPoint, aboutPoints: // of one that was selected before it was read, too
		n.suggestions.nearest.heard(what.id)
		if !n.opened.open && (what.about == aboutPoints || len(n.selection) == 1 && n.selection[0] == what.id) {
			n.selectionChanged()
		}
	case aboutPointer:
		n.pointer.SetText(n.opened.pointer)
	case aboutSuggestions:
		if n.suggestions.show(&n.opened, n.certain) {
			n.details.Refresh()
		}
	}
}

// refresh shows the concepts and what is selected.
func (n *panel) refresh() {
	if len(n.concepts) >= conceptsToFind {
		n.found.Show()
	} else if n.shell.Window().Canvas().Focused() != n.finder {
		n.found.Hide()
	}
	n.listConcepts()
	tested := n.tested()
	if heading := "train · val"; tested {
		n.splits.SetText(heading + " · test")
	} else {
		n.splits.SetText(heading)
	}
	if n.view().ID == 0 {
		n.add.Hide()
		n.none.Hide()
	} else {
		n.add.Show()
		if len(n.concepts) == 0 {
			n.none.Show()
		} else {
			n.none.Hide()
		}
	}
	n.selectionChanged()
}

// tested reports whether an image in test has one of the concepts.
func (n *panel) tested() bool {
	return slices.ContainsFunc(n.concepts, func(c domain.Concept) bool { return n.counts[c.ID].Test > 0 })
}

// listConcepts shows the view's concepts, or those that are looked for.
func (n *panel) listConcepts() {
	listed := n.finder.among(n.concepts)
	rows := make([]widgets.ConceptRow, 0, len(listed))
	tested := n.tested()
	for _, c := range listed {
		used := n.counts[c.ID]
		train, val, test := used.Train, used.Val, used.Test
		if n.view().Type.HasBoxes() {
			train, val, test = used.TrainRegions, used.ValRegions, used.TestRegions
		}
		row := widgets.ConceptRow{ID: c.ID, Name: c.Name, Color: colorOf(c), Dots: n.dots[c.ID], Key: strings.ToUpper(c.Key), Train: words.Number(train), Val: words.Number(val)}
		if tested {
			row.Test = words.Number(test)
		}
		rows = append(rows, row)
	}
	n.list.OnMove = n.to.move
	if n.finder.finding() { // places in it are not those in the view
		n.list.OnMove = nil
	}
	n.list.SetRows(rows)
	ahead, _ := n.finder.chosen()
	n.list.SetAhead(ahead.ID)
	if ahead.ID == 0 {
		return
	}
	switch top, bottom := n.list.At(ahead.ID); {
	case top < n.scroll.Offset.Y:
		n.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > n.scroll.Offset.Y+n.scroll.Size().Height:
		n.scroll.ScrollToOffset(fyne.NewPos(0, bottom-n.scroll.Size().Height))
	}
}

// find asks for a concept's name.
func (n *panel) find() {
	if len(n.concepts) == 0 {
		n.shell.Notify("The view has no concepts yet.")
		return
	}
	n.found.Show()
	n.content.Refresh()
	n.shell.Window().Canvas().Focus(n.finder)
}

// leaveFinder gives the focus back.
func (n *panel) leaveFinder() {
	if len(n.concepts) < conceptsToFind {
		n.found.Hide()
		n.content.Refresh()
	}
	n.to.focus()
}

// submit adds the concept typed in; the field stays focused for the next.
func (n *panel) submit(name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		n.to.focus()
		return
	}
	view := n.view().ID
	n.shell.Do("add the concept "+name, func(ctx context.Context) error {
		_, err := n.project.AddConcept(ctx, domain.Concept{ViewID: view, Name: name})
		return err
	}, func() { n.add.SetText("") })
}

// pick gives a concept to what is shown or selected.
func (n *panel) pick(id int64) {
	c, ok := n.byID[id]
	switch {
	case !ok:
	case n.opened.open:
		n.image.pressConcept(c)
		n.to.focus()
	default:
		n.setConcept(c)
	}
}

// selectionChanged shows what is selected now: boxes of the open image, the image, or images of the gallery.
func (n *panel) selectionChanged() {
	n.list.SetActive(n.active()...)
	n.showDetails()
}

// active is the concepts of what is selected; in a detection where nothing is, the one that is drawn with.
func (n *panel) active() (concepts []int64) {
	o := &n.opened
	switch {
	case o.open && o.view.Type.HasBoxes():
		for _, i := range o.chosen {
			if i < len(o.boxes) {
				concepts = append(concepts, o.boxes[i].Value)
			}
		}
		if len(concepts) == 0 && o.brush != 0 {
			concepts = []int64{o.brush}
		}
	case o.open:
		concepts = o.point.Concepts()
	case len(n.selection) == 1:
		if d, ok := n.point(n.selection[0]); ok {
			concepts = d.Concepts()
		}
	}
	return concepts
}

func (n *panel) showDetails() {
	n.buttons.Objects = nil
	if o := &n.opened; o.open {
		n.title.SetText("Image")
		n.showFacts(o.point, o.view.Type)
		n.tone.Show()
		if o.view.Type.HasBoxes() {
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
	switch len(n.selection) {
	case 0:
		n.title.SetText("Nothing selected")
		n.facts.SetText("Click an image, or drag a rectangle around several; Enter opens one. Keys set the concept of all selected images.")
	case 1:
		n.title.SetText("Selected")
		d, ok := n.point(n.selection[0])
		n.facts.SetText("")
		if ok {
			n.showFacts(d, n.view().Type)
		}
	default:
		n.title.SetText("Selected")
		n.facts.SetText(words.Count(len(n.selection), "image") + ". Keys and the concepts above apply to all of them; right-click for more.")
	}
	if len(n.selection) > 0 {
		n.buttons.Objects = []fyne.CanvasObject{
			widgets.NewIconButton(icons.Without, "Annotate as without concept (W)", n.without),
			widgets.NewIconButton(icons.Reviewed, "Mark as reviewed, or not (V)", n.reviewSelected),
			widgets.NewIconButton(icons.Split, "Move between train and val (S); to test (T)", n.flipSelected),
			widgets.NewIconButton(icons.Delete, "Move the images to the trash (Delete)", n.deleteImages),
		}
	}
	n.buttons.Refresh()
	n.details.Refresh()
}
