package storage

import (
	"context"
	"errors"

	"viewfinder/storage/domain"
)

// Amend changes the annotation of a datapoint of a detection view, on the basis of its current state: edit gets its regions as they are now (none when
// it is not annotated) and returns all that it shall have. Reading and writing are one transaction, so that nothing comes in between.
// It returns the regions as they are stored then, in the order that edit gave them.
func (p *Project) Amend(ctx context.Context, key Key, edit func(there []domain.Region) []domain.Region) (stored []domain.Region, err error) {
	err = p.act(ctx, "annotating", func(b *Batch) error {
		_, d, err := b.datapoint(key)
		if err != nil {
			return err
		}
		there, err := b.shownRegions(d.ID)
		if err != nil {
			return err
		}
		wanted := edit(there)
		if err := b.Annotate(key.View, key.Image, key.Source, wanted); err != nil {
			return err
		}
		if stored, err = b.shownRegions(d.ID); err != nil {
			return err
		}
		if len(stored) != len(wanted) {
			return errors.New("internal error: the stored regions are not the expected ones")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

// shownRegions is a datapoint's regions in their order, without those kept aside.
func (b *Batch) shownRegions(datapoint int64) ([]domain.Region, error) {
	rows, err := b.storedRegions(datapoint)
	if err != nil {
		return nil, err
	}
	var regions []domain.Region
	for _, r := range rows {
		if r.Deleted == 0 {
			regions = append(regions, domain.Region{ID: r.ID, Box: boxFrom(r.Xmin, r.Ymin, r.Xmax, r.Ymax), Concepts: r.concepts})
		}
	}
	return regions, nil
}
