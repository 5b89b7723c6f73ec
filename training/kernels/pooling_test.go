package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPooling(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(3)
		defer p.Close()
		r := rand.New(rand.NewPCG(7, 8))
		for _, s := range []PoolShape{
			{N: 2, H: 6, W: 8, C: 16, KH: 2, KW: 2, StrideH: 2, StrideW: 2},
			{N: 1, H: 9, W: 7, C: 5, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
			{N: 2, H: 7, W: 7, C: 12, KH: 4, KW: 5, StrideH: 3, StrideW: 1, PadH: 1, PadW: 2},
		} {
			t.Run(fmt.Sprint(s), func(t *testing.T) {
				x, dy := random(r, s.InputLen()), random(r, s.OutputLen())
				y, ok := guarded(t, s.OutputLen())
				avg, ok2 := guarded(t, s.OutputLen())
				dx, ok3 := guarded(t, s.InputLen())
				davg, ok4 := guarded(t, s.InputLen())
				index := make([]uint8, len(y))
				MaxPoolForward(p, s, x, y, index)
				MaxPoolBackward(p, s, dy, index, dx)
				AvgPoolForward(p, s, x, avg)
				AvgPoolBackward(p, s, dy, davg)
				for _, f := range []func(){ok, ok2, ok3, ok4} {
					f()
				}
				wantY, wantAvg := make([]float64, len(y)), make([]float64, len(y))
				wantDx, wantDavg := make([]float64, len(x)), make([]float64, len(x))
				for i := range y {
					k, q, row := i%s.C, i/s.C%s.OutW(), i/s.C/s.OutW()
					n, o := row/s.OutH(), row%s.OutH()
					best, at := math.Inf(-1), -1
					for a := range s.KH {
						for b := range s.KW {
							h, w := o*s.StrideH-s.PadH+a, q*s.StrideW-s.PadW+b
							if h < 0 || w < 0 || h >= s.H || w >= s.W {
								continue
							}
							j := ((n*s.H+h)*s.W+w)*s.C + k
							wantAvg[i] += float64(x[j]) / float64(s.KH*s.KW)
							wantDavg[j] += float64(dy[i]) / float64(s.KH*s.KW)
							if float64(x[j]) > best {
								best, at = float64(x[j]), j
							}
						}
					}
					wantY[i] = best
					wantDx[at] += float64(dy[i])
				}
				near(t, "max", y, wantY, 0)
				near(t, "max backward", dx, wantDx, 1e-6)
				near(t, "average", avg, wantAvg, 1e-6)
				near(t, "average backward", davg, wantDavg, 1e-6)
			})
		}
		x, y, dx := random(r, 3*10*7), make([]float32, 3*7), make([]float32, 3*10*7)
		GlobalAvgPoolForward(p, 3, 10, 7, x, y)
		GlobalAvgPoolBackward(p, 3, 10, 7, y, dx)
		want := make([]float64, len(y))
		for i, v := range x {
			want[i/70*7+i%7] += float64(v) / 10
		}
		near(t, "global average", y, want, 1e-6)
		if dx[0] != y[0]/10 && math.Abs(float64(dx[0]-y[0]/10)) > 1e-7 {
			t.Errorf("global average backward: %g, want %g", dx[0], y[0]/10)
		}
	})
}

// TestNotANumber holds that NaN and infinity are handed on by everything that could hide them.
func TestNotANumber(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(1)
		defer p.Close()
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		has := func(x []float32) bool {
			return slices.ContainsFunc(x, func(v float32) bool { return v != v || math.IsInf(float64(v), 0) })
		}
		for _, bad := range []float32{nan, inf} {
			for _, form := range []Form{Direct, Winograd2, Winograd3, Winograd4} {
				s := ConvShape{N: 1, H: 6, W: 6, C: 16, K: 16, KH: 3, KW: 3, PadH: 1, PadW: 1, Forms: Forms{form, form, form}}
				x, w, y := make([]float32, s.InputLen()), make([]float32, s.WeightLen()), make([]float32, s.OutputLen())
				for i := range w {
					w[i] = 1
				}
				x[100] = bad
				scratch := make([]float32, max(s.ForwardScratch(), s.InputScratch(), s.WeightsScratch()))
				ConvForward(p, s, x, w, nil, y, scratch)
				if !has(y) {
					t.Errorf("%v hid %g in the forward pass", form, bad)
				}
				clear(y)
				y[77] = bad
				ConvBackwardInput(p, s, y, w, x, scratch)
				if !has(x) {
					t.Errorf("%v hid %g in the gradient by the input", form, bad)
				}
				for i := range x {
					x[i] = 1
				}
				ConvBackwardWeights(p, s, x, y, w, nil, scratch)
				if !has(w) {
					t.Errorf("%v hid %g in the gradient by the weights", form, bad)
				}
			}
			x, y := make([]float32, 2*2*8), make([]float32, 8)
			x[9] = bad
			MaxPoolForward(p, PoolShape{N: 1, H: 2, W: 2, C: 8, KH: 2, KW: 2, StrideH: 2, StrideW: 2}, x, y, make([]uint8, 8))
			if !has(y) {
				t.Errorf("max pooling hid %g", bad)
			}
		}
		y := make([]float32, 9)
		for _, act := range []Activation{ReLU, ReLU6} {
			ActivationForward(p, act, slices.Repeat([]float32{nan}, 9), y)
			if y[0] == y[0] || y[8] == y[8] {
				t.Errorf("%v hid NaN", act)
			}
		}
		if l := SoftmaxCrossEntropy(1, 2, []float32{nan, 1}, []int32{1}, nil, 0, nil); l == l {
			t.Error("cross entropy hid NaN")
		}
		if l := SigmoidBCE(1, 1, []float32{nan}, []float32{1}, nil, nil, nil); l == l {
			t.Error("binary cross entropy hid NaN")
		}
	})
}
