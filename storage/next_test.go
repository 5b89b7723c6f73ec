package storage

import (
	"context"
	"slices"
	"testing"

	"viewfinder/storage/domain"
)

// TestNext: an order of some of a view's datapoints is kept; those it does not name come last, and what is annotated leaves it.
func TestNext(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 5)
	v, c := addView(t, p, "Class", domain.Classification, 0, "A")
	other, _ := addView(t, p, "Other", domain.Classification, 0, "A")
	ids := must[[]int64](t)(p.DatapointIDs(ctx, Query{View: v.ID}))
	foreign := must[[]int64](t)(p.DatapointIDs(ctx, Query{View: other.ID}))
	ok(t, p.SetNext(ctx, v.ID, []int64{ids[3], foreign[0], ids[1], ids[3], 999}))
	list := func(descending bool) []int64 {
		return must[[]int64](t)(p.DatapointIDs(ctx, Query{View: v.ID, Sort: SortUseful, Descending: descending}))
	}
	if got, want := list(false), []int64{ids[3], ids[1], ids[0], ids[2], ids[4]}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if got := list(true); got[0] != ids[1] || got[1] != ids[3] {
		t.Errorf("descending: %v", got)
	}
	ok(t, p.Annotate(ctx, v.ID, images[3].ID, 0, whole(c[0])))
	if got := must[[]int64](t)(p.NextNotAnnotated(ctx, v.ID, 0)); !slices.Equal(got, []int64{ids[1]}) {
		t.Errorf("next are %v, want %v", got, ids[1])
	}
	ok(t, p.SetNext(ctx, v.ID, nil))
	if got := must[[]int64](t)(p.NextNotAnnotated(ctx, v.ID, 3)); len(got) != 0 {
		t.Errorf("next are %v, want none", got)
	}
}

// TestAcceptAbove: what is certain enough becomes annotations, in one step of Undo.
func TestAcceptAbove(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 3)
	dt, dtc := addView(t, p, "Boxes", domain.Detection, 0, "A")
	version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: dt.ID, Name: "v", Status: domain.StatusReady})).ID
	for i, img := range images {
		ok(t, p.SetSuggestions(ctx, version, Key{dt.ID, img.ID, 0}, []Suggestion{
			{Concept: dtc[0], Confidence: 0.5 + 0.2*float64(i), Box: &domain.Box{XMin: 0, YMin: 0, XMax: 0.5, YMax: 0.5}}, {Concept: dtc[0], Confidence: 0.2, Box: &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 1, YMax: 1}}}))
	}
	total := func() SplitCounts { return must[Counts](t)(p.Counts(ctx, dt.ID)).Total() }
	n, points, err := p.AcceptAbove(ctx, Query{View: dt.ID}, 0.6)
	if err != nil || n != 2 || points != 2 {
		t.Fatalf("%d suggestions of %d datapoints accepted, %v", n, points, err)
	}
	if got := total(); got.Annotated != 2 || got.Suggested != 3 {
		t.Errorf("%+v", got)
	}
	must[Step](t)(p.Undo(ctx))
	if got := total(); got.Annotated != 0 || got.Suggested != 3 {
		t.Errorf("undone: %+v", got)
	}
	if n, points, err = p.AcceptAbove(ctx, Query{View: dt.ID, Images: []int64{images[1].ID}}, 0); err != nil || n != 2 || points != 1 {
		t.Errorf("%d suggestions of %d datapoints accepted, %v", n, points, err)
	}
	ok(t, p.SetSuggestions(ctx, version, Key{dt.ID, images[2].ID, 0}, []Suggestion{{Concept: dtc[0], Confidence: float64(float32(0.9)), Box: &domain.Box{XMax: 0.5, YMax: 0.5}}}))
	if n, _, err = p.AcceptAbove(ctx, Query{View: dt.ID}, 0.9); err != nil || n != 1 {
		t.Errorf("of a confidence of exactly 0.9, %d were accepted, %v", n, err)
	}
	if n, _, err = p.AcceptAbove(ctx, Query{View: dt.ID}, 0.95); err != nil || n != 0 {
		t.Errorf("%d accepted, %v", n, err)
	}
}
