package assist

import (
	"context"
	"math"
	"slices"
	"time"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/linear"
	"viewfinder/training/parallel"
)

// Similar orders datapoints of a view, those first whose features are most like those of one of them, or of a region of it (region, in fractions of the image; nil: all of the datapoint).
// It waits until that one's features are there; those that have none yet come last, in their order. computed is how many have some.
func (a *Assistant) Similar(ctx context.Context, ids []int64, d storage.Datapoint, region *domain.Box) (order []int64, computed int, err error) {
	s, err := a.wait(ctx, d)
	if err != nil {
		return nil, 0, err
	}
	x := s.rows.of(d.ID)
	if region != nil {
		if x, err = a.region(ctx, s, d, *region); err != nil {
			return nil, 0, err
		}
	}
	order, computed = s.rows.similar(ids, x)
	return order, computed, nil
}

// wait has the features of the view's datapoints be computed, d's first, and waits for that one's.
func (a *Assistant) wait(ctx context.Context, d storage.Datapoint) (*state, error) {
	a.mu.Lock()
	if a.view != d.View {
		a.mu.Unlock()
		return nil, &storage.RuleError{Message: "similar images are found in the view that is shown"}
	}
	if s := a.now.Load(); s.view != d.View || s.rows.of(d.ID) == nil || len(s.rows.ids) < s.images {
		a.wanted, a.first = true, d.ID
		a.again(due{facts: true}, false)
	}
	a.mu.Unlock()
	for {
		s := a.now.Load()
		if s.view == d.View && s.rows.of(d.ID) != nil {
			return s, nil
		}
		if s.view == d.View && s.failed[d.ID] {
			return nil, &storage.RuleError{Message: d.Image.Name + " cannot be read, or has changed, so nothing can be compared with it"}
		}
		if s.view == d.View && s.broken != nil {
			return nil, s.broken
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// region computes the features of a region of a datapoint.
func (a *Assistant) region(ctx context.Context, s *state, d storage.Datapoint, region domain.Box) ([]float32, error) {
	b, err := a.open(nil)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	var x []float32
	sample := training.Sample{Image: a.store.ImagePath(d.Image), SHA256: d.Image.SHA256, Crop: &region}
	err = b.Features(ctx, "", []training.Sample{sample}, func(_ int, half []uint16) { x = s.rows.project(half) })
	if err == nil && x == nil {
		err = &storage.RuleError{Message: d.Image.Name + " cannot be read, or has changed, so nothing can be compared with it"}
	}
	return x, err
}

// similar orders ids by the cosine of their features with x.
func (r rows) similar(ids []int64, x []float32) (order []int64, computed int) {
	type entry struct {
		near  float32
		place int32 // of ids
	}
	list := make([]entry, len(ids))
	for _, n := range parallel.Gather(len(ids), func(from, to int) (n int) {
		for i := from; i < to; i++ {
			list[i] = entry{float32(math.Inf(-1)), int32(i)}
			if at, ok := r.place[ids[i]]; ok {
				list[i].near = cosine(r.at(int(at)), x)
				n++
			}
		}
		return n
	}) {
		computed += n
	}
	slices.SortFunc(list, func(a, b entry) int {
		switch {
		case a.near > b.near:
			return -1
		case a.near < b.near:
			return 1
		}
		return int(a.place - b.place)
	})
	order = make([]int64, len(ids))
	for i, e := range list {
		order[i] = ids[e.place]
	}
	return order, computed
}

// cosine of the angle between a and x, but for x's length, which is the same for all.
func cosine(a, x []float32) float32 {
	length := linear.Dot(a, a)
	if length == 0 {
		return 0
	}
	return linear.Dot(a, x) / float32(math.Sqrt(float64(length)))
}

// Nearest are the annotated datapoints, n at most, whose features are most like those of a datapoint, the nearest first: from them comes most of what is suggested for it.
func (a *Assistant) Nearest(view, id int64, n int) []int64 {
	s := a.now.Load()
	x := s.rows.of(id)
	if s.view != view || x == nil || s.head == nil {
		return nil
	}
	known := make([]int64, 0, len(s.known))
	for _, k := range s.known {
		if k.id != id {
			known = append(known, k.id)
		}
	}
	order, _ := s.rows.similar(known, x)
	return order[:min(n, len(order))]
}
