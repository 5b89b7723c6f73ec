package views

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// annotate opens an image of the list and waits until it is there.
func (s *stand) annotate(i int) {
	s.t.Helper()
	s.page.open(i)
	s.there()
}

// there waits until the image that is open can be annotated.
func (s *stand) there() {
	s.t.Helper()
	e := s.page.editor
	s.Until("the image", func() bool {
		return e.point.ID != 0 && !e.stale && !e.typist.loading && !e.typist.searching && e.typist.reading == 0
	})
}

// do does an action of the annotator by its name, and waits until it is saved.
func (s *stand) do(name string) {
	s.t.Helper()
	s.page.editor.press(name)
	s.saved()
}

// Boxes are drawn, named, moved by their numbers, copied, taken away, and all of it undone; the disk has each.
func TestAnnotateBoxes(t *testing.T) {
	s := newStand(t, domain.Detection, 2)
	e, n := s.page.editor, s.page.panel.numbers
	s.annotate(0)
	red, blue := s.concept("red"), s.concept("blue")
	first := s.page.concepts[0]
	if e.brush != first.ID || e.annotator.Tool() != widgets.ToolBox {
		t.Errorf("draws with %d", e.brush)
	}
	e.pressConcept(red)
	e.annotator.Add([]widgets.Mark{{Value: red.ID, Box: widgets.Rect{XMin: 0.25, YMin: 0.25, XMax: 0.5, YMax: 0.5}}}, "Draw a box")
	s.saved()
	if d := s.point(0); len(d.Regions) != 1 || d.Regions[0].Concepts[0] != red.ID || *d.Regions[0].Box != (domain.Box{XMin: 0.25, YMin: 0.25, XMax: 0.5, YMax: 0.5}) {
		t.Fatalf("%+v", d.Regions)
	}
	e.annotator.Select(0)
	if got := []string{n.fields[0].Text, n.fields[1].Text, n.fields[2].Text, n.fields[3].Text}; !slices.Equal(got, []string{"8", "8", "8", "8"}) {
		t.Errorf("the numbers are %v", got)
	}
	if !strings.Contains(n.note.Text(), "red") {
		t.Errorf("%q", n.note.Text())
	}
	n.fields[0].SetText("16,5")
	n.fields[0].OnSubmitted("")
	s.saved()
	if b := s.point(0).Regions[0].Box; math.Abs(b.XMin-16.5/32) > 1e-9 || math.Abs(b.XMax-24.5/32) > 1e-9 {
		t.Errorf("moved to %+v", b)
	}
	for text, says := range map[string]string{"wide": "Type numbers", "0": "must have an area"} {
		n.fields[2].SetText(text)
		n.fields[2].OnSubmitted("")
		s.expect(says)
		if n.fields[2].Text != "8" {
			t.Errorf("after %q the field has %q", text, n.fields[2].Text)
		}
	}
	e.annotator.Select(0)
	s.page.panel.pick(blue.ID)
	s.saved()
	if d := s.point(0); d.Regions[0].Concepts[0] != blue.ID {
		t.Errorf("%+v", d.Regions)
	}
	s.do("without")
	s.expect("There are boxes on this image")
	s.do("next")
	s.there()
	if e.at != 1 || s.page.Shown() != s.names()[1] {
		t.Errorf("%s is shown", s.page.Shown())
	}
	s.do("copy_previous")
	s.Until("the copy", func() bool { return s.point(1).Annotated })
	if d := s.point(1); len(d.Regions) != 1 || d.Regions[0].Concepts[0] != blue.ID {
		t.Fatalf("%+v", d.Regions)
	}
	e.annotator.Select() // none
	s.do("delete")
	s.expect("Select a box first")
	s.do("hide")
	s.do("delete")
	s.expect("The boxes are hidden")
	s.do("copy_previous")
	s.expect("The boxes are hidden")
	s.do("hide")
	s.do("select_all")
	if text := n.note.Text(); !strings.Contains(text, "blue") {
		t.Errorf("%q", text)
	}
	s.do("delete")
	s.Until("no box", func() bool { return len(s.point(1).Regions) == 0 })
	s.page.Undo(false)
	s.saved()
	s.Until("the box to be back", func() bool { return len(s.point(1).Regions) == 1 && len(e.annotator.Marks()) == 1 })
	s.noFailure()
}

