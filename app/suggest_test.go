package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// suggest keeps three suggestions for each of the first two images of a view, as a version would.
func suggest(t *testing.T, dir, view string, boxes bool) {
	t.Helper()
	ctx := t.Context()
	p, err := storage.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	all, err := p.Views(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Name != view {
			continue
		}
		version, err := p.CreateVersion(ctx, storage.NewVersion{ViewID: v.ID, UID: "suggesting", Name: "v1", Architecture: "small_cnn", Options: []byte("{}"), Status: domain.StatusReady})
		if err != nil {
			t.Fatal(err)
		}
		concepts, err := p.Concepts(ctx, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		points, err := p.Datapoints(ctx, storage.Query{View: v.ID, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range points {
			var list []storage.Suggestion
			for i, confidence := range []float64{0.9, 0.6, 0.3} {
				s := storage.Suggestion{Concept: concepts[i%len(concepts)].ID, Confidence: confidence}
				if boxes {
					at := 0.1 + 0.2*float64(i)
					s.Box = &domain.Box{XMin: at, YMin: at, XMax: at + 0.15, YMax: at + 0.15}
				}
				list = append(list, s)
			}
			if err := p.SetSuggestions(ctx, version.ID, d.Key(), list); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Suggestions are no annotations until they are accepted, one by one or all that are certain enough; each decision can be undone.
func TestDecideOnSuggestions(t *testing.T) {
	dir := small(t)
	suggest(t, dir, "Things", true)
	w := open(t, Options{Project: dir, View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	a := w.annotator(t)
	is := func(when string, boxes, suggested int) {
		t.Helper()
		settle()
		d := datapoints(t, w, "Things")[0]
		if len(d.Regions) != boxes || d.Suggested != suggested || len(a.Marks()) != boxes || d.Annotated != (boxes > 0) {
			t.Errorf("%s: %d boxes, %d shown, %d suggestions, annotated %v; want %d boxes, %d suggestions", when, len(d.Regions), len(a.Marks()), d.Suggested, d.Annotated, boxes, suggested)
		}
	}
	is("at first", 0, 3)
	if s, ok := a.Suggestion(); !ok || s.Confidence != 0.9 {
		t.Errorf("%v is pointed out", s)
	}
	if version := w.shell.views.SuggestedBy(); version != "v1" {
		t.Errorf("the suggestions are shown as made by %q", version)
	}
	w.typed('y')
	is("one accepted", 1, 2)
	w.typed('x')
	is("one rejected", 1, 1)
	w.typed('y')
	w.typed('y') // nothing is left
	is("another accepted", 2, 0)
	for i, want := range [][2]int{{1, 1}, {1, 2}, {0, 3}} {
		w.shortcut(&fyne.ShortcutUndo{})
		is([]string{"undone", "undone twice", "undone three times"}[i], want[0], want[1])
	}
	for _, r := range "yyx" { // a quick hand
		w.typed(r)
	}
	is("two accepted and one rejected", 2, 0)
	w.key(fyne.KeyPageDown)
	settle()
	w.shell.views.SetCertain(0.5)
	w.typed('a')
	settle()
	if d := datapoints(t, w, "Things")[1]; len(d.Regions) != 2 || d.Suggested != 1 {
		t.Errorf("all from 50%% on: %d boxes, %d suggestions are left", len(d.Regions), d.Suggested)
	}
	w.shortcut(&fyne.ShortcutUndo{})
	settle()
	if d := datapoints(t, w, "Things")[1]; d.Annotated || d.Suggested != 3 {
		t.Errorf("undone: %+v", d)
	}
}

// A classification's suggestion becomes its concept, and the next image is shown.
func TestAcceptAConcept(t *testing.T) {
	dir := small(t)
	suggest(t, dir, "Colour", false)
	w := open(t, Options{Project: dir})
	before := datapoints(t, w, "Colour")
	w.key(fyne.KeyReturn)
	w.typed('y')
	w.typed('x') // for the second image: the first suggestion goes
	settle()
	list := datapoints(t, w, "Colour")
	concepts, err := w.shell.project.Concepts(t.Context(), w.shell.view.ID)
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Regions[0].Concepts[0] != concepts[0].ID || list[0].Suggested != 0 || list[1].Suggested != 2 || list[1].Regions[0].Concepts[0] != before[1].Regions[0].Concepts[0] {
		t.Errorf("the first %+v, the second %+v", list[0], list[1])
	}
	if name := w.shows(t); name != list[1].Image.Name {
		t.Errorf("it shows %s", name)
	}
}
