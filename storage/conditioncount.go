package storage

import (
	"context"

	"viewfinder/storage/domain"
)

// CountMatching counts what a child view with this condition would get of a parent: datapoints of a classification or tagging, regions of a
// detection. nil is everything annotated. It reads the tallies alone, so that it costs the same for any number of images.
func (p *Reader) CountMatching(ctx context.Context, parent int64, c *domain.Condition) (int, error) {
	view, err := p.View(ctx, parent)
	if err != nil {
		return 0, err
	}
	rows, err := p.tallies(ctx, parent)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, row := range rows {
		if row.Annotated == 0 {
			continue
		}
		var all []int64
		eachInSet(row.ConceptSet, func(concept int64, regions int) {
			all = append(all, concept)
			if view.Type.HasBoxes() && c.Matches([]int64{concept}) {
				n += regions * int(row.N)
			}
		})
		if !view.Type.HasBoxes() && c.Matches(all) {
			n += int(row.N)
		}
	}
	return n, nil
}
