package studio

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage"
)

// TestDivision: each concept gets its share, groups stay whole, and it comes out the same each time.
func TestDivision(t *testing.T) {
	var all []storage.Placement
	for i := range 1000 {
		one := storage.Placement{Image: int64(i + 1), Name: fmt.Sprintf("film %d/%04d.jpg", i/10, i), SHA256: fmt.Sprintf("%064x", i*7919), Annotated: i%10 < 8}
		if one.Annotated {
			one.Concepts = []int64{1}
			if i%100 == 0 {
				one.Concepts = []int64{2}
			}
			if i%4 == 0 {
				one.Concepts = append(one.Concepts, 3)
			}
		}
		all = append(all, one)
	}
	for _, groups := range []string{"", GroupDigits, `^film \d+`} {
		t.Run(groups, func(t *testing.T) {
			r := SplitRule{View: 1, Val: 0.2, Stratify: true, Groups: groups}
			name, err := groupNamer(groups)
			if err != nil {
				t.Fatal(err)
			}
			d := newDivision(all, name, r)
			d.run()
			val, total := map[int64]float64{}, map[int64]float64{}
			for i, one := range all {
				for _, label := range append([]int64{0}, labelsOf(one, 1)...) {
					total[label]++
					if d.groups[d.groupOf[i]].val {
						val[label]++
					}
				}
			}
			allowed := 0.011
			want := 1000
			if groups != "" {
				want, allowed = 100, 0.11 // ten films in a hundred carry concept 2
			}
			if len(d.groups) != want {
				t.Fatalf("%d groups, want %d", len(d.groups), want)
			}
			for label, n := range total {
				if share := val[label] / n; math.Abs(share-0.2) > max(allowed, 1/n) {
					t.Errorf("label %d: %.3f of %.0f are in val", label, share, n)
				}
			}
			again := newDivision(all, name, r)
			again.run()
			for i := range d.groups {
				if d.groups[i].val != again.groups[i].val {
					t.Fatal("another time it came out differently")
				}
			}
		})
	}
}

func TestGroupNames(t *testing.T) {
	for name, want := range map[string]string{
		"a/frame_0012.jpg": "a/frame_#", "frame12b.png": "frame#b", "2024-05-06 13.jpg": "2024-05-06 #", "cat.jpg": "cat", "7.jpg": "#", ".jpg": ".jpg", "瓶12.png": "瓶#",
	} {
		if got := withoutLastNumber(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := groupNamer("(a"); asRule(err) == nil || !strings.Contains(err.Error(), "regular expression") {
		t.Error(err)
	}
}

// TestSplitByRule: the plan says what will be, applying does it, Undo takes it back.
func TestSplitByRule(t *testing.T) {
	ctx := context.Background()
	p, v := colourProject(t, 8, 2)
	plan := must(p.PlanSplit(ctx, SplitRule{View: v.ID, Val: 0.5, Stratify: true}))(t)
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
	for _, c := range must(p.ConceptCounts(ctx, v.ID))(t) {
		if c.Train != 5 || c.Val != 5 {
			t.Errorf("%+v", c)
		}
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if n := must(p.Count(ctx, Query{View: v.ID, Split: SplitVal}))(t); n != 6 {
		t.Errorf("%d images in val after Undo", n)
	}
	films := must(p.PlanSplit(ctx, SplitRule{View: v.ID, Val: 0.2, Groups: GroupDigits, Images: plan.ToVal}))(t)
	if len(films.Groups) > 6 || films.Images != len(plan.ToVal) {
		t.Errorf("%d groups of %d images", len(films.Groups), films.Images)
	}
	for _, bad := range []SplitRule{{View: v.ID}, {View: v.ID, Val: 1}, {View: v.ID, Val: math.NaN()}, {View: v.ID, Val: 0.2, Groups: "["}, {View: v.ID, Val: 0.2, Images: []int64{}}} {
		if _, err := p.PlanSplit(ctx, bad); asRule(err) == nil {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestTrash: deleted images are listed, come back, and go for good.
func TestTrash(t *testing.T) {
	ctx := context.Background()
	p, v := colourProject(t, 2, 1)
	red := must(p.FindImage(ctx, "red0.png"))(t)
	blue := must(p.FindImage(ctx, "blue0.png"))(t)
	if err := p.DeleteImages(ctx, []int64{red.ID, blue.ID}); err != nil {
		t.Fatal(err)
	}
	trash := must(p.Trash(ctx))(t)
	if len(trash.Images) != 2 || trash.Bytes != red.Size+blue.Size {
		t.Fatalf("%+v", trash)
	}
	if err := p.RestoreImages(ctx, []int64{red.ID}); err != nil {
		t.Fatal(err)
	}
	if d := must(p.Datapoint(ctx, Key{View: v.ID, Image: red.ID}))(t); !d.Annotated {
		t.Error("its annotation did not come back")
	}
	if n, err := p.EmptyTrash(ctx); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if left := must(p.Trash(ctx))(t); len(left.Images) != 0 {
		t.Fatalf("%+v", left)
	}
	if found, _ := filepath.Glob(filepath.Join(p.Dir(), "images", "*", blue.SHA256+"*")); len(found) > 0 {
		t.Error("the file is still there:", found)
	}
	if check := must(p.Check(ctx, false, nil))(t); !check.OK() {
		t.Errorf("%v", check.Problems)
	}
}
