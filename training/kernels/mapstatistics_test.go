package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// TestMapStatistics holds them against a plain version in float64, of many pixels far from zero and of one, whatever the number of threads.
func TestMapStatistics(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, s := range []StatisticsShape{
		{N: 3, Pixels: 700, C: 6, Pairs: true}, {N: 2, Pixels: 257, C: 5}, {N: 1, Pixels: 1, C: 3, Pairs: true}, {N: 1, Pixels: 9, C: 1, Pairs: true},
	} {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			x := random(r, s.N*s.Pixels*s.C)
			for i := range x {
				x[i] = x[i]*float32(1+i%s.C) + 10
				if i%s.C == s.C-1 && s.C == 6 {
					x[i] = 3 // a channel that never changes
				} else if i%s.C > 0 {
					x[i] += x[i-1] / 2
				}
			}
			var want []float64
			for n := range s.N {
				of := func(i, p int) float64 { return float64(x[(n*s.Pixels+p)*s.C+i]) }
				mean, deviation := make([]float64, s.C), make([]float64, s.C)
				for i := range s.C {
					for p := range s.Pixels {
						mean[i] += of(i, p) / float64(s.Pixels)
					}
				}
				covariance := func(i, k int) (sum float64) {
					for p := range s.Pixels {
						sum += (of(i, p) - mean[i]) * (of(k, p) - mean[k]) / float64(s.Pixels)
					}
					return sum
				}
				for i := range s.C {
					deviation[i] = math.Sqrt(covariance(i, i) + StatisticsEpsilon)
				}
				want = append(append(want, mean...), deviation...)
				for i := 0; s.Pairs && i < s.C; i++ {
					for k := range i {
						want = append(want, covariance(i, k)/(deviation[i]*deviation[k]))
					}
				}
			}
			for _, threads := range []int{1, 3} {
				p := NewPool(threads)
				y, ok := guarded(t, s.N*s.Len())
				MapStatistics(p, s, x, y, make([]float32, s.Scratch()))
				ok()
				near(t, "statistics", y, want, 2e-5)
				p.Close()
			}
		})
	}
}

// TestMapStatisticsNotANumber: what is no number is not hidden.
func TestMapStatisticsNotANumber(t *testing.T) {
	p := NewPool(1)
	defer p.Close()
	s := StatisticsShape{N: 1, Pixels: 4, C: 2, Pairs: true}
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1))} {
		y := make([]float32, s.Len())
		MapStatistics(p, s, []float32{1, 2, 3, bad, 5, 6, 7, 8}, y, make([]float32, s.Scratch()))
		for _, at := range []int{1, 3, 4} {
			if v := y[at]; v-v == 0 {
				t.Errorf("%g made statistic %d %g", bad, at, v)
			}
		}
	}
}
