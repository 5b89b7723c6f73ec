package kernels

import "math"

// DistanceShape is that of two maps [Rows][C] that should be equal. An element's distance d is the difference times its channel's Scale, and adds
// d*d or, with a Beta above 0, PyTorch's SmoothL1Loss: d*d/2/Beta up to Beta, |d| - Beta/2 beyond. The loss is the mean times Weight.
type DistanceShape struct {
	Rows, C int
	Scale   []float32 // [C]
	Beta    float64
	Weight  float64
}

const distanceRows = 256 // of a tile

// Scratch is how many floats of scratch Distance needs.
func (s DistanceShape) Scratch() int { return 2 * ceilDiv(s.Rows, distanceRows) }

// Distance returns the loss; gradient, if not nil, gets the gradient by a.
func Distance(p *Pool, s DistanceShape, a, b, gradient, scratch []float32) float64 {
	if n := s.Rows * s.C; !(n > 0 && len(a) == n && len(b) == n && (gradient == nil || len(gradient) == n) && len(s.Scale) == s.C && len(scratch) >= s.Scratch()) {
		fail("distance of %d x %d: lengths %d, %d, gradient %d, scale %d, scratch %d", s.Rows, s.C, len(a), len(b), len(gradient), len(s.Scale), len(scratch))
	}
	j := &p.begin().distance
	defer p.finish()
	tiles := ceilDiv(s.Rows, distanceRows)
	j.shape, j.a, j.b, j.gradient, j.sums = s, a, b, gradient, doubles(scratch[:2*tiles])
	p.phase(distanceTile{j}, tiles)
	sum := 0.0
	for _, v := range j.sums {
		sum += v
	}
	return s.Weight * sum / float64(len(a))
}

type distanceJob struct {
	shape          DistanceShape
	a, b, gradient []float32
	sums           []float64 // of each tile
}

type distanceTile struct{ *distanceJob }

func (j distanceTile) tile(tile int, _ *workspace) {
	s := &j.shape
	beta, factor := float32(s.Beta), float32(s.Weight/float64(s.Rows*s.C))
	total := 0.0
	for row := tile * distanceRows; row < min(s.Rows, (tile+1)*distanceRows); row++ {
		a, b := j.a[row*s.C:][:s.C], j.b[row*s.C:][:s.C]
		var gradient []float32
		if j.gradient != nil {
			gradient = j.gradient[row*s.C:][:s.C]
		}
		sum := float32(0)
		for c, scale := range s.Scale {
			d := float32((a[c] - b[c]) * scale)
			slope := 2 * d
			switch {
			case beta == 0:
				sum += float32(d * d)
			case float32(math.Abs(float64(d))) < beta:
				slope = d / beta
				sum += float32(0.5 * d * slope)
			default:
				slope = float32(math.Copysign(1, float64(d)))
				sum += float32(d*slope) - beta/2
			}
			if gradient != nil {
				gradient[c] = factor * slope * scale
			}
		}
		total += float64(sum)
	}
	j.sums[tile] = total
}
