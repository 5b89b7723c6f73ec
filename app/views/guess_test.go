package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
)

// guessing has the assistant suggest a concept for each image of the list, and nothing be annotated.
func (s *stand) guessing(concepts ...int64) {
	s.t.Helper()
	var keys []studio.Key
	for i := range s.page.ids {
		keys = append(keys, s.point(i).Key())
	}
	if err := s.Project().Clear(s.t.Context(), keys); err != nil {
		s.t.Fatal(err)
	}
	s.fake.guesses = map[int64]assist.Guess{}
	for _, k := range keys {
		s.fake.guesses[k.Image] = assist.Guess{Concepts: concepts, Confidence: 0.87}
	}
	s.fake.status = assist.Status{On: true, Images: len(keys), Computed: len(keys), Learned: 12, Right: 9, Suggestions: len(keys)}
	s.reload()
	s.assisted()
}

// assisted has the page hear of the assistant.
func (s *stand) assisted() {
	s.page.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeAssistant, View: s.View().ID}})
}

// In the annotator Y accepts what the assistant suggests and goes on, a concept's key corrects, X rejects. What is shown stays while it is open, and what is suggested of a
// concept that is gone goes.
func TestAssistantInTheAnnotator(t *testing.T) {
	s := newStand(t, domain.Classification, 3)
	red, blue := s.concept("red"), s.concept("blue")
	s.guessing(red.ID)
	e := s.page.editor
	s.annotate(0)
	if len(e.shown) != 1 || e.shown[0].Label != "red" || e.shown[0].Confidence != 0.87 || !s.page.panel.suggestions.content.Visible() {
		t.Fatalf("%+v are shown", e.shown)
	}
	first := s.point(0)
	s.fake.guesses[first.Image.ID] = assist.Guess{Concepts: []int64{blue.ID}, Confidence: 0.6}
	s.assisted()
	if e.shown[0].Label != "red" {
		t.Error("what is shown changed under a person's hand")
	}
	e.press("accept")
	s.saved()
	s.there()
	if d := s.point(0); !d.Annotated || d.Regions[0].Concepts[0] != red.ID || e.at != 1 {
		t.Errorf("%+v, image %d is open", d.Regions, e.at)
	}
	if len(s.fake.predicted.list()) != 1 || s.fake.predicted.list()[0].Confidence != 0.87 {
		t.Errorf("accepted: %+v", s.fake.predicted.list())
	}
	e.pressConcept(blue)
	s.saved()
	s.there()
	if d := s.point(1); d.Regions[0].Concepts[0] != blue.ID || len(s.fake.predicted.list()) != 1 || e.at != 2 {
		t.Errorf("corrected: %+v", d.Regions)
	}
	e.press("reject")
	if len(e.shown) != 0 || s.point(2).Annotated {
		t.Errorf("rejected, %+v are shown", e.shown)
	}
	e.press("accept")
	s.expect("Nothing is suggested")
	e.press("next")
	s.there()
	s.fake.guesses = map[int64]assist.Guess{} // its concept was deleted
	s.assisted()
	if len(e.shown) != 0 || e.guess != nil {
		t.Errorf("%+v are left over", e.shown)
	}
	s.noFailure()
}

// Of tags all are accepted at once, and where there is none, without concept.
func TestAssistantOfTags(t *testing.T) {
	s := newStand(t, domain.Tagging, 2)
	red, blue := s.concept("red"), s.concept("blue")
	s.guessing(red.ID, blue.ID)
	none := s.point(1).Image.ID
	s.fake.guesses[none] = assist.Guess{Confidence: 0.9}
	e := s.page.editor
	s.annotate(0)
	if len(e.shown) != 2 {
		t.Fatalf("%+v are shown", e.shown)
	}
	e.press("accept")
	s.saved()
	s.there()
	if len(e.shown) != 1 || e.shown[0].Label != withoutConcept {
		t.Fatalf("%+v are shown", e.shown)
	}
	e.press("accept")
	s.saved()
	if d := s.point(0); len(d.Concepts()) != 2 {
		t.Errorf("%+v", d.Regions)
	}
	if d := s.point(1); !d.Annotated || len(d.Concepts()) != 0 {
		t.Errorf("%+v", d)
	}
	s.noFailure()
}

