package storage

import (
	"context"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// SetConcepts annotates whole datapoints of classification and tagging views; no concepts in a tagging view is "without
// concept". Detection views need boxes: see Annotate.
func (p *Project) SetConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return p.act(ctx, "setting concepts", func(b *Batch) error { return b.SetConcepts(keys, concepts) })
}

// SetConcepts annotates whole datapoints; see Project.SetConcepts.
func (b *Batch) SetConcepts(keys []Key, concepts []int64) error {
	return b.changeConcepts("Set", keys, concepts, func([]int64) []int64 { return concepts })
}

// AddConcepts adds concepts to datapoints of tagging views.
func (p *Project) AddConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return p.act(ctx, "adding concepts to images", func(b *Batch) error { return b.AddConcepts(keys, concepts) })
}

// AddConcepts adds concepts to datapoints of tagging views.
func (b *Batch) AddConcepts(keys []Key, concepts []int64) error {
	if err := b.tagsOnly(keys); err != nil {
		return err
	}
	return b.changeConcepts("Add", keys, concepts, func(old []int64) []int64 { return append(slices.Clone(old), concepts...) })
}

// RemoveConcepts takes concepts off datapoints of tagging views; those that have none left are without concept.
// Datapoints that are not annotated stay so.
func (p *Project) RemoveConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return p.act(ctx, "taking concepts off images", func(b *Batch) error { return b.RemoveConcepts(keys, concepts) })
}

// RemoveConcepts takes concepts off datapoints of tagging views; see Project.RemoveConcepts.
func (b *Batch) RemoveConcepts(keys []Key, concepts []int64) error {
	if err := b.tagsOnly(keys); err != nil {
		return err
	}
	var annotated []Key
	for _, key := range keys {
		if _, d, err := b.datapoint(key); err != nil {
			return err
		} else if d.Annotated == 1 {
			annotated = append(annotated, key)
		}
	}
	return b.changeConcepts("Remove", annotated, concepts, func(old []int64) []int64 {
		return slices.DeleteFunc(slices.Clone(old), func(c int64) bool { return slices.Contains(concepts, c) })
	})
}

func (b *Batch) tagsOnly(keys []Key) error {
	for _, key := range keys {
		v, err := b.view(key.View)
		if err != nil {
			return err
		}
		if !v.Type.AnyNumber() {
			return rulef("%s is a %s view: concepts can be added and removed one by one in tagging views only.", v.Name, v.Type)
		}
	}
	return nil
}

func (b *Batch) changeConcepts(verb string, keys []Key, concepts []int64, change func(old []int64) []int64) error {
	if len(keys) == 0 {
		return nil
	}
	names, err := b.conceptNames(keys[0].View, concepts)
	if err != nil {
		return err
	}
	b.say("%s %s on %s", verb, names, words.Count(len(keys), "image"))
	for _, key := range keys {
		if err := b.asked.Err(); err != nil {
			return err
		}
		v, d, err := b.datapoint(key)
		if err != nil {
			return err
		}
		if v.Type.HasBoxes() {
			return rulef("%s is a detection view: concepts belong to boxes, not to whole images.", v.Name)
		}
		var old []int64
		if d.Annotated == 1 {
			if old, err = b.wholeConcepts(d); err != nil {
				return err
			}
		}
		if _, err := b.annotate(v, d, []domain.Region{{Concepts: change(old)}}); err != nil {
			return err
		}
		if err := b.dropSuggestions(d); err != nil {
			return err
		}
	}
	return nil
}

// wholeConcepts are the concepts of a datapoint without boxes.
func (b *Batch) wholeConcepts(d *db.Datapoint) ([]int64, error) {
	there, err := b.storedRegions(d.ID)
	if err != nil || len(there) == 0 {
		return nil, err
	}
	return there[0].concepts, nil
}

// SetReviewed marks annotated datapoints as reviewed, now, or takes the mark away. Those that are not annotated are left
// out; it is an error when none is.
func (p *Project) SetReviewed(ctx context.Context, keys []Key, reviewed bool) error {
	return p.act(ctx, "reviewing", func(b *Batch) error { return b.SetReviewed(keys, reviewed) })
}

// SetReviewed marks annotated datapoints as reviewed; see Project.SetReviewed.
func (b *Batch) SetReviewed(keys []Key, reviewed bool) error {
	var at *int64
	if reviewed {
		t := now()
		at = &t
		b.say("Mark %s as reviewed", words.Count(len(keys), "image"))
	} else {
		b.say("Mark %s as not reviewed", words.Count(len(keys), "image"))
	}
	annotated := 0
	for _, key := range keys {
		if err := b.asked.Err(); err != nil {
			return err
		}
		_, d, err := b.datapoint(key)
		if err != nil {
			return err
		}
		if d.Annotated == 0 {
			continue
		}
		annotated++
		if (d.ReviewedAt != nil) == reviewed {
			continue
		}
		if err := b.q.SetDatapointReviewed(b.ctx, at, d.ID); err != nil {
			return err
		}
		if err := b.count(1); err != nil {
			return err
		}
	}
	if reviewed && annotated == 0 && len(keys) > 0 {
		return rulef("Only annotated images can be reviewed: annotate first.")
	}
	return nil
}
