package views

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/storage/domain"
)

func TestFindConcepts(t *testing.T) {
	var all []domain.Concept
	for i, name := range []string{"Great white shark", "White stork", "Red fox", "Arctic fox", "Whitefish", "Éclair", "Fox", "offwhite"} {
		all = append(all, domain.Concept{ID: int64(i + 1), Name: name})
	}
	for text, want := range map[string][]int64{
		"":       {1, 2, 3, 4, 5, 6, 7, 8},
		"white":  {2, 5, 1, 8}, // begins with it, a word does, holds it
		" FOX ":  {7, 3, 4},    // that name first
		"éc":     {6},
		"rk":     {1, 2},
		"zebra":  nil,
		"fo":     {7, 3, 4},
		"e shar": {1},
		"\x00":   nil,
	} {
		var got []int64
		for _, c := range findConcepts(all, text) {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, not %v", text, got, want)
		}
	}
}

// With many concepts one is typed: / asks for it in annotator and gallery, arrows choose, Enter gives it, Escape changes nothing.
func TestFindConceptWhileAnnotating(t *testing.T) {
	s := newStand(t, domain.Tagging, 2)
	p, n := s.page, s.page.panel
	if n.found.Visible() {
		t.Error("the field is there with two concepts")
	}
	view := s.View().ID
	for i := range 60 {
		if _, err := s.Project().AddConcept(t.Context(), domain.Concept{ViewID: view, Name: fmt.Sprintf("kind %02d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	s.reload()
	s.Until("the field and 62 concepts", func() bool { return n.found.Visible() && len(p.concepts) == 62 })
	if key := s.concept("kind 59").Key; key != "" {
		t.Errorf("a concept after the ninth has the key %q", key)
	}
	colors := map[string]bool{}
	for _, c := range p.concepts {
		colors[c.Color] = true
	}
	if len(colors) != 62 || p.dots[s.concept("red").ID] != 0 || p.dots[s.concept("kind 15").ID] != 1 || p.dots[s.concept("kind 59").ID] != 3 {
		t.Errorf("%d colours, dots %v", len(colors), p.dots)
	}
	cv := s.Window().Canvas()
	s.annotate(0)
	has := func(i int, name string) bool {
		d := s.point(i)
		return slices.Contains(d.Concepts(), s.concept(name).ID)
	}
	p.editor.annotator.TypedRune('/')
	if cv.Focused() != n.finder {
		t.Fatalf("%T has the focus", cv.Focused())
	}
	test.Type(n.finder, "d 5")
	if len(n.finder.found) != 10 || n.list.OnMove != nil {
		t.Errorf("%d are found", len(n.finder.found))
	}
	key := func(name fyne.KeyName) { n.finder.TypedKey(&fyne.KeyEvent{Name: name}) }
	key(fyne.KeyDown)
	key(fyne.KeyDown)
	key(fyne.KeyUp)
	key(fyne.KeyReturn)
	s.saved()
	if !has(0, "kind 51") || cv.Focused() != p.editor.annotator || n.finder.Text != "" || len(n.finder.found) != 62 || n.list.OnMove == nil {
		t.Errorf("annotated %v; %T has the focus, the field %q, %d listed", s.point(0).Concepts(), cv.Focused(), n.finder.Text, len(n.finder.found))
	}
	// What is no concept stays to be corrected, and gives nothing.
	p.editor.annotator.TypedRune('/')
	test.Type(n.finder, "kind 99")
	key(fyne.KeyReturn)
	if cv.Focused() != n.finder || n.finder.Text != "kind 99" {
		t.Errorf("%T has the focus, the field %q", cv.Focused(), n.finder.Text)
	}
	key(fyne.KeyEscape)
	s.saved()
	if d := s.point(0); len(d.Concepts()) != 1 || cv.Focused() != p.editor.annotator {
		t.Errorf("annotated %v", d.Concepts())
	}
	// In the gallery, for all that is selected; folded details come back.
	p.back()
	p.foldDetails()
	p.gallery.grid.SelectAll()
	p.gallery.grid.TypedRune('/')
	if cv.Focused() != n.finder || !p.right.Visible() {
		t.Errorf("%T has the focus", cv.Focused())
	}
	test.Type(n.finder, "kind 07")
	key(fyne.KeyReturn)
	s.saved()
	if !has(0, "kind 07") || !has(1, "kind 07") || has(1, "kind 51") {
		t.Error("the selection has not the concept")
	}
	s.noFailure()
}
