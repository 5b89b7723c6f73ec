package storage

import (
	"context"
	"testing"

	"viewfinder/storage/domain"
)

// Who suggested what a person accepted is known as long as nobody changes it, through undo and redo, and after the version is gone.
func TestAcceptedIsRemembered(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	img := addImages(t, p, 1)[0]
	boxes, bc := addView(t, p, "Boxes", domain.Detection, 0, "A", "B")
	kinds, kc := addView(t, p, "Kinds", domain.Classification, 0, "C", "D")
	version := func(view int64, name string) int64 {
		return must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: view, Name: name, Status: domain.StatusReady})).ID
	}
	in, on := Key{boxes.ID, img.ID, 0}, Key{kinds.ID, img.ID, 0}
	v1, v2 := version(boxes.ID, "v1"), version(kinds.ID, "v2")
	ok(t, p.SetSuggestions(ctx, v1, in, []Suggestion{{Concept: bc[0], Confidence: 0.9, Box: &domain.Box{XMin: 0, YMin: 0, XMax: 0.5, YMax: 0.5}}, {Concept: bc[1], Confidence: 0.7, Box: &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 1, YMax: 1}}}))
	ok(t, p.SetSuggestions(ctx, v2, on, []Suggestion{{Concept: kc[0], Confidence: 0.6}, {Concept: kc[1], Confidence: 0.3}}))
	accepted := func(k Key, want int) []Accepted {
		t.Helper()
		list := must[[]Accepted](t)(p.Accepted(ctx, k))
		if len(list) != want {
			t.Fatalf("%d of %+v were accepted, want %d", len(list), k, want)
		}
		return list
	}
	for _, k := range []Key{in, on} {
		accepted(k, 0)
		var ids []int64
		for _, s := range must[[]Suggestion](t)(p.Suggestions(ctx, k)) {
			ids = append(ids, s.ID)
		}
		ok(t, p.AcceptSuggestions(ctx, ids))
	}
	if list := accepted(in, 2); list[0].Version != v1 || list[0].Box == nil || list[0].Confidence+list[1].Confidence != 1.6 || list[0].At.IsZero() {
		t.Errorf("%+v", list)
	}
	if list := accepted(on, 1); list[0] != (Accepted{v2, kc[0], nil, 0.6, list[0].At}) {
		t.Errorf("%+v", list)
	}

	ok(t, p.Annotate(ctx, kinds.ID, img.ID, 0, []domain.Region{{Concepts: []int64{kc[1]}}})) // a person thinks better of it
	accepted(on, 0)
	must[Step](t)(p.Undo(ctx))
	accepted(on, 1)
	must[Step](t)(p.Undo(ctx)) // of the accepting
	accepted(on, 0)
	must[Step](t)(p.Redo(ctx))
	accepted(on, 1)

	points := must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: boxes.ID}))
	regions := points[0].Regions
	moved := *regions[0].Box
	moved.XMax -= 0.1
	ok(t, p.Annotate(ctx, boxes.ID, img.ID, 0, []domain.Region{{ID: regions[0].ID, Box: &moved, Concepts: regions[0].Concepts}, regions[1]}))
	accepted(in, 1)
	ok(t, p.DeleteVersion(ctx, v1))
	accepted(in, 1)
	ok(t, p.ClearAnnotations(ctx, []Key{in}))
	accepted(in, 0)
}
