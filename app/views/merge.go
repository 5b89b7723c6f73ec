package views

import (
	"slices"

	"viewfinder/storage/domain"
)

// edit is a change that a person made to the boxes of one datapoint: those before are what was shown, those after what shall be. Boxes
// that were drawn and are not saved yet have negative ids.
type edit struct{ before, after []domain.Region }

// on puts the change into the regions that are there. Mostly those are the ones before; but an Undo may be under way while a hand goes on
// drawing, and what it takes back must not come again with the next box. idOf gives the id that a region of a negative one got when it was
// saved, 0 for none. The result's new regions have the ids that they have here.
func (e edit) on(there []domain.Region, idOf func(int64) int64) []domain.Region {
	type pair struct{ old, now domain.Region }
	kept := map[int64]pair{} // by the id on disk
	gone := map[int64]bool{}
	var added []domain.Region
	for _, r := range e.after {
		i := slices.IndexFunc(e.before, func(o domain.Region) bool { return o.ID == r.ID })
		if i < 0 {
			added = append(added, r)
		} else if id := idOf(r.ID); id != 0 {
			kept[id] = pair{e.before[i], r}
		}
	}
	for _, r := range e.before {
		if id := idOf(r.ID); id != 0 {
			if _, ok := kept[id]; !ok {
				gone[id] = true
			}
		}
	}
	var result []domain.Region
	for _, r := range there {
		if gone[r.ID] {
			continue
		}
		if p, ok := kept[r.ID]; ok {
			r.Box = moved(r.Box, p.old.Box, p.now.Box)
			if !slices.Equal(p.old.Concepts, p.now.Concepts) {
				r.Concepts = p.now.Concepts
			}
		}
		result = append(result, r)
	}
	return append(result, added...)
}

// moved moves the edges of a box as those of old were moved to now.
func moved(box, old, now *domain.Box) *domain.Box {
	if box == nil || old == nil || now == nil || *box == *old {
		return now
	}
	low := func(b, from, to float64) float64 { return min(max(b+to-from, 0), 1) }
	to := domain.Box{XMin: low(box.XMin, old.XMin, now.XMin), YMin: low(box.YMin, old.YMin, now.YMin),
		XMax: low(box.XMax, old.XMax, now.XMax), YMax: low(box.YMax, old.YMax, now.YMax)}
	if to.XMin >= to.XMax || to.YMin >= to.YMax {
		return box
	}
	return &to
}
