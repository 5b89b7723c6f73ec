package judge

import (
	"context"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio/evaluate"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// section is a part of the Performance page. update is called when the figures were computed anew, while the section is shown and when it is opened.
type section interface {
	object() fyne.CanvasObject
	update()
}

// The sections.
const (
	sectionFigures = "figures"
	sectionMatrix  = "matrix"
	sectionCurves  = "curves"
	sectionErrors  = "mistakes"
	sectionCompare = "compare"
)

// sheet is everything that is shown of one evaluation.
type sheet struct {
	owner      *Performance
	e          *evaluate.StoredEvaluation
	settings   evaluate.JudgeSettings
	figures    *evaluate.JudgeFigures
	intervals  *evaluate.Intervals // of the figures' settings; nil while they are computed
	computing  bool
	estimating bool // intervals are on their way
	again      bool

	content  fyne.CanvasObject
	state    *look.Styled
	looks    *look.Paragraph // how often the test split was looked at
	stale    *fyne.Container
	pick     *widget.Select // on what it is evaluated
	knobs    *knobs
	tabs     *widgets.Segments
	place    *fyne.Container
	sections map[string]section
}

// newSheet makes the page of an evaluation; what a person chose on the one before stays.
func newSheet(f *Performance, e *evaluate.StoredEvaluation, before *sheet) *sheet {
	s := &sheet{owner: f, e: e, settings: evaluate.DefaultJudgeSettings(e.View.Type), sections: map[string]section{}, place: container.NewStack()}
	open := sectionFigures
	if before != nil && before.e.Version == e.Version {
		s.settings, open = before.settings, before.tabs.Selected()
	}
	s.state, s.stale, s.looks = look.Small("").Cut(), container.NewHBox(), look.MutedWrapped("")
	s.looks.Hide()
	s.knobs = newKnobs(s)
	items := []widgets.Segment{{Key: sectionFigures, Text: "Figures"}, {Key: sectionMatrix, Text: "Confusion"},
		{Key: sectionCurves, Text: "Curves"}, {Key: sectionErrors, Text: "Errors"}, {Key: sectionCompare, Text: "Compare"}}
	if e.View.Type.AnyNumber() { // yes and no of each concept: nothing is taken for another
		items = append(items[:1], items[2:]...)
	}
	s.tabs = widgets.NewSegments(items, s.show)
	if open == sectionMatrix && e.View.Type.AnyNumber() {
		open = sectionFigures
	}
	s.tabs.SetSelected(open)
	head := container.NewBorder(nil, nil, s.chooser(), s.evaluateAgain(), look.Frame(nil, nil, nil, nil, s.state))
	s.content = look.Frame(container.NewVBox(head, s.stale, s.looks, s.knobs.content, s.tabs, look.Gap(0, 2)), nil, nil, nil, s.place)
	return s
}

// chooser chooses the images.
func (s *sheet) chooser() fyne.CanvasObject {
	f := s.owner
	shown, filtered := f.shell.Filter()
	filtered = filtered && shown.View == f.view.ID
	options := []string{onVal, onTrain, onAll}
	if f.tested || f.source.name == onTest {
		options = slices.Insert(options, 2, onTest)
	}
	if filtered || f.source.name == onFilter {
		options = append(options, onFilter)
	}
	options = append(options, onFolder)
	pick := widget.NewSelect(options, nil)
	s.pick = pick
	pick.SetSelected(f.source.name)
	if f.source.name == onFolder {
		pick.Options[len(options)-1] = f.source.folder
		pick.SetSelected(f.source.folder)
	}
	pick.OnChanged = func(name string) {
		switch {
		case name == onFilter && filtered:
			f.choose(source{name: name, filter: &shown})
			return
		case name == onFilter: // the gallery shows all again: it stays as it is
			return
		case name != pick.Options[len(pick.Options)-1]:
			f.choose(source{name: name})
			return
		}
		pick.OnChanged, pick.Selected = nil, f.source.name // until a folder is chosen
		pick.Refresh()
		f.put(s.e)
		page.AskFolder(f.shell, "Folder of annotated images", "Evaluate", "", func(dir string) { f.choose(source{name: onFolder, folder: dir}) })
	}
	return look.Row(8, look.Small("On"), look.Width(220, pick))
}

func (s *sheet) evaluateAgain() fyne.CanvasObject {
	b := widget.NewButtonWithIcon("Evaluate again", icons.Again, s.owner.run)
	b.Importance = widget.LowImportance
	return b
}

// compare opens the comparison with these versions.
func (s *sheet) compare(others []int64) {
	delete(s.sections, sectionCompare)
	c := newCompareSection(s)
	for _, id := range others {
		c.chosen[id] = true
	}
	s.sections[sectionCompare] = c
	s.tabs.SetSelected(sectionCompare)
	s.show(sectionCompare)
}

// show opens a section.
func (s *sheet) show(key string) {
	one := s.sections[key]
	if one == nil {
		switch key {
		case sectionMatrix:
			one = newMatrixSection(s)
		case sectionCurves:
			one = newCurvesSection(s)
		case sectionErrors:
			one = newErrorsSection(s)
		case sectionCompare:
			one = newCompareSection(s)
		default:
			one = newFiguresSection(s)
		}
		s.sections[key] = one
	}
	s.place.Objects = []fyne.CanvasObject{one.object()}
	s.place.Refresh()
	if s.figures != nil {
		one.update()
	}
}

// change is called when a threshold or the overlap is another one.
func (s *sheet) change(by func(*evaluate.JudgeSettings)) {
	next := s.settings
	next.Concepts = maps.Clone(next.Concepts)
	by(&next)
	s.settings = next
	s.recompute()
}

// recompute computes the figures off the window's thread: the newest settings, however fast they change.
func (s *sheet) recompute() {
	if s.computing {
		s.again = true
		return
	}
	s.computing, s.again = true, false
	judge, settings := s.e.Judge, s.settings
	go func() {
		figures := judge.Figures(settings)
		fyne.Do(func() {
			s.figures, s.intervals = figures, nil
			s.computing = false
			s.update()
			if s.again {
				s.recompute()
				return
			}
			s.estimate()
		})
	}()
}

// estimate computes the intervals, which take longer: once the settings have come to rest, and without the sliders waiting for it.
func (s *sheet) estimate() {
	if s.estimating {
		return // it looks at the end whether it is still what is asked for
	}
	s.estimating = true
	judge, figures, settings := s.e.Judge, s.figures, s.settings
	go func() {
		intervals := judge.Intervals(settings)
		fyne.Do(func() {
			s.estimating = false
			switch {
			case s.computing: // it comes back here
			case s.figures != figures:
				s.estimate()
			default:
				s.intervals = intervals
				s.update()
			}
		})
	}()
}

func (s *sheet) update() {
	s.knobs.update()
	if one := s.sections[s.tabs.Selected()]; one != nil {
		one.update()
	} else {
		s.show(s.tabs.Selected())
	}
}

// look says when the evaluation was made, and whether annotations changed since.
func (s *sheet) look() {
	text := words.Count(s.e.Images, "image") + ", evaluated " + words.Ago(s.e.Made, time.Now())
	if n := len(s.e.LeftOut); n > 0 {
		text += ", " + words.Count(n, "group") + " left out"
	}
	s.state.SetText(text)
	project, e := s.owner.project, s.e
	go func() {
		ctx, cancel := context.WithTimeout(s.owner.shell.Context(), time.Minute)
		defer cancel()
		if fresh, err := project.Freshness(ctx, e); err == nil {
			fyne.Do(func() { s.freshness(fresh) })
		}
		counts, err := project.Counts(ctx, e.View.ID)
		if err != nil {
			return
		}
		looks, err := project.TestLooks(ctx, e.View.ID)
		if err != nil {
			return
		}
		fyne.Do(func() { s.testSplit(counts.Test.Annotated > 0, looks) })
	}()
}

// testSplit offers the test split where the view has one, and says how often it was looked at.
func (s *sheet) testSplit(has bool, looks []evaluate.TestLook) {
	s.owner.tested = has
	if has && !slices.Contains(s.pick.Options, onTest) {
		s.pick.SetOptions(slices.Insert(slices.Clone(s.pick.Options), 2, onTest))
	}
	if !s.e.Request.Test() {
		return
	}
	s.looks.SetText(evaluate.LooksWords(looks) + ".")
	s.looks.Show()
	s.content.Refresh()
}

func (s *sheet) freshness(f evaluate.Freshness) {
	s.stale.Objects = nil
	if f.OutOfDate {
		s.stale.Objects = []fyne.CanvasObject{
			widgets.NewStatusChip("Out of date", icons.Warning, theme.ColorNameWarning), look.Small(f.Reason),
			widgets.NewLink("Evaluate again", s.owner.run), layout.NewSpacer(),
		}
	}
	s.stale.Refresh()
}

// color is a concept's.
func (s *sheet) color(i int) string {
	if i < 0 || i >= len(s.e.Concepts) {
		return ""
	}
	return s.e.Concepts[i].Color
}
