package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// addNamed adds an image of its own content without a split.
func addNamed(t *testing.T, p *Project, name string) Image {
	t.Helper()
	img, _, err := p.AddImage(context.Background(), strings.NewReader("content of "+name), ImageMeta{Name: name, Format: "png", Width: 8, Height: 8})
	ok(t, err)
	return img
}

func splitOf(t *testing.T, p *Project, image int64) domain.Split {
	t.Helper()
	return must[Image](t)(p.Image(context.Background(), image)).Split
}

// sharesOf are the annotated datapoints of a view with each concept, in train, val and test.
func sharesOf(t *testing.T, p *Project, view int64) map[int64][3]int {
	t.Helper()
	shares := map[int64][3]int{}
	for _, c := range must[[]ConceptCount](t)(p.ConceptCounts(context.Background(), view)) {
		shares[c.Concept] = [3]int{c.Train, c.Val, c.Test}
	}
	return shares
}

// TestSettleOneByOne: annotated one after the other, of each concept a fifth is in val at any time, and no image that was annotated moves again.
func TestSettleOneByOne(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "V", domain.Classification, 0, "glass", "paper")
	known := map[int64]domain.Split{}
	for i := range 30 {
		img := addNamed(t, p, fmt.Sprintf("photo %d.png", i))
		ok(t, p.Annotate(ctx, v.ID, img.ID, 0, whole(concepts[i%3%2])))
		known[img.ID] = splitOf(t, p, img.ID)
		for id, was := range known {
			if now := splitOf(t, p, id); now != was {
				t.Fatalf("image %d moved from %s to %s", id, was, now)
			}
		}
		for concept, n := range sharesOf(t, p, v.ID) {
			if want := (n[0] + n[1] + 2) / 5; n[1] != want || n[2] != 0 {
				t.Fatalf("after %d: concept %d has %v", i+1, concept, n)
			}
		}
	}
	img := slices.Min(slices.Collect(func(yield func(int64) bool) {
		for id, s := range known {
			if s == domain.SplitVal && !yield(id) {
				return
			}
		}
	}))
	ok(t, p.Annotate(ctx, v.ID, img, 0, whole(concepts[1])))
	ok(t, p.ClearAnnotations(ctx, []Key{{View: v.ID, Image: img}}))
	ok(t, p.Annotate(ctx, v.ID, img, 0, whole(concepts[0])))
	if splitOf(t, p, img) != domain.SplitVal {
		t.Error("another annotation moved it")
	}
	if report := must[Report](t)(p.Check(ctx, false, nil)); !report.OK() {
		t.Errorf("%+v", report.Problems)
	}
}