// Every action of the annotator does something, or says why not, in each kind of view; none is unknown.
func TestAnnotatorActions(t *testing.T) {
	s := newStand(t, domain.Tagging, 2)
	e := s.page.editor
	s.annotate(0)
	s.do("previous")
	s.expect("first image")
	s.do("copy_previous")
	s.expect("no image before")
	s.do("box")
	s.expect("drawn in detection views")
	s.do("accept")
	s.expect("Nothing is suggested")
	s.do("reviewed")
	s.expect("Only annotated images")
	s.do("without")
	if d := s.point(0); !d.Annotated || len(d.Concepts()) != 0 {
		t.Errorf("%+v", d)
	}
	s.there()
	s.do("reviewed")
	s.there()
	s.do("split")
	s.there()
	if d := s.point(0); !d.Reviewed() {
		t.Errorf("%+v", d)
	}
	for _, want := range []domain.Split{domain.SplitTest, domain.SplitTrain} {
		s.do("test")
		s.there()
		if got := s.point(0).Image.Split; got != want {
			t.Errorf("T moved it to %s, not %s", got, want)
		}
	}
	s.do("next")
	s.there()
	s.do("copy_previous")
	s.Until("the copy", func() bool { return s.point(1).Annotated })
	if d := s.point(1); len(d.Concepts()) != 0 {
		t.Errorf("%+v", d)
	}
	s.there()
	s.do("previous")
	s.there()
	s.page.panel.pick(s.concept("blue").ID)
	s.saved()
	s.there()
	s.do("next")
	s.there()
	s.do("copy_previous")
	s.Until("the copy", func() bool { return slices.Equal(s.point(1).Concepts(), []int64{s.concept("blue").ID}) })
	s.there()
	s.do("delete")
	if d := s.point(1); d.Annotated {
		t.Errorf("%+v", d)
	}
	s.there()
	s.do("next_empty")
	s.there()
	if e.at != 2 {
		t.Errorf("the next that is not annotated is %d", e.at)
	}
	e.show(3)
	s.there()
	s.do("next")
	s.expect("last image")
	for _, name := range []string{"zoom_in", "zoom_out", "fit", "actual", "next_region", "previous_region", "copy", "paste", "nudge_left", "hide", "hide"} {
		if !e.do(name) {
			t.Errorf("%s is nobody's", name)
		}
	}
	if e.do("no such action") {
		t.Error("there is no such action")
	}
	s.do("details")
	if s.page.right.Visible() {
		t.Error("the details are not folded away")
	}
	s.do("details")
	s.do("help")
	if !s.Open() || !strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "Search shortcuts") && len(versiontest.All[*widgets.Entry](s.Shell)) != 1 {
		t.Error("no keys are shown")
	}
	versiontest.All[*widgets.Entry](s.Shell)[0].SetText("no such key")
	s.Escape()
	e.typed([]rune(s.concept("red").Key)[0])
	e.key(fyne.KeyLeft, 0)
	s.saved()
	s.there()
	if e.at != 2 {
		t.Errorf("Left leads to %d", e.at)
	}
	s.do("back")
	if e.isOpen() || s.page.Shown() != "" {
		t.Error("still open")
	}
	s.noFailure()
}

