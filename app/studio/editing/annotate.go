package editing

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// Annotate sets the whole annotation of a datapoint, as one step of Undo. Classification: one region without Box, with one concept;
// tagging: one without Box, with any number (none = without concept); detection: any number with Box, one concept each. Boxes are
// fractions of the whole image, also in crops. Regions that were there before keep their ID. The annotation is saved when it returns.
func (e *Editor) Annotate(ctx context.Context, key storage.Key, regions []domain.Region) error {
	err := e.store.Annotate(ctx, key.View, key.Image, key.Source, regions)
	return e.didAnnotate([]storage.Key{key}, err)
}

// SetConcept gives datapoints a concept: in a classification instead of the one they had, in a tagging beside the others. In a
// detection a concept needs a box, see Annotate.
func (e *Editor) SetConcept(ctx context.Context, keys []storage.Key, concept int64) error {
	if len(keys) == 0 {
		return nil
	}
	view, err := e.store.View(ctx, keys[0].View)
	if err != nil {
		return err
	}
	switch view.Type {
	case domain.Classification:
		err = e.store.SetConcepts(ctx, keys, []int64{concept})
	case domain.Tagging:
		err = e.store.AddConcepts(ctx, keys, []int64{concept})
	default:
		err = &storage.RuleError{Message: fmt.Sprintf("%s is a detection view: draw a box around the concept", view.Name)}
	}
	return e.didAnnotate(keys, err)
}

// SetConcepts gives datapoints exactly these concepts (one in a classification, any number in a tagging).
func (e *Editor) SetConcepts(ctx context.Context, keys []storage.Key, concepts []int64) error {
	return e.didAnnotate(keys, e.store.SetConcepts(ctx, keys, concepts))
}

// ToggleConcept adds a concept to datapoints of a tagging, or takes it from them if all have it. In a classification it is SetConcept.
func (e *Editor) ToggleConcept(ctx context.Context, keys []storage.Key, concept int64) error {
	if len(keys) == 0 {
		return nil
	}
	view, err := e.store.View(ctx, keys[0].View)
	if err != nil {
		return err
	}
	if !view.Type.AnyNumber() {
		return e.SetConcept(ctx, keys, concept)
	}
	for _, key := range keys {
		d, err := e.store.Datapoint(ctx, key)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(d.Regions, func(r domain.Region) bool { return slices.Contains(r.Concepts, concept) }) {
			return e.didAnnotate(keys, e.store.AddConcepts(ctx, keys, []int64{concept}))
		}
	}
	return e.didAnnotate(keys, e.store.RemoveConcepts(ctx, keys, []int64{concept}))
}

// WithoutConcept annotates datapoints as showing none of the view's concepts: a hard negative of a tagging or detection.
func (e *Editor) WithoutConcept(ctx context.Context, keys []storage.Key) error {
	if len(keys) == 0 {
		return nil
	}
	err := e.store.Do(ctx, "without concept: "+words.Count(len(keys), "image"), func(b *storage.Batch) error {
		for _, key := range keys {
			if err := b.Annotate(key.View, key.Image, key.Source, nil); err != nil {
				return err
			}
		}
		return nil
	})
	return e.didAnnotate(keys, err)
}

// Clear makes datapoints not annotated again.
func (e *Editor) Clear(ctx context.Context, keys []storage.Key) error {
	return e.didAnnotate(keys, e.store.ClearAnnotations(ctx, keys))
}

// SetReviewed marks annotations as reviewed, or not.
func (e *Editor) SetReviewed(ctx context.Context, keys []storage.Key, reviewed bool) error {
	return e.didAnnotate(keys, e.store.SetReviewed(ctx, keys, reviewed))
}

// SetSplit moves images to a split, in all views.
func (e *Editor) SetSplit(ctx context.Context, images []int64, split domain.Split) error {
	err := e.store.SetSplit(ctx, images, split)
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeImages, Images: images})
	}
	return err
}

// DeleteImages puts images in the trash, with their annotations in all views; Undo and RestoreImages bring them back.
func (e *Editor) DeleteImages(ctx context.Context, images []int64) error {
	err := e.store.DeleteImages(ctx, images)
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeImages})
	}
	return err
}

// RestoreImages takes images out of the trash.
func (e *Editor) RestoreImages(ctx context.Context, images []int64) error {
	err := e.store.RestoreImages(ctx, images)
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeImages})
	}
	return err
}

// History returns the labels of what Undo and Redo would do; "" = nothing.
func (e *Editor) History() (undo, redo string) {
	undo, _ = e.store.CanUndo()
	redo, _ = e.store.CanRedo()
	return undo, redo
}

func (e *Editor) didAnnotate(keys []storage.Key, err error) error {
	if err != nil || len(keys) == 0 {
		return err
	}
	change := session.Change{Kind: session.ChangeAnnotations, View: keys[0].View}
	for _, key := range keys {
		change.Images = append(change.Images, key.Image)
	}
	e.session.Changed(change)
	return nil
}
