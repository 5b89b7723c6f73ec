package storage

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func TestSortIDs(t *testing.T) {
	ids, keys := []int64{1, 2, 3, 4}, []int64{5, noConfidence, 3, 5}
	for _, c := range []struct {
		by         Sort
		descending bool
		want       []int64
	}{
		{SortSize, false, []int64{3, 1, 4, 2}},
		{SortSize, true, []int64{2, 1, 4, 3}},
		{SortConfidence, false, []int64{3, 1, 4, 2}},
		{SortConfidence, true, []int64{1, 4, 3, 2}},
	} {
		if got := sortIDs(slices.Clone(ids), slices.Clone(keys), c.by, c.descending); !slices.Equal(got, c.want) {
			t.Errorf("%s, descending %v: %v, not %v", c.by, c.descending, got, c.want)
		}
	}
}

// TestOrders: each order of the gallery is the one that its name promises, to the last datapoint, whatever the rows' places on disk, and what is cut
// out of it is a part of it. Names count as numbers, sizes are tied, images were added in another order than their names'.
func TestOrders(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	names := rand.New(rand.NewPCG(1, 2)).Perm(120)
	images := make([]Image, len(names))
	ok(t, p.Batch(ctx, "Import", func(b *Batch) (err error) {
		for i, n := range names {
			content := fmt.Sprintf("%03d", i) + strings.Repeat(".", n%4) // its size is tied with 29 others'
			if images[i], _, err = b.AddImage(strings.NewReader(content), ImageMeta{Name: fmt.Sprintf("f%d.png", n), Format: "png", Width: 1, Height: 1}); err != nil {
				return err
			}
		}
		return nil
	}))
	v, _ := addView(t, p, "Class", domain.Classification, 0, "A")
	added := func(a, b Image) int { return cmp.Compare(a.ID, b.ID) }
	for by, compare := range map[Sort]func(a, b Image) int{
		"": func(a, b Image) int {
			return cmp.Compare(names[slices.Index(images, a)], names[slices.Index(images, b)])
		},
		SortAdded: added,
		SortSize:  func(a, b Image) int { return cmp.Or(cmp.Compare(a.Size, b.Size), added(a, b)) },
	} {
		want := slices.SortedFunc(slices.Values(images), compare)
		for _, descending := range []bool{false, true} {
			if descending {
				slices.Reverse(want)
			}
			q := Query{View: v.ID, Sort: by, Descending: descending}
			ids := must[[]int64](t)(p.DatapointIDs(ctx, q))
			var got []Image
			for _, d := range must[[]Datapoint](t)(p.DatapointsByID(ctx, ids)) {
				got = append(got, d.Image)
			}
			if !slices.EqualFunc(got, want, func(a, b Image) bool { return a.ID == b.ID }) {
				t.Errorf("%q, descending %v: not in this order", by, descending)
			}
			q.Limit, q.Offset = 7, 50
			if cut := must[[]int64](t)(p.DatapointIDs(ctx, q)); !slices.Equal(cut, ids[50:57]) {
				t.Errorf("%q, descending %v: 7 from 50 on are %v, not %v", by, descending, cut, ids[50:57])
			}
		}
	}
	s, _, err := Query{View: v.ID}.idsSQL()
	ok(t, err)
	if strings.Contains(s.String(), "(SELECT d.id") || !strings.Contains(s.String(), " ORDER BY d.name_key, d.image_id, d.source_id") {
		t.Errorf("the order is not that of the statement itself: %s", s.String())
	}
}
