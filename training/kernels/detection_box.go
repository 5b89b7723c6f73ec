package kernels

import "math"

// boxLoss is 1 minus the generalized intersection over union (Rezatofighi et al., 2019) of a cell's box and the one that it
// should have, 0 to 2, and its derivatives by the cell's four values. out holds the values of which softplus is width and
// height, then the centre; want holds width, height and centre; in cells, seen from the same cell. As it is a ratio, a small
// box counts as much as a large one.
func boxLoss(out, want [DetectionBoxValues]float32) (value float64, slopes [DetectionBoxValues]float64) {
	width, height := Softplus(float64(out[0])), Softplus(float64(out[1]))
	x := side(float64(out[2]), width, float64(want[2]), float64(want[0]))
	y := side(float64(out[3]), height, float64(want[3]), float64(want[1]))
	inner := x.inner * y.inner
	union := width*height + float64(want[0])*float64(want[1]) - inner
	hull := x.hull * y.hull
	value = 2 - inner/union - union/hull
	// By how much inner, union and hull change when a side or the centre does, first along x, then along y.
	slope := func(inner1, area1, hull1 float64) float64 {
		union1 := area1 - inner1
		return -(inner1*union-inner*union1)/(union*union) - (union1*hull-union*hull1)/(hull*hull)
	}
	slopes[0] = Sigmoid(float64(out[0])) * slope(x.innerBySize*y.inner, height, x.hullBySize*y.hull)
	slopes[1] = Sigmoid(float64(out[1])) * slope(y.innerBySize*x.inner, width, y.hullBySize*x.hull)
	slopes[2] = slope(x.innerByCentre*y.inner, 0, x.hullByCentre*y.hull)
	slopes[3] = slope(y.innerByCentre*x.inner, 0, y.hullByCentre*x.hull)
	return value, slopes
}

// sideOverlap is what two intervals have in common and what holds both, with derivatives by the first one's size and centre.
type sideOverlap struct{ inner, innerBySize, innerByCentre, hull, hullBySize, hullByCentre float64 }

func side(centre, size, wantCentre, wantSize float64) sideOverlap {
	low, high := centre-size/2, centre+size/2
	wantLow, wantHigh := wantCentre-wantSize/2, wantCentre+wantSize/2
	s := sideOverlap{inner: math.Min(high, wantHigh) - math.Max(low, wantLow), hull: math.Max(high, wantHigh) - math.Min(low, wantLow)}
	if high < wantHigh {
		s.innerBySize, s.innerByCentre = 0.5, 1
	} else {
		s.hullBySize, s.hullByCentre = 0.5, 1
	}
	if low > wantLow {
		s.innerBySize, s.innerByCentre = s.innerBySize+0.5, s.innerByCentre-1
	} else {
		s.hullBySize, s.hullByCentre = s.hullBySize+0.5, s.hullByCentre-1
	}
	if s.inner <= 0 {
		s.inner, s.innerBySize, s.innerByCentre = 0, 0, 0
	}
	return s
}
