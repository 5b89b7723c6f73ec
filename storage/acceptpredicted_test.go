package storage

import (
	"context"
	"errors"
	"math"
	"testing"

	"viewfinder/storage/domain"
)

// TestAcceptPredicted: what the assistant suggests becomes annotations in one step, and it is kept that they were its; what is annotated already stays as it is.
func TestAcceptPredicted(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 4)
	kinds, kc := addView(t, p, "Kinds", domain.Classification, 0, "A", "B")
	tags, tc := addView(t, p, "Tags", domain.Tagging, 0, "C", "D")
	boxes, bc := addView(t, p, "Boxes", domain.Detection, 0, "E")
	on := func(v View, i int) Key { return Key{v.ID, images[i].ID, 0} }
	version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: kinds.ID, Name: "v1", Status: domain.StatusReady})).ID
	ok(t, p.SetSuggestions(ctx, version, on(kinds, 1), []Suggestion{{Concept: kc[0], Confidence: 0.6}}))
	ok(t, p.Annotate(ctx, kinds.ID, images[2].ID, 0, whole(kc[0])))
	list := []Predicted{{on(kinds, 0), []int64{kc[1]}, 0.9}, {on(kinds, 1), []int64{kc[1]}, 0.8}, {on(kinds, 2), []int64{kc[1]}, 0.99}, {Key{kinds.ID, 999, 0}, []int64{kc[1]}, 0.9}}
	if n, err := p.AcceptPredicted(ctx, list); n != 2 || err != nil {
		t.Fatalf("%d accepted, %v", n, err)
	}
	is := func(when string, annotated, suggested int) {
		t.Helper()
		if c := must[Counts](t)(p.Counts(ctx, kinds.ID)).Total(); c.Annotated != annotated || c.Suggested != suggested {
			t.Errorf("%s: %+v, want %d annotated, %d with suggestions", when, c, annotated, suggested)
		}
	}
	is("accepted", 3, 0)
	if d := must[Datapoint](t)(p.Datapoint(ctx, on(kinds, 2))); d.Regions[0].Concepts[0] != kc[0] {
		t.Error("an annotation was overwritten")
	}
	if a := must[[]Accepted](t)(p.Accepted(ctx, on(kinds, 0))); len(a) != 1 || a[0].Version != AssistantVersion || a[0].Confidence != 0.9 || a[0].Concept != kc[1] {
		t.Errorf("who made it is %+v", a)
	}
	must[Step](t)(p.Undo(ctx))
	is("undone", 1, 1)
	if a := must[[]Accepted](t)(p.Accepted(ctx, on(kinds, 0))); len(a) != 0 {
		t.Errorf("after undo %+v was accepted", a)
	}

	if n, err := p.AcceptPredicted(ctx, []Predicted{{on(tags, 0), tc, 0.7}, {on(tags, 1), nil, 0.6}}); n != 2 || err != nil {
		t.Fatalf("%d accepted, %v", n, err)
	}
	if c := must[Counts](t)(p.Counts(ctx, tags.ID)).Total(); c.Annotated != 2 || c.WithoutConcept != 1 {
		t.Errorf("tags: %+v", c)
	}

	var rule *RuleError
	for name, bad := range map[string]Predicted{
		"a detection": {on(boxes, 0), bc, 0.9}, "two of a classification": {on(kinds, 3), kc, 0.9}, "not a number": {on(kinds, 3), kc[:1], math.NaN()}, "above 1": {on(kinds, 3), kc[:1], 1.1},
	} {
		if n, err := p.AcceptPredicted(ctx, []Predicted{{on(kinds, 0), kc[:1], 0.9}, bad}); n != 0 || !errors.As(err, &rule) {
			t.Errorf("%s: %d accepted, %v", name, n, err)
		}
	}
	is("refused", 1, 1)
}
