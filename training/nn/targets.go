package nn

import (
	"fmt"
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/kernels"
)

// What a cell of a detector's map and of its target holds besides the heatmaps; see kernels.DetectionShape.
const (
	boxValues    = kernels.DetectionBoxValues
	targetValues = kernels.DetectionTargetValues
)

// boxFloor: cells that count less in their box learn nothing of it.
const boxFloor = 1e-3

// detectionMap is the shape of what a detector computes and of what it should have.
type detectionMap struct{ n, h, w, classes int }

func (m detectionMap) output() []int { return []int{m.n, m.h, m.w, m.classes + boxValues} }
func (m detectionMap) target() []int { return []int{m.n, m.h, m.w, m.classes + targetValues} }

func mapOf(out node, classes int) detectionMap {
	s := out.Shape()
	return detectionMap{n: s[0], h: s[1], w: s[2], classes: classes}
}

// fillTarget writes the targets of the first count images in the form that the task's loss reads. The error is ErrTargets.
func fillTarget(spec Spec, m detectionMap, targets Targets, count int, out []float32) error {
	switch spec.Task {
	case domain.Classification:
		if len(targets.Labels) != count {
			return fmt.Errorf("%w: %d labels for %d images", ErrTargets, len(targets.Labels), count)
		}
		for i, l := range targets.Labels {
			if l < 0 || int(l) >= spec.Classes {
				return fmt.Errorf("%w: label %d of image %d (there are %d classes)", ErrTargets, l, i, spec.Classes)
			}
			out[i] = float32(l)
		}
	case domain.Tagging:
		if len(targets.Tags) != count*spec.Classes {
			return fmt.Errorf("%w: %d tags for %d images of %d classes", ErrTargets, len(targets.Tags), count, spec.Classes)
		}
		for i, v := range targets.Tags {
			if !(v >= 0 && v <= 1) {
				return fmt.Errorf("%w: tag %v of image %d (0 to 1 is possible)", ErrTargets, v, i/spec.Classes)
			}
			out[i] = v
		}
	case domain.Detection:
		if len(targets.Boxes) != count {
			return fmt.Errorf("%w: boxes of %d images for %d images", ErrTargets, len(targets.Boxes), count)
		}
		return fillBoxes(m, targets.Boxes, out)
	}
	return nil
}

// fillBoxes draws the detector's target: around the cell of each box's centre a Gaussian in its class's heatmap, of a
// deviation of a ninth of the box's side (at least 0.35 cells); and beneath the Gaussian the box itself as seen from each
// cell, with the Gaussian as its weight. Where two boxes meet, a cell belongs to the one whose Gaussian is higher there.
func fillBoxes(m detectionMap, boxes [][]domain.Box32, out []float32) error {
	cell := m.classes + targetValues
	clear(out)
	for i, list := range boxes {
		image := out[i*m.h*m.w*cell:][:m.h*m.w*cell]
		for _, b := range list {
			if b.Class < 0 || b.Class >= m.classes {
				return fmt.Errorf("%w: class %d of a box of image %d (there are %d classes)", ErrTargets, b.Class, i, m.classes)
			}
			if !(b.XMin >= 0 && b.YMin >= 0 && b.XMax <= 1 && b.YMax <= 1 && b.XMin < b.XMax && b.YMin < b.YMax) {
				return fmt.Errorf("%w: box %v %v %v %v of image %d is empty or outside of the picture", ErrTargets, b.XMin, b.YMin, b.XMax, b.YMax, i)
			}
			m.draw(b, image)
		}
	}
	return nil
}

func (m detectionMap) draw(b domain.Box32, image []float32) {
	cell := m.classes + targetValues
	width, height := float64(b.XMax-b.XMin)*float64(m.w), float64(b.YMax-b.YMin)*float64(m.h)
	cx, cy := float64(b.XMin+b.XMax)/2*float64(m.w), float64(b.YMin+b.YMax)/2*float64(m.h)
	ix, iy := min(int(cx), m.w-1), min(int(cy), m.h-1)
	deviation := max(0.35, math.Sqrt(width*height)/9)
	falloff := -1 / (2 * deviation * deviation)
	// Beyond 6 deviations the Gaussian is below 2e-8: nothing beside 1 in float32.
	reach := int(math.Ceil(6 * deviation))
	x0, x1 := max(0, ix-reach), min(m.w-1, ix+reach)
	y0, y1 := max(0, iy-reach), min(m.h-1, iy+reach)
	// The Gaussian is a product, so is its sum.
	sumX, sumY := 0.0, 0.0
	for x := x0; x <= x1; x++ {
		sumX += math.Exp(falloff * float64((x-ix)*(x-ix)))
	}
	for y := y0; y <= y1; y++ {
		sumY += math.Exp(falloff * float64((y-iy)*(y-iy)))
	}
	share := float32(1 / (sumX * sumY))
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			gauss := float32(math.Exp(falloff * float64((x-ix)*(x-ix)+(y-iy)*(y-iy))))
			at := image[(y*m.w+x)*cell:][:cell]
			at[b.Class] = max(at[b.Class], gauss)
			values := at[m.classes:]
			if gauss < boxFloor || gauss < values[4] {
				continue
			}
			values[0], values[1] = float32(width), float32(height)
			values[2], values[3] = float32(cx-float64(x)), float32(cy-float64(y))
			values[4], values[5] = gauss, share
		}
	}
}
