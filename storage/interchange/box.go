package interchange

import (
	"errors"
	"fmt"
	"math"

	"viewfinder/storage/domain"
)

// newBox makes a box in fractions out of two opposite corners in pixels of an
// image of w x h pixels, or leaves it in pixels where w or h is unknown (0).
// What reaches outside is cut off and stated in note; a box that has no area,
// or none inside, is refused. Coordinates are taken as edges, x/w, as most
// programs write them, not as Pascal VOC's first and last pixel counted from 1.
func newBox(xmin, ymin, xmax, ymax float64, w, h int, concept string) (b Box, note string, err error) {
	for _, v := range []float64{xmin, ymin, xmax, ymax} {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > maxSide {
			return b, "", errors.New("the box was skipped: a coordinate is not a finite number in range")
		}
	}
	xmin, xmax = min(xmin, xmax), max(xmin, xmax)
	ymin, ymax = min(ymin, ymax), max(ymin, ymax)
	if xmax == xmin || ymax == ymin {
		return b, "", fmt.Errorf("the box was skipped: it has no area (%g, %g, %g, %g)", xmin, ymin, xmax, ymax)
	}
	if min(xmin, ymin) >= 0 && max(xmax, ymax) <= 1 && (fraction(xmin) || fraction(ymin) || fraction(xmax) || fraction(ymax)) {
		w, h = 1, 1 // nobody draws a part of the first pixel: these are fractions, whatever the format defines
	}
	if w <= 0 || h <= 0 {
		return Box{Box: domain.Box{XMin: xmin, YMin: ymin, XMax: xmax, YMax: ymax}, Pixels: true, Concept: concept}, "", nil
	}
	b = Box{Box: domain.Box{XMin: xmin / float64(w), YMin: ymin / float64(h), XMax: xmax / float64(w), YMax: ymax / float64(h)}, Concept: concept}
	b.Box, note, err = clipBox(b.Box)
	return b, note, err
}

func fraction(v float64) bool { return v != math.Trunc(v) }

// clipBox cuts a box in fractions to the image. A tiny excess, as
// rounding causes it, is not noted.
func clipBox(b domain.Box) (domain.Box, string, error) {
	const hair = 1e-6
	if !(b.XMin > -maxSide && b.YMin > -maxSide && b.XMax < maxSide && b.YMax < maxSide) { // also NaN
		return b, "", errors.New("the box was skipped: a coordinate is not a finite number in range")
	}
	if !b.HasArea() {
		return b, "", fmt.Errorf("the box was skipped: it has no area (%g, %g, %g, %g)", b.XMin, b.YMin, b.XMax, b.YMax)
	}
	note := ""
	if min(b.XMin, b.YMin) < -hair || max(b.XMax, b.YMax) > 1+hair {
		note = "the box extends beyond the image and was clipped"
	}
	c := b.Clip(domain.Whole())
	if !c.HasArea() {
		return b, "", fmt.Errorf("the box was skipped: it lies outside the image (%g, %g, %g, %g)", b.XMin, b.YMin, b.XMax, b.YMax)
	}
	return c, note, nil
}

// addPixels adds a box given by two opposite corners in pixels of the image
// as the record has its size (r.Width and r.Height, or 0 where it is not
// known), with its concept. One that is refused is reported and counted;
// what names it in the report.
func (r *Record) addPixels(x0, y0, x1, y1 float64, concept string, problem Report, line int, what string) {
	r.add(x0, y0, x1, y1, r.Width, r.Height, concept, problem, line, what)
}

// addFractions is addPixels for corners in fractions of the image.
func (r *Record) addFractions(x0, y0, x1, y1 float64, concept string, problem Report, line int, what string) {
	r.add(x0, y0, x1, y1, 1, 1, concept, problem, line, what)
}

