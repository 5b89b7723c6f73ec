package data

import (
	"context"
	"image"
	"sync"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// Visit decodes each picture once, on all processors, and calls use (from several goroutines) with what an item shows: the picture or its crop, upright,
// which is not to be kept. A picture that cannot be read gives a Problem for each of its items. progress, if not nil, counts items.
func Visit(ctx context.Context, items []Item, use func(i int, img *image.RGBA), progress func(done, total int)) ([]Problem, error) {
	return visit(ctx, items, (*source).whole, use, progress)
}

// visit is Visit with what decodes a file for a crop.
func visit(ctx context.Context, items []Item, decode func(*source, *domain.Box) (*image.RGBA, error), use func(i int, img *image.RGBA), progress func(done, total int)) ([]Problem, error) {
	groups := byImage(items)
	var mu sync.Mutex
	var problems []Problem
	done := 0
	parallel.Each(len(groups), func(g int) {
		if ctx.Err() != nil {
			return
		}
		first := items[groups[g][0]]
		err := withImage(ctx, first.Image, first.SHA256, func(s *source) error {
			for _, i := range groups[g] {
				img, err := decode(s, items[i].Crop)
				if err != nil {
					return err
				}
				use(i, cut(img, items[i].Crop))
			}
			return nil
		})
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			for _, i := range groups[g] {
				problems = append(problems, Problem{Index: i, Err: err})
			}
		}
		done += len(groups[g])
		if progress != nil {
			progress(done, len(items))
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	sortProblems(problems)
	return problems, nil
}