// The gallery shows what is suggested and how certain it is, Y accepts it, the states count it; the panel says from how many annotated images it comes, and switches it off.
func TestAssistantInTheGallery(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	red := s.concept("red")
	s.guessing(red.ID)
	g := s.page.gallery
	item := g.item(0, 100)
	if item.Guess != "87%" || len(item.Chips) != 1 || item.Chips[0].Text != "red" || item.Annotated {
		t.Errorf("%+v", item)
	}
	segments := stateSegments(studio.Counts{}, domain.Classification, 4)
	if last := segments[len(segments)-1]; last.Key != "suggested" || last.Badge != "4" {
		t.Errorf("%+v", last)
	}
	s.choose(0)
	g.do("accept")
	s.saved()
	if d := s.point(0); !d.Annotated || d.Regions[0].Concepts[0] != red.ID || !slices.Equal(s.page.selection, s.page.ids[1:2]) {
		t.Errorf("%+v, selected %v", d.Regions, s.page.selection)
	}
	g.grid.SelectAll()
	g.do("accept")
	s.saved()
	s.Until("all", func() bool { return s.point(3).Annotated })
	g.do("accept")
	s.expect("suggests nothing")

	a := s.page.panel.assistant
	if !a.content.Visible() || !a.check.Checked || !strings.Contains(a.text.String(), "Learned from 12 annotated images; leave-one-out accuracy 75%") {
		t.Errorf("%v, %q", a.check.Checked, a.text.String())
	}
	a.check.SetChecked(false)
	s.Until("it to be off", func() bool { return slices.Equal(s.fake.switched.list(), []bool{false}) })
	for status, want := range map[assist.Status]string{
		{Waiting: "Suggests from the 10th annotation on (3 so far)"}:     "3 so far",
		{On: true, Images: 5000, Computed: 1200, Learned: 20, Right: 10}: "1,200 of 5,000 images",
		{}:                                 "once it is on",
		{On: true, Images: 3, Computed: 3}: "Computing features",
	} {
		if text := assistantWords(status); !strings.Contains(text, want) {
			t.Errorf("%+v: %q", status, text)
		}
	}
	s.noFailure()
}

// Without a version the sheet accepts what the assistant suggests, and says before how much of it is wrong.
func TestAssistantInTheSheet(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	s.guessing(s.concept("red").ID)
	s.fake.estimate = assist.Estimate{Above: 3, Wrong: 2, Of: 25}
	sheet := s.page.newSuggestSheet(nil)
	sheet.show()
	s.Until("the estimate", func() bool { return strings.Contains(sheet.estimate.String(), "Estimated error rate 11%") })
	if text := sheet.estimate.String(); !strings.Contains(text, "3 suggestions of the assistant") || !strings.Contains(text, "in leave-one-out, 2 of 25 annotated images above this confidence had a wrong suggestion") {
		t.Errorf("%q", text)
	}
	sheet.accept.SetValue(0.8)
	sheet.acceptAbove()
	s.Until("it", func() bool { return len(s.fake.above.list()) == 1 && s.fake.above.list()[0] == 0.8 })
	if text := estimateWords(assist.Estimate{Above: 1}, 0.9); !strings.Contains(text, "is not known") {
		t.Errorf("%q", text)
	}
	if text := estimateWords(assist.Estimate{}, 0.9); !strings.Contains(text, "No suggestion of the assistant reaches 90%") {
		t.Errorf("%q", text)
	}
}

// M orders the gallery by similarity, from gallery and annotator, and says so; Escape, or another order, leads back.
func TestSimilarOrder(t *testing.T) {
	s := newStand(t, domain.Detection, 2)
	usual := slices.Clone(s.page.ids)
	g, e := s.page.gallery, s.page.editor
	reversed := slices.Clone(usual)
	slices.Reverse(reversed)
	is := func(when string, want []int64) {
		t.Helper()
		s.Until(when, func() bool {
			return slices.Equal(s.page.ids, want) && g.similar.content.Visible() == !slices.Equal(want, usual)
		})
	}
	s.choose(1)
	g.typed('m')
	is("the order by similarity", reversed)
	if text := g.similar.text.Text(); !strings.Contains(text, "Most similar to") || !strings.Contains(text, "3 of 4 compared") {
		t.Errorf("%q", text)
	}
	g.grid.SelectOnly(-1)
	g.key(fyne.KeyEscape, 0)
	is("the usual order", usual)
	s.annotate(0)
	e.press("similar")
	is("the order by similarity, from the annotator", reversed)
	if e.isOpen() {
		t.Error("the annotator is still open")
	}
	s.page.load(true)
	s.Until("it was read again", func() bool { return slices.Equal(s.page.ids, reversed) })
	g.filters.order.SetSelectedIndex(2)
	s.Until("another order", func() bool { return !g.similar.content.Visible() })
	s.noFailure()
}
