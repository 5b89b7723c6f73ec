//go:build distill

package nn

import (
	"fmt"
	"hash/fnv"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// distance is kernels.Distance of two values of one shape, whose last axis is the channels.
func distance(shape []int, scale []float32, beta, weight float64) *operation {
	c := shape[len(shape)-1]
	s := kernels.DistanceShape{Rows: elements(shape) / c, C: c, Scale: scale, Beta: beta, Weight: weight}
	h := fnv.New64a()
	fmt.Fprint(h, scale, beta, weight)
	return lossOf(backend.Distance{Shape: s}, fmt.Sprint(h.Sum64()), shape, shape)
}
