package domain

import "math"

// Box is a rectangle in fractions of an image's width and height, from its upper left corner: 0 ≤ XMin < XMax ≤ 1, the same for y (see Valid).
// The image is the whole one unless stated otherwise; In and OutOf go to fractions of a crop and back.
type Box struct {
	XMin float64 `json:"xmin"`
	YMin float64 `json:"ymin"`
	XMax float64 `json:"xmax"`
	YMax float64 `json:"ymax"`
}

// Whole is the box of all of an image.
func Whole() Box { return Box{XMax: 1, YMax: 1} }

// Width is the box's share of the image's width.
func (b Box) Width() float64 { return b.XMax - b.XMin }

// Height is the box's share of the image's height.
func (b Box) Height() float64 { return b.YMax - b.YMin }

// Area is the box's share of the image; it means something only where HasArea holds.
func (b Box) Area() float64 { return b.Width() * b.Height() }

// HasArea reports whether b's minima lie before its maxima; it does not hold where an edge is not a number.
func (b Box) HasArea() bool { return b.XMin < b.XMax && b.YMin < b.YMax }

// Finite reports whether all edges are finite numbers.
func (b Box) Finite() bool {
	for _, f := range []float64{b.XMin, b.YMin, b.XMax, b.YMax} {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}

// Valid reports whether b is a rectangle with an area within the image.
func (b Box) Valid() bool { return b.HasArea() && b.Within(Whole()) }

// Within reports whether no part of b is outside of outer.
func (b Box) Within(outer Box) bool {
	return b.XMin >= outer.XMin && b.YMin >= outer.YMin && b.XMax <= outer.XMax && b.YMax <= outer.YMax
}

// Clip is the part of b within outer. It has no area (see HasArea) where they share none.
func (b Box) Clip(outer Box) Box {
	return Box{XMin: max(b.XMin, outer.XMin), YMin: max(b.YMin, outer.YMin), XMax: min(b.XMax, outer.XMax), YMax: min(b.YMax, outer.YMax)}
}

// IoU is intersection over union: the area that two boxes share over the area that they cover together, 0 to 1. It holds in any unit.
func (b Box) IoU(o Box) float64 {
	w := min(b.XMax, o.XMax) - max(b.XMin, o.XMin)
	h := min(b.YMax, o.YMax) - max(b.YMin, o.YMin)
	if w <= 0 || h <= 0 {
		return 0
	}
	shared := w * h
	return shared / ((b.XMax-b.XMin)*(b.YMax-b.YMin) + (o.XMax-o.XMin)*(o.YMax-o.YMin) - shared)
}

// In is b, a box of an image, in fractions of the crop of that image; nil is all of it. What lies outside of the crop lies outside of 0..1.
func (b Box) In(crop *Box) Box {
	if crop == nil {
		return b
	}
	w, h := crop.Width(), crop.Height()
	return Box{XMin: (b.XMin - crop.XMin) / w, YMin: (b.YMin - crop.YMin) / h, XMax: (b.XMax - crop.XMin) / w, YMax: (b.YMax - crop.YMin) / h}
}

// OutOf is the inverse of In: b, in fractions of the crop of an image, in fractions of that image; nil is all of it.
func (b Box) OutOf(crop *Box) Box {
	if crop == nil {
		return b
	}
	w, h := crop.Width(), crop.Height()
	return Box{XMin: crop.XMin + b.XMin*w, YMin: crop.YMin + b.YMin*h, XMax: crop.XMin + b.XMax*w, YMax: crop.YMin + b.YMax*h}
}

// LabelledBox is an object in a sample, with its concept's number in the network. The box is in fractions of the sample: of the crop where the
// sample is one.
type LabelledBox struct {
	Box
	Class int `json:"class"`
}

// ScoredBox is an object that a network predicted in a sample, in fractions of it.
type ScoredBox struct {
	Box
	Class int     `json:"class"`
	Score float64 `json:"score"` // confidence, 0 to 1
}

// Box32 is a box with its concept's number as batches and networks take it: in fractions of the network's input.
type Box32 struct {
	XMin  float32 `json:"xmin"`
	YMin  float32 `json:"ymin"`
	XMax  float32 `json:"xmax"`
	YMax  float32 `json:"ymax"`
	Class int     `json:"class"`
	Score float32 `json:"score"` // of a prediction, 0 to 1
}

// Area is the share of the input that b covers; 0 where it has none.
func (b Box32) Area() float32 { return max(0, b.XMax-b.XMin) * max(0, b.YMax-b.YMin) }
