package views

import (
	"strings"
	"testing"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
)

// TestSuggestSheet: a version suggests for what is not annotated, what is certain becomes annotations, and undo takes that back; an image
// that is opened gets its suggestion at once; the most useful images come first.
func TestSuggestSheet(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains")
	}
	s := versiontest.New(t, 6)
	p := New(s, s.Project(), Preferences{Keys: keys.New(nil)})
	defer p.Close()
	s.Window().SetContent(p.Content())
	p.Suggest()
	s.Until("to hear that no version is ready", func() bool { return noted(s, "No version of this view is ready") })
	v := s.TrainNow("v1", 20)
	ids, err := s.Project().DatapointIDs(t.Context(), studio.Query{View: s.View().ID})
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.Project().DatapointsByID(t.Context(), ids[:4])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Project().Clear(t.Context(), keysOf(points)); err != nil {
		t.Fatal(err)
	}
	p.Refresh(page.Change{View: true, Data: true})
	p.Show()
	s.Until("the gallery", func() bool { return p.gallery.loaded })
	counts := func() studio.SplitCounts {
		c, err := s.Project().Counts(t.Context(), s.View().ID)
		if err != nil {
			t.Fatal(err)
		}
		return c.Total()
	}
	sheet := p.newSuggestSheet([]runs.Version{v})
	sheet.show()
	sheet.keep.SetValue(0)
	sheet.suggest()
	s.Until("the suggestions", func() bool { return noted(s, "v1 made suggestions for 4 images") })
	if c := counts(); c.Suggested != 4 || c.Annotated != 8 {
		t.Errorf("%+v", c)
	}
	sheet = p.newSuggestSheet([]runs.Version{v})
	sheet.show()
	sheet.accept.SetValue(0)
	sheet.acceptAbove()
	s.Until("the annotations", func() bool { return noted(s, "4 suggestions of 4 images accepted") })
	if c := counts(); c.Suggested != 0 || c.Annotated != 12 {
		t.Errorf("%+v", c)
	}
	if _, err := s.Project().Undo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if c := counts(); c.Suggested != 4 || c.Annotated != 8 {
		t.Errorf("undone: %+v", c)
	}
	if err := s.Project().ClearSuggestions(t.Context(), s.View().ID, 0); err != nil {
		t.Fatal(err)
	}
	p.assistant.use(v.ID, 1e-6)
	p.openUseful()
	s.Until("the most useful image", func() bool { return p.editor.isOpen() && p.editor.point.ID != 0 })
	s.Until("its suggestion", func() bool { return counts().Suggested == 1 })
	if next, err := s.Project().NextNotAnnotated(t.Context(), s.View().ID, 1); err != nil || len(next) != 1 || p.editor.point.ID != next[0] {
		t.Errorf("datapoint %d is open, the most useful is %v, %v", p.editor.point.ID, next, err)
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
}

func noted(s *versiontest.Shell, words string) bool {
	return anyContains(s.Notes, words)
}

func anyContains(notes []string, words string) bool {
	return strings.Contains(strings.Join(notes, "\n"), words)
}
