package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var normedShapes = []ConvShape{
	{N: 3, H: 9, W: 7, C: 16, K: 32, KH: 1, KW: 1},
	{N: 2, H: 12, W: 12, C: 8, K: 48, KH: 1, KW: 1},
	{N: 2, H: 12, W: 12, C: 48, K: 8, KH: 1, KW: 1},
	{N: 5, H: 3, W: 3, C: 480, K: 80, KH: 1, KW: 1},
	{N: 40, H: 6, W: 6, C: 96, K: 32, KH: 1, KW: 1},
	{N: 1, H: 1, W: 1, C: 16, K: 16, KH: 1, KW: 1},
	{N: 2, H: 5, W: 5, C: 20, K: 32, KH: 1, KW: 1},
	{N: 2, H: 11, W: 14, C: 24, K: 24, KH: 3, KW: 3, PadH: 1, PadW: 1, Groups: 24},
	{N: 3, H: 48, W: 48, C: 48, K: 48, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 48},
	{N: 3, H: 24, W: 24, C: 96, K: 96, KH: 3, KW: 3, PadH: 1, PadW: 1, Groups: 96},
	{N: 40, H: 3, W: 3, C: 16, K: 16, KH: 3, KW: 3, PadH: 1, PadW: 1, Groups: 16},
	{N: 2, H: 75, W: 31, C: 32, K: 32, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, Groups: 32},
	{N: 2, H: 40, W: 31, C: 48, K: 48, KH: 3, KW: 3, Groups: 48},
	{N: 2, H: 40, W: 31, C: 48, K: 48, KH: 3, KW: 3, PadH: 2, PadW: 2, Groups: 48},
	{N: 1, H: 1, W: 1, C: 16, K: 16, KH: 3, KW: 3, PadH: 1, PadW: 1, Groups: 16},
}

// normedCase is a convolution between two batch norms, its reference computed by the separate functions.
type normedCase struct {
	s                         ConvShape
	in, out                   Norming
	x, w, dz                  []float32
	y, mean, variance         []float32
	dgamma, dbeta             []float32
	dx, dw, inDGamma, inDBeta []float32
}

func randomNorming(r *rand.Rand, rows, c int, act Activation) Norming {
	n := Norming{Shape: BatchNormShape{Rows: rows, C: c, Eps: 1e-5, Act: act}, Gamma: random(r, c), Beta: random(r, c), Mean: random(r, c), Variance: random(r, c)}
	for i, v := range n.Variance {
		n.Variance[i] = 0.5 + v*v
	}
	return n
}

func newNormedCase(p *Pool, s ConvShape, act Activation, normed bool) *normedCase {
	s = s.normal()
	r := rand.New(rand.NewPCG(3, uint64(s.C)))
	n := &normedCase{s: s, x: random(r, s.InputLen()), w: random(r, s.WeightLen()), dz: random(r, s.OutputLen())}
	rows := s.N * s.OutH() * s.OutW()
	z := n.x
	if normed {
		n.in = randomNorming(r, s.N*s.H*s.W, s.C, act)
		z = make([]float32, len(n.x))
		BatchNormForward(p, n.in.Shape, n.x, nil, n.in.Gamma, n.in.Beta, n.in.Mean, n.in.Variance, z, make([]float32, 2*s.C))
	}
	n.y, n.mean, n.variance = make([]float32, s.OutputLen()), make([]float32, s.K), make([]float32, s.K)
	ConvForwardStats(p, s, z, n.w, n.y, n.mean, n.variance, make([]float32, s.StatsScratch()))
	n.out = randomNorming(r, rows, s.K, act)
	dy := make([]float32, len(n.y))
	n.dgamma, n.dbeta = make([]float32, s.K), make([]float32, s.K)
	BatchNormBackward(p, n.out.Shape, n.y, nil, n.dz, n.out.Gamma, n.out.Beta, n.out.Mean, n.out.Variance, dy, nil, n.dgamma, n.dbeta, make([]float32, n.out.Shape.Scratch()))
	n.dx, n.dw = make([]float32, len(n.x)), make([]float32, len(n.w))
	ConvBackwardInput(p, s, dy, n.w, n.dx, make([]float32, s.InputScratch()))
	ConvBackwardWeights(p, s, z, dy, n.dw, nil, make([]float32, s.WeightsScratch()))
	if normed {
		n.inDGamma, n.inDBeta = make([]float32, s.C), make([]float32, s.C)
		BatchNormBackward(p, n.in.Shape, n.x, nil, n.dx, n.in.Gamma, n.in.Beta, n.in.Mean, n.in.Variance, nil, nil, n.inDGamma, n.inDBeta, make([]float32, n.in.Shape.Scratch()))
	}
	return n
}

