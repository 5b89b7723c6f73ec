package storage

import (
	"context"
	"testing"

	"viewfinder/storage/domain"
)

// CountMatching says what a child view with the condition gets.
func TestCountMatching(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	tags, concepts := addView(t, p, "Tags", domain.Tagging, 0, "wet", "dirty")
	things, kinds := addView(t, p, "Things", domain.Detection, 0, "cup", "plate")
	images := addImages(t, p, 4)
	for i, set := range [][]int64{{concepts[0]}, {concepts[0], concepts[1]}, {}} {
		ok(t, p.Annotate(ctx, tags.ID, images[i].ID, 0, whole(set...)))
	}
	ok(t, p.Annotate(ctx, things.ID, images[0].ID, 0, []domain.Region{box(kinds[0], 0, 0, 0.2, 0.2), box(kinds[0], 0.5, 0.5, 0.7, 0.7), box(kinds[1], 0.3, 0, 0.4, 0.2)}))
	for i, c := range []struct {
		parent View
		on     *domain.Condition
		want   int
	}{
		{tags, nil, 3}, {tags, domain.HasConcept(concepts[0]), 2}, {tags, domain.AllOf(concepts...), 1}, {tags, domain.AnyOf(concepts...), 2},
		{things, nil, 3}, {things, domain.HasConcept(kinds[0]), 2}, {things, domain.AllOf(kinds...), 0}, {things, domain.AnyOf(kinds...), 3},
	} {
		n := must[int](t)(p.CountMatching(ctx, c.parent.ID, c.on))
		if n != c.want {
			t.Errorf("condition %d matches %d, not %d", i, n, c.want)
		}
		child, err := p.AddView(ctx, View{Name: "child", Type: domain.Tagging, ParentID: c.parent.ID, Conditions: c.on})
		if err != nil {
			continue // one that nothing can satisfy is refused
		}
		if got := must[int](t)(p.Count(ctx, Query{View: child.ID})); got != n {
			t.Errorf("condition %d: a child view gets %d, %d were counted", i, got, n)
		}
		ok(t, p.DeleteView(ctx, child.ID))
	}
}
