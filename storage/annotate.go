package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// MaxRegions is the most regions a datapoint may have.
const MaxRegions = 10000

// Annotate sets the whole annotation of a datapoint. In classification views regions is one whole region with one
// concept; in tagging views one whole region with any number (or no region: without concept); in detection views any number of
// boxes, each with one concept. Boxes are clipped to the datapoint (image or crop). Regions that keep their ID or have
// the same box, keep what hangs on them; those left out go, and annotations of their crops with
// them, until they come back. A change resets reviewed; without one, nothing is recorded. Annotating a datapoint of
// a classification or tagging view decides on its suggestions: they go.
func (p *Project) Annotate(ctx context.Context, view, image, source int64, regions []domain.Region) error {
	return p.act(ctx, "annotating", func(b *Batch) error { return b.Annotate(view, image, source, regions) })
}

// Annotate sets the whole annotation of a datapoint; see Project.Annotate.
func (b *Batch) Annotate(view, image, source int64, regions []domain.Region) error {
	v, d, err := b.datapoint(Key{View: view, Image: image, Source: source})
	if err != nil {
		return err
	}
	changed, err := b.annotate(v, d, regions)
	if err != nil {
		return err
	}
	if changed {
		if err := b.nameAnnotation(v, image, regions); err != nil {
			return err
		}
	}
	if !v.Type.HasBoxes() {
		return b.dropSuggestions(d)
	}
	return nil
}

// nameAnnotation gives the action its name.
func (b *Batch) nameAnnotation(v *View, image int64, regions []domain.Region) error {
	if b.label != "" {
		return nil
	}
	row, err := b.q.GetImage(b.ctx, image)
	if err != nil {
		return err
	}
	if v.Type.HasBoxes() {
		b.say("Set %s on %s", words.Count(len(regions), "box"), row.Name)
		return nil
	}
	var ids []int64
	for _, r := range regions {
		ids = append(ids, r.Concepts...)
	}
	names, err := b.conceptNames(v.ID, ids)
	if err != nil {
		return err
	}
	b.say("Set %s on %s", names, row.Name)
	return nil
}

// conceptNames is "concept Glass", "concepts Glass, Paper" or "without concept".
func (b *Batch) conceptNames(view int64, ids []int64) (string, error) {
	rows, err := b.liveConcepts(view)
	if err != nil {
		return "", err
	}
	var names []string
	for _, row := range rows {
		if slices.Contains(ids, row.ID) {
			names = append(names, row.Name)
		}
	}
	switch len(names) {
	case 0:
		return "without concept", nil
	case 1:
		return "concept " + names[0], nil
	}
	return "concepts " + strings.Join(names, ", "), nil
}

// datapoint finds a datapoint that is in its view.
func (b *Batch) datapoint(key Key) (*View, *db.Datapoint, error) {
	v, err := b.view(key.View)
	if err != nil {
		return nil, nil, err
	}
	d, err := b.q.FindDatapoint(b.ctx, key.View, key.Image, key.Source)
	if errors.Is(err, sql.ErrNoRows) || err == nil && d.Present == 0 {
		what := fmt.Sprintf("image %d", key.Image)
		if key.Source != 0 {
			what = fmt.Sprintf("region %d of image %d", key.Source, key.Image)
		}
		return nil, nil, fmt.Errorf("%s in the view %s: %w", what, v.Name, ErrNotFound)
	}
	return v, &d, err
}

// annotate writes the difference between what there is and what should be; d is brought up to date.
func (b *Batch) annotate(v *View, d *db.Datapoint, regions []domain.Region) (changed bool, err error) {
	regions, err = b.checkRegions(v, d, regions)
	if err != nil {
		return false, err
	}
	there, err := b.storedRegions(d.ID)
	if err != nil {
		return false, err
	}
	match := matchRegions(there, regions)
	kept := map[int64]bool{}
	for i, r := range regions {
		var c bool
		if old := match[i]; old != nil {
			kept[old.ID] = true
			c, err = b.updateRegion(old, r, i)
		} else {
			c, err = true, b.insertRegion(d.ID, r, i)
		}
		if err != nil {
			return false, err
		}
		changed = changed || c
	}
	for _, old := range there {
		if kept[old.ID] || old.Deleted == 1 {
			continue
		}
		changed = true
		if old.Xmin == nil {
			err = b.q.DeleteRegion(b.ctx, old.ID)
		} else {
			err = b.q.SetRegionAside(b.ctx, old.ID)
		}
		if err != nil {
			return false, err
		}
	}
	if d.Annotated == 1 && !changed {
		return false, nil
	}
	at := now()
	d.Annotated, d.AnnotatedAt, d.ReviewedAt, d.ConceptSet = 1, &at, nil, conceptSet(regions)
	return true, b.saveDatapoint(v, d)
}

// saveDatapoint writes what was decided about a datapoint and moves it in and out of the views below.
func (b *Batch) saveDatapoint(v *View, d *db.Datapoint) error {
	if err := b.q.SetDatapointAnnotation(b.ctx, db.SetDatapointAnnotationParams{Annotated: d.Annotated, AnnotatedAt: d.AnnotatedAt,
		ReviewedAt: d.ReviewedAt, ConceptSet: d.ConceptSet, ID: d.ID}); err != nil {
		return err
	}
	if d.Annotated == 1 {
		b.annotated[d.ImageID] = true
	}
	if err := b.refreshChildren(v.ID, d.ImageID); err != nil {
		return err
	}
	return b.count(4)
}