func (n *normedCase) backward(dx, dw, dgamma, dbeta []float32) NormedBackward {
	return NormedBackward{Out: n.out, Y: n.y, DZ: n.dz, DGamma: n.dgamma, DBeta: n.dbeta, In: n.in, X: n.x, W: n.w, DX: dx, DW: dw, InDGamma: dgamma, InDBeta: dbeta}
}

// The fused kernels against the separate ones: the same sums, in other parts.
func TestNormedConvolution(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		for i, s := range normedShapes {
			for _, normed := range []bool{true, false} {
				act := Activation(i % 3)
				t.Run(fmt.Sprintf("%dx%dx%dx%d-%d-%d/%d-%v-%v", s.N, s.H, s.W, s.C, s.K, s.KH, s.StrideH, act, normed), func(t *testing.T) {
					if !s.FusesNorm() {
						t.Skip("no fused kernel here")
					}
					n := newNormedCase(p, s, act, normed)
					s := n.s
					check := func(what string, got, want []float32) {
						t.Helper()
						near(t, what, got, wide(want), 3e-5)
					}
					if normed {
						y, okY := guarded(t, len(n.y))
						mean, variance := make([]float32, s.K), make([]float32, s.K)
						scratch, ok := guarded(t, s.NormedForwardScratch())
						ConvForwardNormed(p, s, n.in, n.x, n.w, y, mean, variance, scratch)
						okY()
						ok()
						check("y", y, n.y)
						check("mean", mean, n.mean)
						check("variance", variance, n.variance)
					}
					dx, okX := guarded(t, len(n.dx))
					dw, okW := guarded(t, len(n.dw))
					scratch, ok := guarded(t, s.NormedBackwardScratch())
					dgamma, dbeta := make([]float32, s.C), make([]float32, s.C)
					ConvBackwardNormed(p, s, n.backward(dx, dw, dgamma, dbeta), scratch)
					okX()
					okW()
					ok()
					check("dx", dx, n.dx)
					check("dw", dw, n.dw)
					if normed {
						check("dgamma", dgamma, n.inDGamma)
						check("dbeta", dbeta, n.inDBeta)
					}
				})
			}
		}
	})
}

func TestNormedConvolutionIsTheSameForAnyNumberOfThreads(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		if active == nil {
			t.Skip("no fused kernels in plain Go")
		}
		for _, s := range normedShapes {
			if !s.FusesNorm() {
				continue
			}
			var want []float32
			for _, threads := range []int{1, 2, 3, 8} {
				p := NewPool(threads)
				n := newNormedCase(p, s, ReLU6, true)
				s := n.s
				var got []float32
				add := func(size int) []float32 {
					got = append(got, make([]float32, size)...)
					return got[len(got)-size:]
				}
				got = make([]float32, 0, len(n.y)+len(n.dx)+len(n.dw)+2*s.K+2*s.C)
				ConvForwardNormed(p, s, n.in, n.x, n.w, add(len(n.y)), add(s.K), add(s.K), make([]float32, s.NormedForwardScratch()))
				ConvBackwardNormed(p, s, n.backward(add(len(n.dx)), add(len(n.dw)), add(s.C), add(s.C)), make([]float32, s.NormedBackwardScratch()))
				p.Close()
				for i := range want {
					if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
						t.Fatalf("%+v: value %d is %v with %d threads, %v with one", s, i, got[i], threads, want[i])
					}
				}
				want = got
			}
		}
	})
}

// The sweep with known sums against the one that takes them itself.
func TestBatchNormBackwardInput(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		r := rand.New(rand.NewPCG(5, 6))
		for _, c := range []int{3, 8, 20, 48} {
			n := randomNorming(r, 700, c, ReLU6)
			x, dy := random(r, 700*c), random(r, 700*c)
			want, got := make([]float32, len(x)), make([]float32, len(x))
			dgamma, dbeta := make([]float32, c), make([]float32, c)
			BatchNormBackward(p, n.Shape, x, nil, dy, n.Gamma, n.Beta, n.Mean, n.Variance, want, nil, dgamma, dbeta, make([]float32, n.Shape.Scratch()))
			BatchNormBackwardInput(p, n, x, dy, dgamma, dbeta, got, make([]float32, 4*c))
			near(t, "dx", got, wide(want), 1e-6)
		}
	})
}
