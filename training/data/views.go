package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"sync"

	"viewfinder/training/parallel"
	"viewfinder/training/picture"
)

// drawnViews is how many views of a sample are drawn where its features are kept and more than a horizontal flip is drawn.
const drawnViews = 4

// Views is how many views of each sample are kept where its features are, in the place of a new draw each time: the sample as it is; with
// a horizontal flip its mirror image besides; and where anything else is drawn, some draws.
func (a *Augmenter) Views() int {
	switch {
	case a.flipV || a.zoom || a.shift || a.rotation || a.colour || a.cutout:
		return 1 + drawnViews
	case a.flipH:
		return 2
	}
	return 1
}

// ViewName identifies a view of samples: what is drawn, and which of the draws it is.
func (a *Augmenter) ViewName(view int) string {
	switch {
	case view == 0:
		return ""
	case a.Views() == 2:
		return "mirrored"
	}
	return fmt.Sprintf("%v %v %v %v %v %v %v: %d of %d", a.flipH, a.flipV, a.zoom, a.shift, a.rotation, a.colour, a.cutout, view, drawnViews)
}

// View is the draw that makes a view of an item: the same for the same content and crop, whatever a training's seed.
func (a *Augmenter) View(it Item, view int) Draw {
	switch {
	case view == 0:
		return Draw{}
	case a.Views() == 2:
		return Draw{flipH: true}
	}
	h := fnv.New64a()
	fmt.Fprintln(h, strings.ToLower(it.SHA256), it.Crop)
	return a.draw(stream(h.Sum64(), forViews, uint64(view)))
}

// Pick is the view that stands for the sample at the given place of the given iteration: the same for the same three numbers.
func (a *Augmenter) Pick(seed uint64, iteration, index int) int {
	return stream(seed, forViews, uint64(iteration), uint64(index)).IntN(a.Views())
}

// ItemView is one view of an item, both by index.
type ItemView struct{ Item, View int }

// ViewStream supplies views of items, decoded on demand and not kept.
type ViewStream struct {
	Frame Frame
	Items []Item
	Views []ItemView
	Aug   *Augmenter
}

// Len is the number of views.
func (s *ViewStream) Len() int { return len(s.Views) }

// Transform is not known of a view.
func (s *ViewStream) Transform(int) picture.Transform { return s.Frame.identity() }

// FillBatch writes views from, from+1, … (count of them) to dst, normalised, decoding on all processors and each picture once.
func (s *ViewStream) FillBatch(from, count int, dst []float32, fail func(i int, err error)) {
	n := s.Frame.bytes()
	wanted := make([]Item, count)
	for k := range wanted {
		wanted[k] = s.Items[s.Views[from+k].Item]
	}
	groups := byImage(wanted)
	var mu sync.Mutex
	parallel.Each(len(groups), func(g int) {
		first := wanted[groups[g][0]]
		buf, work := make([]byte, n), make([]byte, n)
		last := -1 // item whose pixels are in buf
		err := withImage(context.Background(), first.Image, first.SHA256, func(file *source) error {
			for _, k := range groups[g] {
				view := s.Views[from+k]
				if view.Item != last {
					img, err := s.Frame.picture(file, wanted[k].Crop)
					if err != nil {
						return err
					}
					fitted, _ := Fit(img, wanted[k].Crop, s.Frame)
					rgb(buf, fitted)
					last = view.Item
				}
				s.Aug.Apply(s.Aug.View(wanted[k], view.View), dst[k*n:(k+1)*n], buf, work)
			}
			return nil
		})
		if err == nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, k := range groups[g] {
			fail(from+k, err)
		}
	})
}

// Check compares the content of items' files with the snapshot, without decoding them: a problem for each that is gone or changed.
// The error is ctx's.
func Check(ctx context.Context, items []Item) ([]Problem, error) {
	groups := byImage(items)
	var mu sync.Mutex
	var problems []Problem
	parallel.Each(len(groups), func(g int) {
		if ctx.Err() != nil {
			return
		}
		if err := check(items[groups[g][0]]); err != nil {
			mu.Lock()
			defer mu.Unlock()
			for _, i := range groups[g] {
				problems = append(problems, Problem{Index: i, Err: err})
			}
		}
	})
	sortProblems(problems)
	return problems, ctx.Err()
}

func check(it Item) error {
	f, err := openFile(it.Image)
	if err != nil {
		return fileError(it.Image, err)
	}
	defer f.Close()
	if it.SHA256 == "" {
		return nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fileError(it.Image, err)
	}
	if !strings.EqualFold(hex.EncodeToString(h.Sum(nil)), it.SHA256) {
		return fmt.Errorf("%s: %w", it.Image, ErrChanged)
	}
	return nil
}

// List is a set of items whose pixels are not kept, but decoded when they are asked for; those with a problem (sorted by index) are left out.
func List(items []Item, f Frame, problems []Problem) *Set {
	s := &Set{Frame: f, store: newStore(f.bytes(), Budget{})}
	for i, it := range items {
		if hasProblem(problems, i) {
			continue
		}
		s.Items, s.Origin, s.Transforms = append(s.Items, it), append(s.Origin, i), append(s.Transforms, f.identity())
	}
	return s
}

// Pixels writes item i's RGB bytes to dst, in the frame.
func (s *Set) Pixels(i int, dst []byte) error {
	p, err := s.pixels(i, dst)
	if err == nil {
		copy(dst, p)
	}
	return err
}
