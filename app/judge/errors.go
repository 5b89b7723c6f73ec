package judge

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/session"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// likelyErrors is the kind of errors that are the annotations' own.
const likelyErrors = "likely_errors"

// folds is how many networks are trained to look at all images.
const folds = 4

// errorsSection is the errors as galleries, and the likely annotation errors.
type errorsSection struct {
	sheet   *sheet
	content fyne.CanvasObject
	cases   *cases
	kinds   *widgets.Segments
	concept *widget.Select
	order   *widget.Select
	ordered fyne.CanvasObject // order in its width
	about   *look.Paragraph
	all     *widget.Button // looks at all images by colours and textures
	folding *widget.Button // looks at all images with networks
	likely  *evaluate.LikelyErrors
}

var orders = []struct {
	name  string
	order evaluate.ErrorOrder
}{{"Most informative first", evaluate.OrderDefault}, {"Most confident first", evaluate.OrderConfident}, {"Least confident first", evaluate.OrderUncertain}, {"As in the gallery", evaluate.OrderImages}}

func newErrorsSection(s *sheet) *errorsSection {
	m := &errorsSection{sheet: s, cases: newCases(s), about: look.MutedWrapped("")}
	m.kinds = widgets.NewSegments([]widgets.Segment{
		{Key: string(evaluate.ConfidentErrors), Text: "Most confident errors"}, {Key: string(evaluate.FalsePositives), Text: "False positives"},
		{Key: string(evaluate.FalseNegatives), Text: "False negatives"}, {Key: string(evaluate.UncertainCorrect), Text: "Least certain correct"},
		{Key: likelyErrors, Text: "Likely annotation errors"},
	}, func(string) { m.update() })
	m.kinds.SetSelected(string(evaluate.ConfidentErrors))
	names := []string{allConcepts}
	for _, c := range s.e.Concepts {
		names = append(names, c.Name)
	}
	m.concept = widget.NewSelect(names, nil)
	m.concept.SetSelectedIndex(0)
	m.concept.OnChanged = func(string) { m.update() }
	var words []string
	for _, o := range orders {
		words = append(words, o.name)
	}
	m.order = widget.NewSelect(words, nil)
	m.order.SetSelectedIndex(0)
	m.order.OnChanged = func(string) { m.update() }
	m.all = widget.NewButton("Check all images", m.lookAtAll)
	m.folding = widget.NewButton("With cross-validation…", m.fold)
	if m.boxes() { // colours and textures tell nothing of them
		m.folding.SetText("Check all images…")
	}
	m.all.Hide()
	m.folding.Hide()
	m.ordered = look.Width(170, m.order)
	head := container.NewBorder(nil, nil, m.kinds, look.Row(6, m.all, m.folding, look.Width(150, m.concept), m.ordered))
	m.content = look.PadXY(0, 4, look.Frame(container.NewVBox(head, m.about), nil, nil, nil, look.Panel(m.cases.content)))
	return m
}

func (m *errorsSection) object() fyne.CanvasObject { return m.content }

// boxes reports whether it is boxes that are judged.
func (m *errorsSection) boxes() bool { return m.sheet.e.View.Type.HasBoxes() }

var kindWords = map[string][2]string{
	string(evaluate.ConfidentErrors):  {"Wrong predictions with high confidence", "Many of these are annotation errors: open one, correct it, and continue with the next."},
	string(evaluate.FalsePositives):   {"Predicted but not annotated", "These lower the concept's precision."},
	string(evaluate.FalseNegatives):   {"Annotated but not predicted", "These lower the concept's recall."},
	string(evaluate.UncertainCorrect): {"Correct with low confidence", "More images like these make the version more certain."},
	likelyErrors:                      {"Likely annotation errors", "Ranked by confident learning on images that the network was not trained on."},
}

