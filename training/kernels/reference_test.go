package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// conv64 is the convolution in float64, written as plainly as can be: the measure of every other.
func conv64(s ConvShape, x, w []float32) []float64 {
	y := make([]float64, s.OutputLen())
	eachProduct(s, func(yi, xi, wi int) { y[yi] += float64(x[xi]) * float64(w[wi]) })
	return y
}

func convInput64(s ConvShape, dy, w []float32) []float64 {
	dx := make([]float64, s.InputLen())
	eachProduct(s, func(yi, xi, wi int) { dx[xi] += float64(dy[yi]) * float64(w[wi]) })
	return dx
}

func convWeights64(s ConvShape, x, dy []float32) []float64 {
	dw := make([]float64, s.WeightLen())
	eachProduct(s, func(yi, xi, wi int) { dw[wi] += float64(dy[yi]) * float64(x[xi]) })
	return dw
}

// eachProduct calls f with the indices in y, x and w of every product of the convolution.
func eachProduct(s ConvShape, f func(yi, xi, wi int)) {
	cg, kg := s.C/s.Groups, s.K/s.Groups
	for n := range s.N {
		for r := range s.OutH() {
			for q := range s.OutW() {
				for a := range s.KH {
					h := r*s.StrideH - s.PadH + a
					for b := range s.KW {
						w := q*s.StrideW - s.PadW + b
						if h < 0 || h >= s.H || w < 0 || w >= s.W {
							continue
						}
						for k := range s.K {
							for c := range cg {
								f(((n*s.OutH()+r)*s.OutW()+q)*s.K+k, ((n*s.H+h)*s.W+w)*s.C+k/kg*cg+c, ((k*cg+c)*s.KH+a)*s.KW+b)
							}
						}
					}
				}
			}
		}
	}
}

func random(r *rand.Rand, n int) []float32 {
	x := Aligned(n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// distance is the root mean square of the difference of got and want, as a share of want's.
func distance(got []float32, want []float64) float64 {
	diff, size := 0.0, 0.0
	for i, w := range want {
		d := float64(got[i]) - w
		diff += d * d
		size += w * w
	}
	if math.IsNaN(diff) {
		return math.Inf(1)
	}
	return math.Sqrt(diff / max(size, 1e-30))
}

// eachVariant runs a test with every set of kernels that this processor has.
func eachVariant(t *testing.T, f func(t *testing.T)) {
	was := active
	defer func() { active = was }()
	for _, name := range Variants() {
		active = choose(name)
		t.Run(name, f)
	}
}

const canary = 12345.678

// guarded is a slice of n floats with canaries on both sides, and a check that they live.
func guarded(t *testing.T, n int) (x []float32, check func()) {
	t.Helper()
	all := make([]float32, n+64)
	for i := range all {
		all[i] = canary
	}
	return all[32 : 32+n : 32+n], func() {
		t.Helper()
		for i := range 32 {
			if all[i] != canary || all[n+32+i] != canary {
				t.Fatalf("wrote outside a slice of %d floats", n)
			}
		}
	}
}