// In a classification a concept goes on to the next image by itself, the panel follows, and a search leaves the annotator.
func TestAnnotateClasses(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	e, n := s.page.editor, s.page.panel
	s.annotate(0)
	told := 0
	s.page.observe(func(n news) {
		if n.about == aboutOpened {
			told++
		}
	})
	e.typed([]rune(s.concept("red").Key)[0])
	s.saved()
	s.there()
	if e.at != 1 || told == 0 || !slices.Equal(s.point(0).Concepts(), []int64{s.concept("red").ID}) {
		t.Errorf("image %d is open, told of %d times", e.at, told)
	}
	if !slices.Equal(n.active(), e.point.Concepts()) || !strings.Contains(n.facts.Text, e.point.Image.Name) {
		t.Errorf("%v, %q", n.active(), n.facts.Text)
	}
	s.do("without")
	s.expect("exactly one concept")
	e.setPointer("3, 4")
	if n.pointer.Text() != "3, 4" {
		t.Errorf("the pointer is on %q", n.pointer.Text())
	}
	s.page.Undo(false)
	s.saved()
	s.Until("what was undone", func() bool { return e.at == 0 && !e.stale && len(e.point.Concepts()) == 1 })
	if s.page.EmptyCells() < 0 {
		t.Error("less than nothing")
	}
	s.page.FocusSearch()
	if n.pointer.Text() != "" {
		t.Error("the pointer is on a pixel of no image")
	}
	if e.isOpen() || s.Window().Canvas().Focused() != s.page.gallery.search {
		t.Error("the search has not the focus")
	}
	var last int64
	s.page.OpenIDs(s.View().ID, s.page.ids, 2, func(id int64) { last = id })
	s.there()
	s.do("back")
	if last != s.page.ids[2] {
		t.Errorf("comes back with %d", last)
	}
	s.page.OpenNamed(s.names()[3])
	s.there()
	if e.at != 3 {
		t.Errorf("%d is open", e.at)
	}
	s.page.OpenIDs(s.View().ID, nil, 0, nil)
	s.expect("no longer in the view")
	if err := s.Project().DeleteImages(t.Context(), []int64{e.point.Image.ID}); err != nil {
		t.Fatal(err)
	}
	s.Until("the gallery", func() bool { return !e.isOpen() })
	s.expect("no longer in the view")
}

// Suggestions are shown from a confidence on, accepted and rejected by keys and buttons; their version is shown.
func TestSuggestions(t *testing.T) {
	s := newStand(t, domain.Detection, 1)
	red := s.concept("red").ID
	image := s.point(0).Image.ID
	s.fake.suggestions = map[int64][]studio.Suggestion{image: {
		{ID: 11, Version: 7, Concept: red, Confidence: 0.9, Box: &domain.Box{XMax: 0.5, YMax: 0.5}},
		{ID: 12, Version: 8, Concept: red, Confidence: 0.4, Box: &domain.Box{XMin: 0.5, XMax: 1, YMax: 0.5}},
		{ID: 13, Version: 8, Concept: 999, Confidence: 0.9},
	}}
	s.reload()
	e, n := s.page.editor, s.page.panel.suggestions
	s.annotate(0)
	s.Until("the suggestions", func() bool { return len(e.shown) == 2 })
	if s.page.SuggestedBy() != "v1 and v2" || !n.content.Visible() {
		t.Errorf("made by %q", s.page.SuggestedBy())
	}
	s.page.SetCertain(0.5)
	if len(e.shown) != 1 || !strings.Contains(n.title.String(), "1 of 3 suggestions are shown, made by v1 and v2") {
		t.Errorf("%d, %q", len(e.shown), n.title.String())
	}
	s.do("accept_all")
	s.there()
	if !slices.Equal(s.fake.accepted.list(), []int64{11}) {
		t.Errorf("accepted are %v", s.fake.accepted.list())
	}
	s.page.SetCertain(0.95)
	s.do("accept")
	s.expect("reaches 95%; 3 are below")
	s.page.SetCertain(0)
	s.do("reject")
	s.there()
	s.fake.failure = errors.New("disk full")
	s.page.editor.press("accept_all")
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
	s.page.back()
	if n.content.Visible() {
		t.Error("suggestions for nothing")
	}
}
