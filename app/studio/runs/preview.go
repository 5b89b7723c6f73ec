package runs

import (
	"context"
	"image"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// InputPreview is one of the view's images as a network would be shown it: brought to its size, and augmented at random, several times.
type InputPreview struct {
	Name      string
	Plain     *image.RGBA
	Augmented []*image.RGBA
}

// PreviewInputs shows what the resizer and the augmentations of options make of n annotated train images of a view, taken evenly from all, in
// random draws from first on, others for each image. It is empty where nothing is annotated; images that cannot be read are left out. The options must be valid.
func (rs *Runs) PreviewInputs(ctx context.Context, view int64, o training.Options, n, first, draws int) ([]InputPreview, error) {
	ids, err := rs.store.DatapointIDs(ctx, storage.Query{View: view, Split: domain.SplitTrain, State: storage.StateAnnotated})
	if err != nil {
		return nil, err
	}
	n = min(n, len(ids))
	var chosen []int64
	for i := range n {
		chosen = append(chosen, ids[i*len(ids)/n])
	}
	points, err := rs.store.DatapointsByID(ctx, chosen)
	if err != nil {
		return nil, err
	}
	plain := o
	plain.Augment = nil
	var all []InputPreview
	for k, d := range points {
		src, err := rs.pictures.DatapointImage(ctx, d)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // the gallery shows why
		}
		one := InputPreview{Name: d.Image.Name}
		if one.Plain, err = training.PreviewAugmentation(src, plain, 0); err != nil {
			return nil, err
		}
		for draw := range draws {
			img, err := training.PreviewAugmentation(src, o, first+draw+draws*k) // other draws for each image
			if err != nil {
				return nil, err
			}
			one.Augmented = append(one.Augmented, img)
		}
		all = append(all, one)
	}
	return all, nil
}
