package editing_test

import (
	"context"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// TestSplitByRule: the plan says what will be, applying does it, Undo takes it back.
func TestSplitByRule(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 8, 2)
	plan := studiotest.Must(p.PlanSplit(ctx, editing.SplitRule{View: v.ID, Val: 0.5, Stratify: true}))(t)
	if plan.Images != 30 || plan.Val != 0.5 || len(plan.Lines) != 4 || len(plan.To[domain.SplitVal])-len(plan.To[domain.SplitTrain]) != 9 {
		t.Fatalf("%+v", plan)
	}
	for _, line := range plan.Lines[1:] {
		if line.Before != (storage.ImageCounts{Train: 8, Val: 2}) || line.After != (storage.ImageCounts{Train: 5, Val: 5}) {
			t.Errorf("%+v", line)
		}
	}
	if err := p.ApplySplit(ctx, plan, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range studiotest.Must(p.ConceptCounts(ctx, v.ID))(t) {
		if c.Train != 5 || c.Val != 5 {
			t.Errorf("%+v", c)
		}
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if n := studiotest.Must(p.Count(ctx, storage.Query{View: v.ID, Split: domain.SplitVal}))(t); n != 6 {
		t.Errorf("%d images in val after Undo", n)
	}
	films := studiotest.Must(p.PlanSplit(ctx, editing.SplitRule{View: v.ID, Val: 0.2, Groups: editing.GroupDigits, Images: plan.To[domain.SplitVal]}))(t)
	if len(films.Groups) > 6 || films.Images != len(plan.To[domain.SplitVal]) {
		t.Errorf("%d groups of %d images", len(films.Groups), films.Images)
	}
	for _, bad := range []editing.SplitRule{{View: v.ID}, {View: v.ID, Val: 1}, {View: v.ID, Val: math.NaN()}, {View: v.ID, Val: 0.2, Groups: "["}, {View: v.ID, Val: 0.2, Images: []int64{}},
		{View: v.ID, Val: 0.2, Test: -0.1}, {View: v.ID, Val: 0.5, Test: 0.5}, {View: v.ID, Val: 0.2, Test: math.NaN()}, {View: v.ID, Val: 0.2, Test: math.Inf(1)}} {
		if _, err := p.PlanSplit(ctx, bad); session.AsRule(err) == nil {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestSplitInThree: with a share for test, each concept has its share in all three; what is in test stays there, and counts, and without a share for
// it the others share the rest.
func TestSplitInThree(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 8, 2)
	var kept []int64
	for _, name := range []string{"red0.png", "red1.png"} {
		kept = append(kept, studiotest.Must(p.FindImage(ctx, name))(t).ID)
	}
	if err := p.SetSplit(ctx, kept, domain.SplitTest); err != nil {
		t.Fatal(err)
	}
	shares := func(r editing.SplitRule) map[string]storage.ImageCounts {
		plan := studiotest.Must(p.PlanSplit(ctx, r))(t)
		got := map[string]storage.ImageCounts{}
		for _, l := range plan.Lines {
			got[l.Name] = l.After
		}
		if err := p.ApplySplit(ctx, plan, nil); err != nil {
			t.Fatal(err)
		}
		for _, c := range studiotest.Must(p.ConceptCounts(ctx, v.ID))(t) {
			if n := (storage.ImageCounts{Train: c.Train, Val: c.Val, Test: c.Test}); !slices.Contains(slices.Collect(maps.Values(got)), n) {
				t.Errorf("%+v was not planned: %+v", n, got)
			}
		}
		for _, id := range kept {
			if split := studiotest.Must(p.Image(ctx, id))(t).Split; split != domain.SplitTest {
				t.Errorf("an image went from test to %s", split)
			}
		}
		return got
	}
	want := map[string]storage.ImageCounts{"all": {Train: 18, Val: 6, Test: 6}, "red": {Train: 6, Val: 2, Test: 2}, "green": {Train: 6, Val: 2, Test: 2}, "blue": {Train: 6, Val: 2, Test: 2}}
	if got := shares(editing.SplitRule{View: v.ID, Val: 0.2, Test: 0.2, Stratify: true}); !maps.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	want = map[string]storage.ImageCounts{"all": {Train: 14, Val: 14, Test: 2}, "red": {Train: 4, Val: 4, Test: 2}, "green": {Train: 5, Val: 5}, "blue": {Train: 5, Val: 5}}
	if got := shares(editing.SplitRule{View: v.ID, Val: 0.5, Stratify: true}); !maps.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestTrash: deleted images are listed, come back, and go for good.
func TestTrash(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 1)
	red := studiotest.Must(p.FindImage(ctx, "red0.png"))(t)
	blue := studiotest.Must(p.FindImage(ctx, "blue0.png"))(t)
	if err := p.DeleteImages(ctx, []int64{red.ID, blue.ID}); err != nil {
		t.Fatal(err)
	}
	trash := studiotest.Must(p.Trash(ctx))(t)
	if len(trash.Images) != 2 || trash.Bytes != red.Size+blue.Size {
		t.Fatalf("%+v", trash)
	}
	if err := p.RestoreImages(ctx, []int64{red.ID}); err != nil {
		t.Fatal(err)
	}
	if d := studiotest.Must(p.Datapoint(ctx, storage.Key{View: v.ID, Image: red.ID}))(t); !d.Annotated {
		t.Error("its annotation did not come back")
	}
	if n, err := p.EmptyTrash(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if left := studiotest.Must(p.Trash(ctx))(t); len(left.Images) != 0 {
		t.Fatalf("%+v", left)
	}
	if found, _ := filepath.Glob(filepath.Join(p.Dir(), "images", "*", blue.SHA256+"*")); len(found) > 0 {
		t.Error("the file is still there:", found)
	}
	if check := studiotest.Must(p.Check(ctx, false, nil))(t); !check.OK() {
		t.Errorf("%v", check.Problems)
	}
}