// conceptSet is the value of datapoints.concept_set for regions; see conceptSetSQL.
func conceptSet(regions []domain.Region) string {
	counts := map[int64]int{}
	for _, r := range regions {
		for _, c := range r.Concepts {
			counts[c]++
		}
	}
	if len(counts) == 0 {
		return ""
	}
	var s strings.Builder
	for _, c := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&s, "|%d:%d", c, counts[c])
	}
	return s.String() + "|"
}

// checkRegions holds the rules of the view's type and returns the regions as they are to be stored.
func (b *Batch) checkRegions(v *View, d *db.Datapoint, regions []domain.Region) ([]domain.Region, error) {
	concepts, err := b.liveConcepts(v.ID)
	if err != nil {
		return nil, err
	}
	if len(regions) > MaxRegions {
		return nil, rulef("An image can have at most %d regions; these are %d.", MaxRegions, len(regions))
	}
	checked := make([]domain.Region, 0, len(regions))
	for _, r := range regions {
		r.Concepts = slices.Clone(r.Concepts)
		slices.Sort(r.Concepts)
		r.Concepts = slices.Compact(r.Concepts)
		for _, id := range r.Concepts {
			if !slices.ContainsFunc(concepts, func(c db.Concept) bool { return c.ID == id }) {
				return nil, rulef("The view %s has no concept with the number %d.", v.Name, id)
			}
		}
		checked = append(checked, r)
	}
	if v.Type.HasBoxes() {
		return b.checkBoxes(v, d, checked)
	}
	for _, r := range checked {
		if r.Box != nil {
			return nil, rulef("%s is a %s view: concepts belong to the whole image, not to boxes.", v.Name, v.Type)
		}
	}
	switch {
	case v.Type.AnyNumber() && len(checked) == 0:
		return []domain.Region{{}}, nil
	case len(checked) != 1:
		return nil, rulef("%s is a %s view: each image has one region, not %d.", v.Name, v.Type, len(checked))
	case v.Type.ExactlyOne() && len(checked[0].Concepts) != 1:
		return nil, rulef("%s is a classification view: set exactly one concept, not %d. To leave the image not annotated, clear its annotation.", v.Name, len(checked[0].Concepts))
	}
	return checked, nil
}

func (b *Batch) checkBoxes(v *View, d *db.Datapoint, regions []domain.Region) ([]domain.Region, error) {
	within := domain.Whole()
	if d.SourceID != 0 && len(regions) > 0 {
		source, err := b.q.GetRegion(b.ctx, d.SourceID)
		if err != nil {
			return nil, err
		}
		if box := boxFrom(source.Xmin, source.Ymin, source.Xmax, source.Ymax); box != nil {
			within = *box
		}
	}
	for i, r := range regions {
		if r.Box == nil {
			return nil, rulef("%s is a detection view: draw a box for each region.", v.Name)
		}
		if len(r.Concepts) != 1 {
			return nil, rulef("%s is a detection view: each box has exactly one concept, not %d.", v.Name, len(r.Concepts))
		}
		box, err := clip(*r.Box, within)
		if err != nil {
			return nil, err
		}
		regions[i].Box = &box
	}
	return regions, nil
}

// clip cuts b to within; it fails for boxes that are not finite or have no area left.
func clip(b, within domain.Box) (domain.Box, error) {
	if !b.Finite() {
		return b, rulef("A box has a side that is not a number.")
	}
	c := b.Clip(within)
	if !c.HasArea() {
		return b, rulef("A box (%.4g, %.4g to %.4g, %.4g) has no area within the image.", b.XMin, b.YMin, b.XMax, b.YMax)
	}
	return c, nil
}

func boxFrom(xmin, ymin, xmax, ymax *float64) *domain.Box {
	if xmin == nil || ymin == nil || xmax == nil || ymax == nil {
		return nil
	}
	return &domain.Box{XMin: *xmin, YMin: *ymin, XMax: *xmax, YMax: *ymax}
}

// edges are a box as the database keeps it; nil for the whole.
func edges(b *domain.Box) (xmin, ymin, xmax, ymax *float64) {
	if b == nil {
		return nil, nil, nil, nil
	}
	c := *b
	return &c.XMin, &c.YMin, &c.XMax, &c.YMax
}

// ClearAnnotations makes datapoints not annotated again.
func (p *Project) ClearAnnotations(ctx context.Context, keys []Key) error {
	return p.act(ctx, "clearing annotations", func(b *Batch) error { return b.ClearAnnotations(keys) })
}

// ClearAnnotations makes datapoints not annotated again.
func (b *Batch) ClearAnnotations(keys []Key) error {
	b.say("Clear the annotation of %s", words.Count(len(keys), "image"))
	for _, key := range keys {
		if err := b.asked.Err(); err != nil {
			return err
		}
		v, d, err := b.datapoint(key)
		if err != nil {
			return err
		}
		if d.Annotated == 0 {
			continue
		}
		there, err := b.storedRegions(d.ID)
		if err != nil {
			return err
		}
		for _, old := range there {
			if old.Xmin == nil {
				err = b.q.DeleteRegion(b.ctx, old.ID)
			} else {
				err = b.q.SetRegionAside(b.ctx, old.ID)
			}
			if err != nil {
				return err
			}
		}
		d.Annotated, d.AnnotatedAt, d.ReviewedAt, d.ConceptSet = 0, nil, nil, ""
		if err := b.saveDatapoint(v, d); err != nil {
			return err
		}
	}
	return nil
}