func (r *Record) add(x0, y0, x1, y1 float64, w, h int, concept string, problem Report, line int, what string) {
	name, err := conceptName(concept)
	if err != nil {
		r.refuse(problem, line, what, "the box was skipped: "+err.Error())
		return
	}
	if len(r.Boxes) >= maxRegions {
		r.refuse(problem, line, what, "the box was skipped: the image has too many")
		return
	}
	b, note, err := newBox(x0, y0, x1, y1, w, h, name)
	if err != nil {
		r.refuse(problem, line, what, err.Error())
		return
	}
	if note != "" {
		problem(Problem{File: r.File, Line: line, Record: what, Reason: note})
	}
	r.HasAnnotation = true
	r.Boxes = append(r.Boxes, b)
}

// Resolve turns boxes that are in pixels into fractions, now that the image's
// size is known: width x height as it is shown, after orientation, EXIF's 1 to
// 8, has been applied. Boxes of a source that gives the size of the picture as
// it is stored, before it is turned, are turned with it. Those that are cut or
// refused are reported, and where the source gives yet another size than the
// image has. An image all of whose boxes were refused is not annotated then.
func (r *Record) Resolve(width, height, orientation int, problem Report) {
	say := func(reason string) {
		problem(Problem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: reason})
	}
	w, h := width, height // the size that the boxes in pixels were made for
	turn, unscaled := 1, false
	other := r.Width > 0 && r.Height > 0 && len(r.Boxes) > 0 && (r.Width != width || r.Height != height)
	switch {
	case other && r.Width == height && r.Height == width && orientation >= 5:
		turn, w, h = orientation, r.Width, r.Height
	case other && r.Width == height && r.Height == width && r.within(width, height):
		unscaled = true
		say(fmt.Sprintf("the file says %d x %d pixels for an image of %d x %d: width and height were taken as swapped, the boxes as they are", r.Width, r.Height, width, height))
	case other:
		say(fmt.Sprintf("the boxes were drawn for %d x %d pixels, the image has %d x %d; they were scaled", r.Width, r.Height, width, height))
	}
	kept := r.Boxes[:0]
	for _, b := range r.Boxes {
		if unscaled && !b.Pixels {
			b.XMin, b.XMax = b.XMin*float64(r.Width), b.XMax*float64(r.Width)
			b.YMin, b.YMax = b.YMin*float64(r.Height), b.YMax*float64(r.Height)
			b.Pixels = true
		}
		if b.Pixels {
			c, note, err := newBox(b.XMin, b.YMin, b.XMax, b.YMax, w, h, b.Concept)
			if err != nil {
				r.Refused++
				note = err.Error()
			}
			if note != "" {
				say(note)
			}
			if err != nil {
				continue
			}
			b = c
		}
		kept = append(kept, b.turned(turn))
	}
	r.Boxes = kept
	var lost Lost
	r.settle(&lost)
}

// within reports whether all boxes lie in an image of w x h pixels, taken in
// pixels of the record's own size.
func (r *Record) within(w, h int) bool {
	for _, b := range r.Boxes {
		x, y := b.XMax, b.YMax
		if !b.Pixels {
			x, y = x*float64(r.Width), y*float64(r.Height)
		}
		if x > float64(w)+0.5 || y > float64(h)+0.5 {
			return false
		}
	}
	return true
}

// turned is a box of the picture as it is stored on the picture as EXIF's
// orientation shows it.
func (b Box) turned(orientation int) Box {
	x0, y0, x1, y1 := b.XMin, b.YMin, b.XMax, b.YMax
	switch orientation {
	case 2: // mirrored
		x0, x1 = 1-x1, 1-x0
	case 3: // by 180 degrees
		x0, y0, x1, y1 = 1-x1, 1-y1, 1-x0, 1-y0
	case 4: // mirrored upside down
		y0, y1 = 1-y1, 1-y0
	case 5: // transposed
		x0, y0, x1, y1 = y0, x0, y1, x1
	case 6: // to be turned by 90 degrees clockwise
		x0, y0, x1, y1 = 1-y1, x0, 1-y0, x1
	case 7: // transposed at the other diagonal
		x0, y0, x1, y1 = 1-y1, 1-x1, 1-y0, 1-x0
	case 8: // to be turned by 90 degrees counter-clockwise
		x0, y0, x1, y1 = y0, 1-x1, y1, 1-x0
	}
	b.XMin, b.YMin, b.XMax, b.YMax = x0, y0, x1, y1
	return b
}
