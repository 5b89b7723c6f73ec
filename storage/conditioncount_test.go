package storage

import (
	"context"
	"testing"
)

// CountMatching says what a child view with the condition gets.
func TestCountMatching(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	tags, concepts := addView(t, p, "Tags", ViewTagging, 0, "wet", "dirty")
	things, kinds := addView(t, p, "Things", ViewDetection, 0, "cup", "plate")
	images := addImages(t, p, 4)
	for i, set := range [][]int64{{concepts[0]}, {concepts[0], concepts[1]}, {}} {
		ok(t, p.Annotate(ctx, tags.ID, images[i].ID, 0, whole(set...)))
	}
	ok(t, p.Annotate(ctx, things.ID, images[0].ID, 0, []Region{box(kinds[0], 0, 0, 0.2, 0.2), box(kinds[0], 0.5, 0.5, 0.7, 0.7), box(kinds[1], 0.3, 0, 0.4, 0.2)}))
	for i, c := range []struct {
		parent View
		on     *Condition
		want   int
	}{
		{tags, nil, 3}, {tags, HasConcept(concepts[0]), 2}, {tags, AllOf(concepts...), 1}, {tags, AnyOf(concepts...), 2},
		{things, nil, 3}, {things, HasConcept(kinds[0]), 2}, {things, AllOf(kinds...), 0}, {things, AnyOf(kinds...), 3},
	} {
		n := must[int](t)(p.CountMatching(ctx, c.parent.ID, c.on))
		if n != c.want {
			t.Errorf("condition %d matches %d, not %d", i, n, c.want)
		}
		child, err := p.AddView(ctx, View{Name: "child", Type: ViewTagging, ParentID: c.parent.ID, Conditions: c.on})
		if err != nil {
			continue // one that nothing can satisfy is refused
		}
		if got := must[int](t)(p.Count(ctx, Query{View: child.ID})); got != n {
			t.Errorf("condition %d: a child view gets %d, %d were said", i, got, n)
		}
		ok(t, p.DeleteView(ctx, child.ID))
	}
}
