package editing_test

import (
	"context"
	"math"
	"path/filepath"
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
	if plan.Images != 30 || plan.Val != 0.5 || len(plan.Lines) != 4 || len(plan.ToVal)-len(plan.ToTrain) != 9 {
		t.Fatalf("%+v", plan)
	}
	for _, line := range plan.Lines[1:] {
		if line.TrainBefore != 8 || line.ValBefore != 2 || line.TrainAfter != 5 || line.ValAfter != 5 {
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
	films := studiotest.Must(p.PlanSplit(ctx, editing.SplitRule{View: v.ID, Val: 0.2, Groups: editing.GroupDigits, Images: plan.ToVal}))(t)
	if len(films.Groups) > 6 || films.Images != len(plan.ToVal) {
		t.Errorf("%d groups of %d images", len(films.Groups), films.Images)
	}
	for _, bad := range []editing.SplitRule{{View: v.ID}, {View: v.ID, Val: 1}, {View: v.ID, Val: math.NaN()}, {View: v.ID, Val: 0.2, Groups: "["}, {View: v.ID, Val: 0.2, Images: []int64{}}} {
		if _, err := p.PlanSplit(ctx, bad); session.AsRule(err) == nil {
			t.Errorf("%+v: %v", bad, err)
		}
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
