package storage

import (
	"context"
	"errors"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// TestOpenReadOnly reads beside the window that has the project open.
func TestOpenReadOnly(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, c := addView(t, p, "V", domain.Tagging, 0, "A")
	images := addImages(t, p, 3)
	r := must[*Project](t)(OpenReadOnly(ctx, p.Dir()))
	ok(t, p.Annotate(ctx, v.ID, images[0].ID, 0, whole(c...)))
	if n := must[int](t)(r.Count(ctx, Query{View: v.ID, State: StateAnnotated})); n != 1 {
		t.Fatal(n)
	}
	_, addErr := r.AddView(ctx, View{Name: "W", Type: domain.Tagging})
	_, _, imageErr := r.AddImage(ctx, strings.NewReader("x"), meta)
	_, undoErr := r.Undo(ctx)
	_, versionErr := r.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "v"})
	for _, err := range []error{addErr, imageErr, undoErr, versionErr, r.SetSetting(ctx, "k", "v")} {
		if !errors.Is(err, ErrReadOnly) {
			t.Fatal(err)
		}
	}
	ok(t, r.Close())
	ok(t, p.Annotate(ctx, v.ID, images[1].ID, 0, whole(c...))) // the window goes on
	ok(t, p.Close())
	r = must[*Project](t)(OpenReadOnly(ctx, p.Dir()))
	ok(t, r.Close())
	if _, err := OpenReadOnly(ctx, t.TempDir()); !errors.Is(err, ErrNotProject) {
		t.Fatal(err)
	}
}