// TestSettleAtOnce: annotated in one action, the images' content decides, in whatever order they came.
func TestSettleAtOnce(t *testing.T) {
	ctx := context.Background()
	const n = 60
	inVal := func(order []int) (string, map[int64][3]int, []int64) {
		p := newProject(t)
		v, concepts := addView(t, p, "V", domain.Classification, 0, "glass", "paper", "metal")
		ok(t, p.Batch(ctx, "import", func(b *Batch) error {
			for _, i := range order {
				name := fmt.Sprintf("photo %d.png", i)
				img, _, err := b.AddImage(strings.NewReader("content of "+name), ImageMeta{Name: name, Format: "png", Width: 8, Height: 8})
				if err != nil {
					return err
				}
				which := min(i/n, 2) // the third has three images
				if err := b.Annotate(v.ID, img.ID, 0, whole(concepts[which])); err != nil {
					return err
				}
				if i%7 == 0 {
					if err := b.Flush(); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		var names []string
		for _, d := range must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: v.ID, Split: domain.SplitVal})) {
			names = append(names, d.Image.Name)
		}
		return strings.Join(names, ", "), sharesOf(t, p, v.ID), concepts
	}
	var order []int
	for i := range 2*n + 3 {
		order = append(order, i)
	}
	val, shares, concepts := inVal(order)
	for i, want := range [][3]int{{48, 12, 0}, {48, 12, 0}, {2, 1, 0}} {
		if got := shares[concepts[i]]; got != want {
			t.Errorf("concept %d: %v, want %v", i, got, want)
		}
	}
	slices.Reverse(order)
	if again, _, _ := inVal(order); again != val {
		t.Errorf("in another order val is\n%s, not\n%s", again, val)
	}
}

// TestSettleSeveralConcepts: images with several concepts are dealt out by the rarest first, so that it has its share, too.
func TestSettleSeveralConcepts(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "V", domain.Tagging, 0, "often", "seldom")
	ok(t, p.Do(ctx, "annotate", func(b *Batch) error {
		for i := range 120 {
			name := fmt.Sprintf("photo %d.png", i)
			img, _, err := b.AddImage(strings.NewReader(name), ImageMeta{Name: name, Format: "png", Width: 8, Height: 8})
			if err != nil {
				return err
			}
			regions := whole(concepts[0])
			switch {
			case i < 10:
				regions = whole(concepts...)
			case i >= 100:
				regions = nil // without concept
			}
			if err := b.Annotate(v.ID, img.ID, 0, regions); err != nil {
				return err
			}
		}
		return nil
	}))
	shares := sharesOf(t, p, v.ID)
	if shares[concepts[0]] != [3]int{80, 20, 0} || shares[concepts[1]] != [3]int{8, 2, 0} {
		t.Errorf("%v", shares)
	}
	if c := must[Counts](t)(p.Counts(ctx, v.ID)); c.Val.WithoutConcept != 4 || c.Train.WithoutConcept != 16 {
		t.Errorf("without concept: %+v", c)
	}
}

// TestSettleLeavesAlone: what a person or a data set put into a split stays there; test images do not count; boxes count images, not boxes.
func TestSettleLeavesAlone(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "V", domain.Detection, 0, "bolt")
	var images []Image
	for i := range 20 {
		images = append(images, addNamed(t, p, fmt.Sprint(i, ".png")))
	}
	moved := []int64{}
	for _, img := range images[:10] {
		moved = append(moved, img.ID)
	}
	ok(t, p.SetSplit(ctx, moved, domain.SplitTest))
	given, _, err := p.AddImage(ctx, strings.NewReader("given"), ImageMeta{Name: "given.png", Format: "png", Width: 8, Height: 8, Split: domain.SplitVal})
	ok(t, err)
	for _, img := range append(images, given) {
		ok(t, p.Annotate(ctx, v.ID, img.ID, 0, []domain.Region{box(concepts[0], 0, 0, 0.5, 0.5), box(concepts[0], 0.5, 0.5, 1, 1)}))
	}
	if got := sharesOf(t, p, v.ID)[concepts[0]]; got != [3]int{8, 3, 10} { // 2 of the ten, and the one that was given
		t.Errorf("%v", got)
	}
	for _, id := range moved {
		if splitOf(t, p, id) != domain.SplitTest {
			t.Error("an image left the test split")
		}
	}
}

// TestSettleUndone: Undo takes the split back with the annotation, Redo gives both again.
func TestSettleUndone(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "V", domain.Tagging, 0, "A")
	var keys []Key
	for i := range 10 {
		keys = append(keys, Key{View: v.ID, Image: addNamed(t, p, fmt.Sprint(i, ".png")).ID})
	}
	before := dump(t, p)
	ok(t, p.SetConcepts(ctx, keys, concepts))
	after := dump(t, p)
	if got := sharesOf(t, p, v.ID)[concepts[0]]; got != [3]int{8, 2, 0} {
		t.Fatalf("%v", got)
	}
	must[Step](t)(p.Undo(ctx))
	sameDump(t, "after Undo", before, dump(t, p))
	must[Step](t)(p.Redo(ctx))
	sameDump(t, "after Redo", after, dump(t, p))
}

// TestSettleAfterFailure: what an import kept when it failed has its split for good.
func TestSettleAfterFailure(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "V", domain.Tagging, 0, "A")
	full := errors.New("the disk is full")
	err := p.Batch(ctx, "import", func(b *Batch) error {
		for i := range 15 {
			if i == 10 {
				if err := b.Flush(); err != nil {
					return err
				}
			}
			name := fmt.Sprint(i, ".png")
			img, _, err := b.AddImage(strings.NewReader(name), ImageMeta{Name: name, Format: "png", Width: 8, Height: 8})
			if err != nil {
				return err
			}
			if err := b.Annotate(v.ID, img.ID, 0, whole(concepts[0])); err != nil {
				return err
			}
		}
		return full
	})
	if !errors.Is(err, full) {
		t.Fatal(err)
	}
	if got := sharesOf(t, p, v.ID)[concepts[0]]; got != [3]int{8, 2, 0} {
		t.Errorf("%v", got)
	}
	var open int
	ok(t, p.conn.QueryRowContext(ctx, "SELECT count(*) FROM images WHERE settled = 0").Scan(&open))
	if open != 0 {
		t.Errorf("%d images have no split for good", open)
	}
}
