package widgets

import "math"

// Rect is a rectangle in fractions of an image: 0 ≤ XMin < XMax ≤ 1, and the same for y.
type Rect struct{ XMin, YMin, XMax, YMax float64 }

// Area is its share of the image.
func (r Rect) Area() float64 { return (r.XMax - r.XMin) * (r.YMax - r.YMin) }

// Contains reports whether a point lies inside.
func (r Rect) Contains(x, y float64) bool {
	return x >= r.XMin && x <= r.XMax && y >= r.YMin && y <= r.YMax
}

// Meets reports whether two rectangles have a part in common.
func (r Rect) Meets(o Rect) bool {
	return r.XMin < o.XMax && o.XMin < r.XMax && r.YMin < o.YMax && o.YMin < r.YMax
}

// moved is r moved by a distance, but never over the image's edge.
func (r Rect) moved(dx, dy float64) Rect {
	dx = math.Max(-r.XMin, math.Min(1-r.XMax, dx))
	dy = math.Max(-r.YMin, math.Min(1-r.YMax, dy))
	return Rect{r.XMin + dx, r.YMin + dy, r.XMax + dx, r.YMax + dy}
}

// ordered has the minima before the maxima and stays inside the image.
func (r Rect) ordered() Rect {
	if r.XMin > r.XMax {
		r.XMin, r.XMax = r.XMax, r.XMin
	}
	if r.YMin > r.YMax {
		r.YMin, r.YMax = r.YMax, r.YMin
	}
	return Rect{unit(r.XMin), unit(r.YMin), unit(r.XMax), unit(r.YMax)}
}

func unit(v float64) float64 { return math.Max(0, math.Min(1, v)) }

// The eight handles, as which edges they move: -1 the minimum, 1 the maximum, 0 neither.
type handle struct{ dx, dy int }

var handles = [8]handle{{-1, -1}, {0, -1}, {1, -1}, {1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}}

// at is where the handle stands on r.
func (h handle) at(r Rect) (x, y float64) {
	return side(h.dx, r.XMin, r.XMax), side(h.dy, r.YMin, r.YMax)
}

func side(d int, low, high float64) float64 {
	switch d {
	case -1:
		return low
	case 1:
		return high
	}
	return (low + high) / 2
}

// drag is r with the handle's edges moved to a point; dragged over the opposite edge, the rectangle turns round.
func (h handle) drag(r Rect, x, y float64) Rect {
	switch h.dx {
	case -1:
		r.XMin = x
	case 1:
		r.XMax = x
	}
	switch h.dy {
	case -1:
		r.YMin = y
	case 1:
		r.YMax = y
	}
	return r.ordered()
}
