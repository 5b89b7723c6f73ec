package widgets

import "math"

// viewport is which part of an image is seen, and how large: the image's corner stands at (x, y) of the widget and each
// of its pixels is scale wide, all in Fyne's pixels.
type viewport struct {
	imageW, imageH float64
	w, h           float64
	scale, x, y    float64
	fitted         bool // it fits the image now and goes on doing so when the widget is resized
}

const (
	fitMargin   = 12
	zoomMax     = 48 // of an image pixel, in Fyne's pixels
	zoomMinPart = 0.4
)

func (v *viewport) fitScale() float64 {
	if v.imageW <= 0 || v.imageH <= 0 {
		return 1
	}
	s := math.Min((v.w-2*fitMargin)/v.imageW, (v.h-2*fitMargin)/v.imageH)
	if s <= 0 {
		return 1e-3
	}
	return math.Min(s, 8) // an icon of 16 pixels is not blown up to the whole window
}

func (v *viewport) fit() {
	v.scale = v.fitScale()
	v.fitted = true
	v.settle()
}

func (v *viewport) resize(w, h float64) {
	if w == v.w && h == v.h {
		return
	}
	cx, cy := v.toImage(v.w/2, v.h/2)
	v.w, v.h = w, h
	if v.fitted {
		v.fit()
		return
	}
	v.x, v.y = w/2-cx*v.scale, h/2-cy*v.scale
	v.settle()
}

// zoom changes the scale by a factor and keeps the image's point under (px, py) where it is.
func (v *viewport) zoom(px, py, factor float64) { v.zoomTo(px, py, v.scale*factor) }

func (v *viewport) zoomTo(px, py, scale float64) {
	low := math.Min(v.fitScale()*zoomMinPart, 1)
	scale = math.Max(low, math.Min(zoomMax, scale))
	ix, iy := v.toImage(px, py)
	v.scale = scale
	v.x, v.y = px-ix*scale, py-iy*scale
	v.fitted = false
	v.settle()
}

func (v *viewport) pan(dx, dy float64) {
	v.x += dx
	v.y += dy
	v.fitted = false
	v.settle()
}

// settle keeps the image where it can be found: in the middle along an axis where all of it fits, else at most half the
// widget away from its edge.
func (v *viewport) settle() {
	v.x = settle(v.x, v.imageW*v.scale, v.w)
	v.y = settle(v.y, v.imageH*v.scale, v.h)
}

func settle(at, size, room float64) float64 {
	if size <= room-2*fitMargin+0.5 {
		return (room - size) / 2
	}
	return math.Max(room/2-size, math.Min(room/2, at))
}

// toImage gives the image's pixel under a point of the widget.
func (v *viewport) toImage(px, py float64) (x, y float64) {
	if v.scale == 0 {
		return 0, 0
	}
	return (px - v.x) / v.scale, (py - v.y) / v.scale
}

// toWidget gives where an image's pixel stands.
func (v *viewport) toWidget(x, y float64) (px, py float64) { return v.x + x*v.scale, v.y + y*v.scale }

// show moves as little as needed to bring a rectangle of image pixels into sight, and zooms out when it is too large.
func (v *viewport) show(x0, y0, x1, y1 float64) {
	if (x1-x0)*v.scale > v.w || (y1-y0)*v.scale > v.h {
		v.zoomTo(v.w/2, v.h/2, math.Min(v.w/(x1-x0), v.h/(y1-y0))*0.8)
	}
	px0, py0 := v.toWidget(x0, y0)
	px1, py1 := v.toWidget(x1, y1)
	dx := math.Max(0, fitMargin-px0) + math.Min(0, v.w-fitMargin-px1)
	dy := math.Max(0, fitMargin-py0) + math.Min(0, v.h-fitMargin-py1)
	if dx != 0 || dy != 0 {
		v.pan(dx, dy)
	}
}
