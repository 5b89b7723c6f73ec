package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

var convShapes = []ConvShape{
	{N: 2, H: 9, W: 7, C: 3, K: 32, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 1},
	{N: 1, H: 8, W: 8, C: 16, K: 16, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 1},
	{N: 3, H: 13, W: 11, C: 32, K: 48, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 1},
	{N: 3, H: 3, W: 3, C: 64, K: 80, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 1},
	{N: 5, H: 6, W: 6, C: 48, K: 160, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 1},
	{N: 2, H: 12, W: 12, C: 16, K: 32, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 0, PadW: 0, Groups: 1},
	{N: 2, H: 7, W: 9, C: 16, K: 16, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 2, PadW: 0, Groups: 1},
	{N: 2, H: 17, W: 15, C: 3, K: 24, KH: 7, KW: 7, StrideH: 2, StrideW: 2, PadH: 3, PadW: 3, Groups: 1},
	{N: 2, H: 12, W: 10, C: 20, K: 33, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 1},
	{N: 4, H: 5, W: 5, C: 13, K: 7, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 1},
	{N: 40, H: 3, W: 3, C: 24, K: 136, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 1},
	{N: 3, H: 9, W: 11, C: 9, K: 48, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 1},
	{N: 2, H: 9, W: 8, C: 16, K: 40, KH: 1, KW: 1, StrideH: 2, StrideW: 2, Groups: 1},
	{N: 2, H: 9, W: 8, C: 12, K: 18, KH: 3, KW: 3, StrideH: 1, StrideW: 2, PadH: 1, PadW: 1, Groups: 3},
	{N: 2, H: 9, W: 8, C: 8, K: 16, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 2},
	{N: 2, H: 11, W: 14, C: 24, K: 24, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 24},
	{N: 3, H: 11, W: 14, C: 40, K: 40, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 40},
	{N: 2, H: 6, W: 6, C: 5, K: 5, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 5},
	{N: 2, H: 3, W: 3, C: 96, K: 96, KH: 3, KW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1, Groups: 96},
	{N: 2, H: 9, W: 9, C: 6, K: 12, KH: 5, KW: 5, StrideH: 3, StrideW: 3, PadH: 2, PadW: 1, Groups: 6},
	{N: 1, H: 4, W: 4, C: 2, K: 3, KH: 2, KW: 2, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 1},
	{N: 1, H: 1, W: 1, C: 1, K: 1, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 1},
}

// The root mean square error of each form against float64, relative to the result, on normal random values. Winograd's
// grows with the size of its tile, since the transforms add and subtract numbers larger than the result.
var formError = map[Form]float64{Direct: 1e-6, Winograd2: 1.5e-6, Winograd3: 2e-6, Winograd4: 6e-6}

func TestConvolutionAgainstFloat64(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		r := rand.New(rand.NewPCG(1, 2))
		for _, s := range convShapes {
			x, w, dy := random(r, s.InputLen()), random(r, s.WeightLen()), random(r, s.OutputLen())
			y64, dx64, dw64 := conv64(s, x, w), convInput64(s, dy, w), convWeights64(s, x, dy)
			for _, f := range []Form{Direct, Winograd2, Winograd3, Winograd4} {
				s.Forms = Forms{f, f, f}
				if f != Direct && s.Resolve().Forms.Forward != f {
					continue
				}
				t.Run(fmt.Sprintf("%dx%dx%dx%d-%d-%dx%d-%v", s.N, s.H, s.W, s.C, s.K, s.KH, s.Groups, f), func(t *testing.T) {
					y, okY := guarded(t, s.OutputLen())
					dx, okX := guarded(t, s.InputLen())
					dw, okW := guarded(t, s.WeightLen())
					scratch, okS := guarded(t, max(s.ForwardScratch(), s.InputScratch(), s.WeightsScratch()))
					ConvForward(p, s, x, w, nil, y, scratch[:s.ForwardScratch()])
					ConvBackwardInput(p, s, dy, w, dx, scratch[:s.InputScratch()])
					ConvBackwardWeights(p, s, x, dy, dw, nil, scratch[:s.WeightsScratch()])
					for _, ok := range []func(){okY, okX, okW, okS} {
						ok()
					}
					want := formError[f]
					if e := distance(y, y64); e > want {
						t.Errorf("forward: error %.2g, want below %.2g", e, want)
					}
					if e := distance(dx, dx64); e > want {
						t.Errorf("gradient by the input: error %.2g, want below %.2g", e, want)
					}
					if e := distance(dw, dw64); e > 2*want {
						t.Errorf("gradient by the weights: error %.2g, want below %.2g", e, 2*want)
					}
				})
			}
		}
	})
}
