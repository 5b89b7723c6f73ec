// Package descriptor describes a picture in some hundred numbers, without a network and without training: which colours it has and which
// textures, independent of position and rotation. A few photos are enough to learn from these numbers; they do not describe shapes.
package descriptor

import (
	"image"
	"math"

	"viewfinder/training/picture"
)

// Size is how many numbers describe a picture: its colours, the patterns around its pixels, and its edges.
const Size = colourSize + patternSize + edgeSize

// Blocks are the sizes of the groups of numbers, one after the other: histograms of channels, of colours, of patterns, and of edges.
func Blocks() []int { return []int{channelSize, togetherSize, patternSize, edgeSize} }

// pixels is how large a picture is looked at: 256x192, in its own proportions. Measured on photos of that size (docs/evaluation.md).
const pixels = 256 * 192

// shortest is the least side: at the coarsest of its scales a picture still has neighbours all around.
const shortest = 32

// Describe returns the Size numbers of an upright, opaque picture, each 0 to 1. They are square roots of shares, so that their Euclidean distance is Hellinger's
// distance of the histograms; the directions of edges are shares themselves.
func Describe(img *image.RGBA) []float32 {
	w, h := sizeFor(img.Rect.Dx(), img.Rect.Dy())
	p := planesOf(picture.Resize(img, w, h))
	d := make([]float32, 0, Size)
	d = appendColours(d, p)
	d = appendPatterns(d, p)
	return appendEdges(d, p)
}

// sizeFor is the size at which a picture is looked at; pictures are made smaller, never larger, unless a side is too short.
func sizeFor(w, h int) (int, int) {
	scale := min(1, math.Sqrt(pixels/(float64(w)*float64(h))))
	side := func(n int) int { return min(max(shortest, int(math.Round(float64(n)*scale))), pixels/shortest) }
	return side(w), side(h)
}

// appendHistogram appends the square roots of the shares.
func appendHistogram(d []float32, counts []int) []float32 {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	for _, n := range counts {
		d = append(d, float32(math.Sqrt(float64(n)/float64(max(1, sum)))))
	}
	return d
}
