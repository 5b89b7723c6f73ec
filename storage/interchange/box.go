package interchange

import (
	"errors"
	"fmt"
	"math"

	"viewfinder/storage/domain"
)

// newBox makes a box in fractions out of edges in pixels of an image of w x h
// pixels, or leaves it in pixels where w or h is unknown (0). What reaches
// outside is cut off, and note says so; a box that has no area, or none
// inside, is refused. Coordinates are taken as edges, x/w, as most programs
// write them, not as Pascal VOC's first and last pixel counted from 1.
func newBox(xmin, ymin, xmax, ymax float64, w, h int, concept string) (b Box, note string, err error) {
	for _, v := range []float64{xmin, ymin, xmax, ymax} {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > maxSide {
			return b, "", errors.New("the box was skipped: a coordinate is no sensible number")
		}
	}
	if xmax <= xmin || ymax <= ymin {
		return b, "", fmt.Errorf("the box was skipped: it has no area (%g, %g, %g, %g)", xmin, ymin, xmax, ymax)
	}
	if w <= 0 || h <= 0 {
		return Box{Box: domain.Box{XMin: xmin, YMin: ymin, XMax: xmax, YMax: ymax}, Pixels: true, Concept: concept}, "", nil
	}
	b = Box{Box: domain.Box{XMin: xmin / float64(w), YMin: ymin / float64(h), XMax: xmax / float64(w), YMax: ymax / float64(h)}, Concept: concept}
	b.Box, note, err = clipBox(b.Box)
	return b, note, err
}

// clipBox cuts a box in fractions to the image. A hair's breadth outside, as
// rounding makes it, is no news.
func clipBox(b domain.Box) (domain.Box, string, error) {
	const hair = 1e-6
	if !(b.XMin > -maxSide && b.YMin > -maxSide && b.XMax < maxSide && b.YMax < maxSide) { // also NaN
		return b, "", errors.New("the box was skipped: a coordinate is no sensible number")
	}
	if !b.HasArea() {
		return b, "", fmt.Errorf("the box was skipped: it has no area (%g, %g, %g, %g)", b.XMin, b.YMin, b.XMax, b.YMax)
	}
	note := ""
	if min(b.XMin, b.YMin) < -hair || max(b.XMax, b.YMax) > 1+hair {
		note = "the box reaches outside the image and was cut off at the border"
	}
	c := b.Clip(domain.Whole())
	if !c.HasArea() {
		return b, "", fmt.Errorf("the box was skipped: it lies outside the image (%g, %g, %g, %g)", b.XMin, b.YMin, b.XMax, b.YMax)
	}
	return c, note, nil
}

// Resolve turns boxes that are in pixels into fractions, now that the image's
// size is known, and reports those that are cut or skipped. It also tells when
// a source gives another size than the image has.
func (r *Record) Resolve(width, height int, problem Report) {
	if r.Width > 0 && len(r.Boxes) > 0 && (r.Width != width || r.Height != height) {
		problem(Problem{File: r.File, Line: r.Line, Record: r.ImagePath,
			Reason: fmt.Sprintf("the boxes were made for %d x %d pixels, the image has %d x %d; they were scaled", r.Width, r.Height, width, height)})
	}
	kept := r.Boxes[:0]
	for _, b := range r.Boxes {
		if b.Pixels {
			c, note, err := newBox(b.XMin, b.YMin, b.XMax, b.YMax, width, height, b.Concept)
			if err != nil {
				note = err.Error()
			}
			if note != "" {
				problem(Problem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: note})
			}
			if err != nil {
				continue
			}
			b = c
		}
		kept = append(kept, b)
	}
	r.Boxes = kept
}
