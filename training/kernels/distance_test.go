package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, beta := range []float64{0, 2} {
		s := DistanceShape{Rows: 3*distanceRows + 5, C: 3, Scale: []float32{0.5, 1, 4}, Beta: beta, Weight: 1.5}
		n := s.Rows * s.C
		a, b := make([]float32, n), make([]float32, n)
		for i := range a {
			a[i], b[i] = float32(r.NormFloat64()), float32(r.NormFloat64())
		}
		reference := func(at int, step float64) float64 {
			sum := 0.0
			for i := range a {
				d := float64(a[i]) - float64(b[i])
				if i == at {
					d += step
				}
				switch d *= float64(s.Scale[i%3]); {
				case beta == 0:
					sum += d * d
				case math.Abs(d) < beta:
					sum += d * d / 2 / beta
				default:
					sum += math.Abs(d) - beta/2
				}
			}
			return s.Weight * sum / float64(n)
		}
		for _, threads := range []int{1, 3} {
			p := NewPool(threads)
			gradient, scratch := make([]float32, n), make([]float32, s.Scratch())
			got := Distance(p, s, a, b, gradient, scratch)
			if want := reference(-1, 0); math.Abs(got-want) > 1e-6*want {
				t.Errorf("beta %v: %v where %v is right", beta, got, want)
			}
			for _, at := range []int{0, 7, 700, n - 1} {
				const h = 1e-5
				want := (reference(at, h) - reference(at, -h)) / (2 * h)
				if math.Abs(float64(gradient[at])-want) > 1e-5*math.Abs(want)+1e-9 {
					t.Errorf("beta %v: gradient %v where %v is right", beta, gradient[at], want)
				}
			}
			if again := Distance(p, s, a, b, nil, scratch); again != got {
				t.Errorf("%v, then %v", got, again)
			}
			p.Close()
		}
	}
}
