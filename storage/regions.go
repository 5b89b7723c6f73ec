package storage

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

// storedRegion is a region as it lies in the database, kept aside or not.
type storedRegion struct {
	db.Region
	concepts []int64 // ascending
}

func (b *Batch) storedRegions(datapoint int64) ([]*storedRegion, error) {
	rows, err := b.q.RegionsOf(b.ctx, datapoint)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	concepts, err := b.q.ConceptsOfRegions(b.ctx, datapoint)
	if err != nil {
		return nil, err
	}
	regions := make([]*storedRegion, len(rows))
	byID := make(map[int64]*storedRegion, len(rows))
	for i, row := range rows {
		regions[i] = &storedRegion{Region: row}
		byID[row.ID] = regions[i]
	}
	for _, c := range concepts {
		byID[c.RegionID].concepts = append(byID[c.RegionID].concepts, c.ConceptID)
	}
	return regions, nil
}

// matchRegions finds for each wanted region the stored one that it is: by ID, else by the same box, those not kept aside
// first; nil for new ones. An ID that the datapoint does not have is new.
func matchRegions(there []*storedRegion, wanted []domain.Region) []*storedRegion {
	match := make([]*storedRegion, len(wanted))
	if len(there) == 0 {
		return match
	}
	byID := make(map[int64]*storedRegion, len(there))
	byBox := make(map[domain.Box][]*storedRegion, len(there))
	for _, deleted := range []int64{0, 1} {
		for _, old := range there {
			if old.Deleted == deleted {
				byID[old.ID] = old
				byBox[old.box()] = append(byBox[old.box()], old)
			}
		}
	}
	taken := map[int64]bool{}
	for i, r := range wanted {
		if old := byID[r.ID]; r.ID != 0 && old != nil && !taken[old.ID] && (old.Xmin == nil) == (r.Box == nil) {
			match[i], taken[old.ID] = old, true
		}
	}
	for i, r := range wanted {
		if match[i] != nil {
			continue
		}
		var box domain.Box
		if r.Box != nil {
			box = *r.Box
		}
		for _, old := range byBox[box] {
			if !taken[old.ID] {
				match[i], taken[old.ID] = old, true
				break
			}
		}
	}
	return match
}

// box is the region's box, all zero for the whole.
func (r *storedRegion) box() domain.Box {
	if box := boxFrom(r.Xmin, r.Ymin, r.Xmax, r.Ymax); box != nil {
		return *box
	}
	return domain.Box{}
}

func (b *Batch) updateRegion(old *storedRegion, r domain.Region, position int) (changed bool, err error) {
	var box domain.Box
	if r.Box != nil {
		box = *r.Box
	}
	if old.Deleted == 1 || old.box() != box || old.Position != int64(position) {
		changed = true
		params := db.UpdateRegionParams{Position: int64(position), ID: old.ID}
		params.Xmin, params.Ymin, params.Xmax, params.Ymax = edges(r.Box)
		if err := b.q.UpdateRegion(b.ctx, params); err != nil {
			return false, err
		}
	}
	for _, c := range old.concepts {
		if !slices.Contains(r.Concepts, c) {
			changed = true
			if err := b.q.DeleteRegionConcept(b.ctx, old.ID, c); err != nil {
				return false, err
			}
		}
	}
	for _, c := range r.Concepts {
		if !slices.Contains(old.concepts, c) {
			changed = true
			if err := b.q.InsertRegionConcept(b.ctx, old.ID, c); err != nil {
				return false, err
			}
		}
	}
	return changed, nil
}

func (b *Batch) insertRegion(datapoint int64, r domain.Region, position int) error {
	params := db.InsertRegionParams{DatapointID: datapoint, Position: int64(position)}
	params.Xmin, params.Ymin, params.Xmax, params.Ymax = edges(r.Box)
	id, err := b.q.InsertRegion(b.ctx, params)
	if err != nil {
		return err
	}
	for _, c := range r.Concepts {
		if err := b.q.InsertRegionConcept(b.ctx, id, c); err != nil {
			return err
		}
	}
	return nil
}
