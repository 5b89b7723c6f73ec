package training

import (
	"context"
	"image"

	"viewfinder/training/data"
	"viewfinder/training/descriptor"
)

// Describe tells what samples, whose image paths are relative to dir, look like, in descriptor.Size numbers each; nil for one that cannot be read.
// progress may be nil.
func Describe(ctx context.Context, dir string, samples []Sample, progress func(done, total int)) ([][]float32, error) {
	all := make([][]float32, len(samples))
	_, err := data.Visit(ctx, items(dir, samples), func(i int, img *image.RGBA) { all[i] = descriptor.Describe(img) }, progress)
	return all, err
}
