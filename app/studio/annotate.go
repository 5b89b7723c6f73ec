package studio

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/storage"
	"viewfinder/storage/words"
)

// Annotate sets the whole annotation of a datapoint, as one step of Undo. Classification: one region without Box, with one concept;
// tagging: one without Box, with any number (none = without concept); detection: any number with Box, one concept each. Boxes are
// fractions of the whole image, also in crops. Regions that were there before keep their ID. The annotation is saved when it returns.
func (p *Project) Annotate(ctx context.Context, key Key, regions []Region) error {
	err := p.store.Annotate(ctx, key.View, key.Image, key.Source, regions)
	return p.didAnnotate([]Key{key}, err)
}

// SetConcept gives datapoints a concept: in a classification instead of the one they had, in a tagging beside the others. In a
// detection a concept needs a box, see Annotate.
func (p *Project) SetConcept(ctx context.Context, keys []Key, concept int64) error {
	if len(keys) == 0 {
		return nil
	}
	view, err := p.View(ctx, keys[0].View)
	if err != nil {
		return err
	}
	switch view.Type {
	case ViewClassification:
		err = p.store.SetConcepts(ctx, keys, []int64{concept})
	case ViewTagging:
		err = p.store.AddConcepts(ctx, keys, []int64{concept})
	default:
		err = &RuleError{Message: fmt.Sprintf("%s is a detection: draw a box to say where the concept is", view.Name)}
	}
	return p.didAnnotate(keys, err)
}

// SetConcepts gives datapoints exactly these concepts (one in a classification, any number in a tagging).
func (p *Project) SetConcepts(ctx context.Context, keys []Key, concepts []int64) error {
	return p.didAnnotate(keys, p.store.SetConcepts(ctx, keys, concepts))
}

// ToggleConcept adds a concept to datapoints of a tagging, or takes it from them if all have it. In a classification it is SetConcept.
func (p *Project) ToggleConcept(ctx context.Context, keys []Key, concept int64) error {
	if len(keys) == 0 {
		return nil
	}
	view, err := p.View(ctx, keys[0].View)
	if err != nil {
		return err
	}
	if view.Type != ViewTagging {
		return p.SetConcept(ctx, keys, concept)
	}
	for _, key := range keys {
		d, err := p.Datapoint(ctx, key)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.Regions, func(r Region) bool { return slices.Contains(r.Concepts, concept) }) {
			return p.didAnnotate(keys, p.store.AddConcepts(ctx, keys, []int64{concept}))
		}
	}
	return p.didAnnotate(keys, p.store.RemoveConcepts(ctx, keys, []int64{concept}))
}

// WithoutConcept annotates datapoints as showing nothing of the view's concepts: a hard negative of a tagging or detection.
func (p *Project) WithoutConcept(ctx context.Context, keys []Key) error {
	if len(keys) == 0 {
		return nil
	}
	err := p.store.Do(ctx, "without concept: "+words.Count(len(keys), "image"), func(b *storage.Batch) error {
		for _, key := range keys {
			if err := b.Annotate(key.View, key.Image, key.Source, nil); err != nil {
				return err
			}
		}
		return nil
	})
	return p.didAnnotate(keys, err)
}

// Clear makes datapoints not annotated again.
func (p *Project) Clear(ctx context.Context, keys []Key) error {
	return p.didAnnotate(keys, p.store.ClearAnnotations(ctx, keys))
}

// SetReviewed marks annotations as reviewed, or not.
func (p *Project) SetReviewed(ctx context.Context, keys []Key, reviewed bool) error {
	return p.didAnnotate(keys, p.store.SetReviewed(ctx, keys, reviewed))
}

// SetSplit moves images to a split, in all views.
func (p *Project) SetSplit(ctx context.Context, images []int64, split Split) error {
	err := p.store.SetSplit(ctx, images, split)
	if err == nil {
		p.Changed(Change{Kind: ChangeImages, Images: images})
	}
	return err
}

// DeleteImages puts images in the trash, with their annotations in all views; Undo and RestoreImages bring them back.
func (p *Project) DeleteImages(ctx context.Context, images []int64) error {
	err := p.store.DeleteImages(ctx, images)
	if err == nil {
		p.Changed(Change{Kind: ChangeImages})
	}
	return err
}

// RestoreImages takes images out of the trash.
func (p *Project) RestoreImages(ctx context.Context, images []int64) error {
	err := p.store.RestoreImages(ctx, images)
	if err == nil {
		p.Changed(Change{Kind: ChangeImages})
	}
	return err
}

// History says what Undo and Redo would do; "" = nothing.
func (p *Project) History() (undo, redo string) {
	undo, _ = p.store.CanUndo()
	redo, _ = p.store.CanRedo()
	return undo, redo
}

func (p *Project) didAnnotate(keys []Key, err error) error {
	if err != nil || len(keys) == 0 {
		return err
	}
	change := Change{Kind: ChangeAnnotations, View: keys[0].View}
	for _, key := range keys {
		change.Images = append(change.Images, key.Image)
	}
	p.Changed(change)
	return nil
}