func (m *errorsSection) update() {
	kind := m.kinds.Selected()
	concept := max(0, m.concept.SelectedIndex()) - 1
	if concept < 0 {
		concept = evaluate.NoConcept
	}
	words := kindWords[kind]
	m.about.SetText(words[1])
	m.cases.then = m.focusIdle
	if kind == likelyErrors {
		m.ordered.Hide()
		if !m.boxes() {
			m.all.Show()
		}
		m.folding.Show()
		m.suspects(concept)
		return
	}
	m.all.Hide()
	m.folding.Hide()
	m.ordered.Show()
	order := orders[max(0, m.order.SelectedIndex())].order
	s := m.sheet
	judge, settings := s.e.Judge, s.settings
	m.cases.fill(words[0], func() []evaluate.JudgeCase {
		return judge.ErrorCases(settings, evaluate.ErrorKind(kind), concept, order)
	})
}

// focusIdle has keys go to the images that are shown, where they go nowhere yet.
func (m *errorsSection) focusIdle() {
	s := m.sheet
	if c := s.owner.shell.Window().Canvas(); c != nil && c.Focused() == nil && s.tabs.Selected() == sectionErrors {
		m.cases.focus()
	}
}

// suspects shows the likely annotation errors; they are looked for once.
func (m *errorsSection) suspects(concept int) {
	title := kindWords[likelyErrors][0]
	if m.likely != nil {
		m.list(concept)
		return
	}
	m.cases.set(title, nil)
	m.cases.hint.SetText("Checking the images that the version was not trained on …")
	m.look(evaluate.LikelyRequest{})
}

// look looks for wrong annotations with the version as it is.
func (m *errorsSection) look(r evaluate.LikelyRequest) {
	s := m.sheet
	project, id, ctx := s.owner.project, s.e.Version, s.owner.shell.Context()
	go func() {
		found, err := project.LikelyErrors(ctx, id, r, nil)
		fyne.Do(func() {
			if m.likely == nil { // else more was looked at since
				m.found(found, err)
			}
		})
	}()
}

func (m *errorsSection) found(found *evaluate.LikelyErrors, err error) {
	if m.sheet.owner.shell.Context().Err() != nil {
		return
	}
	if err == nil {
		m.likely = found
	}
	if m.kinds.Selected() != likelyErrors {
		return
	}
	if err != nil {
		m.cases.hint.SetText("The search failed: " + err.Error())
		return
	}
	m.update()
}

// lookAtAll looks at all annotated images in seconds.
func (m *errorsSection) lookAtAll() { m.lookLong(evaluate.LikelyRequest{All: true}) }

// fold looks at all annotated images, with networks that are trained for it.
func (m *errorsSection) fold() {
	text := fmt.Sprintf("Cross-validation: %d networks are trained, each on all images but one part, which it then predicts. This takes about as long as training %d versions like this one; the project is not changed, and it can be cancelled.", folds, folds)
	if !m.boxes() {
		text = "This finds more errors than colours and textures alone. " + text
	}
	m.sheet.owner.shell.Confirm("Find annotation errors in all images", text, "Train and check", false, func() { m.lookLong(evaluate.LikelyRequest{Folds: folds}) })
}

// lookLong looks as the request says, with progress, and can be cancelled.
func (m *errorsSection) lookLong(r evaluate.LikelyRequest) {
	shell := m.sheet.owner.shell
	project, id := m.sheet.owner.project, m.sheet.e.Version
	var found *evaluate.LikelyErrors
	shell.Long("Finding annotation errors", func(ctx context.Context, p session.Progress) (err error) {
		found, err = project.LikelyErrors(ctx, id, r, p)
		return err
	}, func(err error) {
		if !errors.Is(err, context.Canceled) { // else what is shown stays
			m.found(found, err)
		}
	})
}

func (m *errorsSection) list(concept int) {
	name := m.sheet.e.ConceptName(concept)
	var list []entry
	for _, one := range m.likely.List {
		if name == "" || one.Truth == name || one.Predicted == name {
			note := say(m.sheet.e.View.Type, one.Shown)
			if one.Kind == evaluate.LikelyPlace {
				note = one.Truth + " elsewhere?"
			}
			shown := one.Shown
			shown.Seen = false // what was trained on the image was not asked
			list = append(list, entry{Shown: shown, note: note})
		}
	}
	m.about.SetText(m.likely.Method)
	m.cases.work(kindWords[likelyErrors][0], func() []entry { return list })
}
