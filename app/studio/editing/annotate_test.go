package editing_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

func TestClassify(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 2, 0)
	var told []session.Change
	changes := make(chan session.Change, 100)
	defer p.Subscribe(func(c session.Change) { changes <- c })()
	img := studiotest.Must(p.FindImage(ctx, "red0.png"))(t)
	keys := []storage.Key{{View: v.ID, Image: img.ID}}
	blue := studiotest.Must(p.FindConcept(ctx, v.ID, "Blue"))(t)
	concept := func() int64 {
		d := studiotest.Must(p.Datapoint(ctx, keys[0]))(t)
		if !d.Annotated {
			return 0
		}
		return d.Regions[0].Concepts[0]
	}
	before := concept()
	if err := p.SetConcept(ctx, keys, blue.ID); err != nil || concept() != blue.ID {
		t.Fatalf("SetConcept: %v, the concept is %d", err, concept())
	}
	for c := range changes {
		if told = append(told, c); c.Kind == session.ChangeHistory {
			break
		}
	}
	if told[0].Kind != session.ChangeAnnotations || told[0].View != v.ID || told[0].Images[0] != img.ID {
		t.Errorf("the changes told are %+v", told)
	}
	if undo, _ := p.History(); undo == "" {
		t.Error("Undo has no label")
	}
	if _, err := p.Undo(ctx, 0); err != nil || concept() != before {
		t.Errorf("Undo: %v, the concept is %d, was %d", err, concept(), before)
	}
	if _, err := p.Redo(ctx, 0); err != nil || concept() != blue.ID {
		t.Errorf("Redo: %v, the concept is %d", err, concept())
	}
	if err := p.WithoutConcept(ctx, keys); session.AsRule(err) == nil {
		t.Errorf("without concept in a classification: %v", err)
	}
	if err := p.Clear(ctx, keys); err != nil || concept() != 0 {
		t.Errorf("Clear: %v", err)
	}
	if n := studiotest.Must(p.Count(ctx, storage.Query{View: v.ID, State: storage.StateNotAnnotated}))(t); n != 1 {
		t.Errorf("%d images are not annotated", n)
	}
}

func TestTag(t *testing.T) {
	ctx := context.Background()
	p, _ := studiotest.ColourProject(t, 2, 0)
	v := studiotest.Must(p.AddView(ctx, storage.View{Name: "Tags", Type: domain.Tagging}))(t)
	a := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "a"}))(t)
	b := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "b"}))(t)
	if a.Key != "1" || b.Key != "2" || a.Color == "" || a.Color == b.Color {
		t.Errorf("the concepts are %+v and %+v", a, b)
	}
	points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID, Limit: 2}))(t)
	keys := []storage.Key{points[0].Key(), points[1].Key()}
	tags := func(i int) int {
		d := studiotest.Must(p.Datapoint(ctx, keys[i]))(t)
		if !d.Annotated {
			return -1
		}
		n := 0
		for _, r := range d.Regions {
			n += len(r.Concepts)
		}
		return n
	}
	for i, step := range []struct {
		do   func() error
		want [2]int
	}{
		{func() error { return p.ToggleConcept(ctx, keys[:1], a.ID) }, [2]int{1, -1}},
		{func() error { return p.ToggleConcept(ctx, keys, a.ID) }, [2]int{1, 1}}, // one lacked it: both have it
		{func() error { return p.ToggleConcept(ctx, keys, b.ID) }, [2]int{2, 2}},
		{func() error { return p.ToggleConcept(ctx, keys, a.ID) }, [2]int{1, 1}},
		{func() error { return p.WithoutConcept(ctx, keys[1:]) }, [2]int{1, 0}},
		{func() error { return p.SetConcepts(ctx, keys, []int64{a.ID, b.ID}) }, [2]int{2, 2}},
		{func() error { _, err := p.Undo(ctx, 0); return err }, [2]int{1, 0}},
		{func() error { return p.SetReviewed(ctx, keys, true) }, [2]int{1, 0}},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if got := [2]int{tags(0), tags(1)}; got != step.want {
			t.Errorf("after step %d the images have %v tags, want %v", i, got, step.want)
		}
	}
	if sum := studiotest.Must(p.Summary(ctx, v.ID))(t); sum.Annotated != 2 || sum.ToReview != 0 || sum.Images != 6 {
		t.Errorf("the summary is %+v", sum)
	}
}

