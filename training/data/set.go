package data

import (
	"context"
	"sort"

	"viewfinder/training/picture"
)

// Set is a set of samples whose pixels are at hand.
type Set struct {
	Frame Frame
	Items []Item // Boxes in fractions of the frame
	// Origin is each item's index in the list that Load was given; the others could not be read.
	Origin     []int
	Transforms []picture.Transform
	store      *Store
}

// Load decodes every item and keeps its pixels within the budget. Items that cannot be read are left out and reported. The error is ctx's,
// or that of writing the cache.
func Load(ctx context.Context, items []Item, f Frame, b Budget, progress func(done, total int)) (*Set, []Problem, error) {
	store := newStore(f.bytes(), b)
	transforms := make([]picture.Transform, len(items))
	problems, err := decodeAll(ctx, items, f, func(i int, rgb []byte, t picture.Transform) error {
		transforms[i] = t
		_, err := store.put(i, rgb)
		return err
	}, progress)
	if err != nil {
		_ = store.Close()
		return nil, nil, err
	}
	s := &Set{Frame: f, store: store}
	for i, it := range items {
		if len(problems) > 0 && hasProblem(problems, i) {
			continue
		}
		it.Boxes = MapBoxes(it.Boxes, transforms[i])
		s.Items = append(s.Items, it)
		s.Origin = append(s.Origin, i)
		s.Transforms = append(s.Transforms, transforms[i])
	}
	return s, problems, nil
}

// Close gives the pixels back.
func (s *Set) Close() error { return s.store.Close() }

// pixels returns item i's RGB bytes, not to be changed; buf is room for them.
func (s *Set) pixels(i int, buf []byte) ([]byte, error) {
	p, err := s.store.get(s.Origin[i], buf)
	if err != nil || p != nil {
		return p, err
	}
	it := s.Items[i]
	err = withImage(context.Background(), it.Image, it.SHA256, func(file *source) error {
		img, err := s.Frame.picture(file, it.Crop)
		if err != nil {
			return err
		}
		fitted, _ := Fit(img, it.Crop, s.Frame)
		rgb(buf, fitted)
		return nil
	})
	return buf[:s.Frame.bytes()], err
}

// Buffer returns room for one frame's bytes.
func (s *Set) Buffer() []byte { return make([]byte, s.Frame.bytes()) }

func sortProblems(p []Problem) {
	sort.Slice(p, func(i, j int) bool { return p[i].Index < p[j].Index })
}

func hasProblem(p []Problem, index int) bool {
	k := sort.Search(len(p), func(k int) bool { return p[k].Index >= index })
	return k < len(p) && p[k].Index == index
}
