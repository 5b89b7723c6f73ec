package training

import (
	"context"
	"image"

	"viewfinder/training/data"
	"viewfinder/training/descriptor"
)

// Describe computes the descriptors of samples, whose image paths are relative to dir: descriptor.Size numbers each, nil for a sample that cannot be read.
// progress may be nil.
func Describe(ctx context.Context, dir string, samples []Sample, progress func(done, total int)) ([][]float32, error) {
	all := make([][]float32, len(samples))
	_, err := data.Visit(ctx, items(dir, samples), func(i int, img *image.RGBA) { all[i] = descriptor.Describe(img) }, progress)
	return all, err
}