// TestBoxesAndCrops: each box that satisfies the conditions is a datapoint of the child view, cut out of the image.
func TestBoxesAndCrops(t *testing.T) {
	ctx := context.Background()
	p := studiotest.Project(t)
	root := filepath.Join(t.TempDir(), "pictures")
	studiotest.Paint(t, filepath.Join(root, "a.png"), studiotest.Colours["red"], 200, 100, 1)
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{root}, Format: "images"})
	parent := studiotest.Must(p.AddView(ctx, storage.View{Name: "Things", Type: domain.Detection}))(t)
	thing := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: parent.ID, Name: "thing"}))(t)
	other := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: parent.ID, Name: "other"}))(t)
	child := studiotest.Must(p.AddView(ctx, storage.View{Name: "Kind", Type: domain.Classification, ParentID: parent.ID, Conditions: &domain.Condition{Op: "concept", Concept: thing.ID}}))(t)
	tree := studiotest.Must(p.Tree(ctx))(t)
	if len(tree) != 2 || tree[1].Depth != 1 || tree[1].Condition != "Things: thing" {
		t.Errorf("the tree is %+v", tree)
	}
	img := studiotest.Must(p.FindImage(ctx, "a.png"))(t)
	key := storage.Key{View: parent.ID, Image: img.ID}
	if err := p.SetConcept(ctx, []storage.Key{key}, thing.ID); session.AsRule(err) == nil {
		t.Errorf("a concept without a box: %v", err)
	}
	err := p.Annotate(ctx, key, []domain.Region{
		{Box: &domain.Box{XMin: 0, YMin: 0, XMax: 0.5, YMax: 0.5}, Concepts: []int64{thing.ID}},
		{Box: &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 1, YMax: 1}, Concepts: []int64{other.ID}},
	})
	if err != nil {
		t.Fatal(err)
	}
	crops := studiotest.Must(p.Datapoints(ctx, storage.Query{View: child.ID}))(t)
	if len(crops) != 1 || crops[0].SourceBox == nil {
		t.Fatalf("the crops are %+v", crops)
	}
	picture := studiotest.Must(p.DatapointImage(ctx, crops[0]))(t)
	if picture.Rect.Dx() != 100 || picture.Rect.Dy() != 50 {
		t.Errorf("the crop is %v", picture.Rect)
	}
	small := studiotest.Must(p.Thumbnail(ctx, crops[0], 40))(t)
	if small.Bounds().Dx() != 40 || small.Bounds().Dy() != 20 {
		t.Errorf("its thumbnail is %v", small.Bounds())
	}
	use := studiotest.Must(p.Prepare(ctx, parent.ID, training.DefaultOptions(domain.Detection, "")))(t)
	if use.Ready || use.Concepts[0].Train+use.Concepts[0].Val != 1 {
		t.Errorf("the preparation is %+v", use)
	}
	if err := p.Annotate(ctx, key, nil); err != nil { // a hard negative
		t.Fatal(err)
	}
	if n := studiotest.Must(p.Count(ctx, storage.Query{View: child.ID}))(t); n != 0 {
		t.Errorf("%d crops are left without their boxes", n)
	}
	if _, err := p.Undo(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if n := studiotest.Must(p.Count(ctx, storage.Query{View: child.ID}))(t); n != 1 {
		t.Errorf("%d crops after Undo", n)
	}
}

func TestViewsAndConcepts(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 1, 0)
	if err := p.RenameView(ctx, v.ID, "Hue"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.FindView(ctx, "Colour"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the old name: %v", err)
	}
	red := studiotest.Must(p.FindConcept(ctx, v.ID, "red"))(t)
	red.Name, red.Color, red.Key = "crimson", "#aa0011", "c"
	if err := p.UpdateConcept(ctx, red); err != nil {
		t.Fatal(err)
	}
	if got := studiotest.Must(p.FindConcept(ctx, v.ID, "crimson"))(t); got.Color != red.Color || got.Key != "c" || got.ID != red.ID {
		t.Errorf("the concept is %+v", got)
	}
	if _, err := p.Undo(ctx, 0); err != nil { // all three in one step
		t.Fatal(err)
	}
	old := studiotest.Must(p.FindConcept(ctx, v.ID, "red"))(t)
	if old.Key == "c" {
		t.Error("Undo took back only a part")
	}
	if err := p.DeleteConcept(ctx, old.ID); err != nil {
		t.Fatal(err)
	}
	if sum := studiotest.Must(p.Summary(ctx, v.ID))(t); sum.Annotated != 2 {
		t.Errorf("%d images are annotated after their concept was deleted", sum.Annotated)
	}
	if err := p.DeleteView(ctx, v.ID); err != nil {
		t.Fatal(err)
	}
	if views := studiotest.Must(p.Views(ctx))(t); len(views) != 0 {
		t.Errorf("the views are %v", views)
	}
}
