package kernels

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// workload runs one of everything on a pool and keeps all results, so that runs can be compared to the bit.
type workload struct {
	s       ConvShape
	norm    BatchNormShape
	pool    PoolShape
	x, w    []float32
	dy      []float32
	y, z    []float32
	dx, dw  []float32
	db      []float32
	a, b    []float32
	mean    []float32
	vari    []float32
	pooled  []float32
	index   []uint8
	scratch []float32
	set     *ParamSet
	dg, dbt []float32
}

func newWorkload(s ConvShape) *workload {
	s = s.normal()
	r := rand.New(rand.NewPCG(9, 10))
	k := s.K
	l := &workload{s: s, norm: s.batchNorm(), pool: PoolShape{N: s.N, H: s.OutH(), W: s.OutW(), C: k, KH: 2, KW: 2, StrideH: 2, StrideW: 2}}
	l.norm.Eps, l.norm.Act = 1e-5, ReLU
	l.x, l.w, l.dy = random(r, s.InputLen()), random(r, s.WeightLen()), random(r, s.OutputLen())
	l.y, l.z, l.dx, l.dw, l.db = Aligned(s.OutputLen()), Aligned(s.OutputLen()), Aligned(s.InputLen()), Aligned(s.WeightLen()), Aligned(k)
	l.a, l.b, l.mean, l.vari = random(r, k), random(r, k), Aligned(k), Aligned(k)
	l.pooled, l.index = Aligned(l.pool.OutputLen()), make([]uint8, l.pool.OutputLen())
	l.scratch = Aligned(max(s.StatsScratch(), s.InputScratch(), s.WeightsScratch(), l.norm.Scratch(), BatchNormMaxPoolScratch(l.pool)))
	l.dg, l.dbt = Aligned(k), Aligned(k)
	l.set = NewParamSet([]Param{{W: l.w, G: l.dw, M: Aligned(len(l.w)), V: Aligned(len(l.w)), Decay: 1e-4}})
	return l
}

func (l *workload) step(p *Pool, i int) {
	ConvForwardStats(p, l.s, l.x, l.w, l.y, l.mean, l.vari, l.scratch)
	BatchNormForward(p, l.norm, l.y, nil, l.a, l.b, l.mean, l.vari, l.z, l.scratch)
	BatchNormMaxPoolForward(p, l.norm, l.pool, l.y, l.a, l.b, l.mean, l.vari, l.pooled, l.index, l.scratch)
	BatchNormBackward(p, l.norm, l.y, nil, l.dy, l.a, l.b, l.mean, l.vari, l.z, nil, l.dg, l.dbt, l.scratch)
	BatchNormMaxPoolBackward(p, l.norm, l.pool, l.y, l.pooled, l.index, l.pooled, l.a, l.b, l.mean, l.vari, l.z, l.dg, l.dbt, l.scratch)
	ConvBackwardInput(p, l.s, l.dy, l.w, l.dx, l.scratch)
	ConvBackwardWeights(p, l.s, l.x, l.dy, l.dw, l.db, l.scratch)
	Dropout(p, 0.5, uint64(i), l.y, l.y)
	Add(p, l.y, l.z, l.z)
	l.db[0] += float32(l.set.GradNorm(p, l.scratch))
	l.set.SGD(p, 1e-3, 0.9, true, 1)
	f := AdamFactors(1e-3, 0.9, 0.999, 1e-8, i+1)
	l.set.Adam(p, f[:], true, 1)
}

var steadyShapes = []ConvShape{
	{N: 3, H: 20, W: 22, C: 16, K: 32, KH: 3, KW: 3, PadH: 1, PadW: 1},
	{N: 8, H: 6, W: 6, C: 32, K: 64, KH: 3, KW: 3, PadH: 1, PadW: 1},
	{N: 4, H: 17, W: 17, C: 3, K: 40, KH: 3, KW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1},
	{N: 4, H: 12, W: 12, C: 24, K: 24, KH: 3, KW: 3, PadH: 1, PadW: 1, Groups: 24},
	{N: 4, H: 12, W: 12, C: 20, K: 72, KH: 1, KW: 1},
}

func TestThreadsDoNotChangeABit(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for _, s := range steadyShapes {
			t.Run(fmt.Sprintf("%d-%d-%d", s.C, s.K, s.KH), func(t *testing.T) {
				var want *workload
				for _, threads := range []int{1, 2, 3, 8} {
					p := NewPool(threads)
					got := newWorkload(s)
					for i := range 3 {
						got.step(p, i)
					}
					p.Close()
					if want == nil {
						want = got
						continue
					}
					for i, pair := range [][2][]float32{{got.w, want.w}, {got.y, want.y}, {got.z, want.z}, {got.dx, want.dx}, {got.dw, want.dw}, {got.db, want.db}, {got.mean, want.mean}, {got.vari, want.vari}, {got.pooled, want.pooled}, {got.dg, want.dg}, {got.dbt, want.dbt}} {
						if !slices.Equal(pair[0], pair[1]) {
							t.Errorf("%d threads: result %d is not that of one thread", threads, i)
						}
					}
				}
			})
		}
	})
}

func TestNothingIsAllocated(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		p := NewPool(2)
		defer p.Close()
		for _, s := range steadyShapes {
			l := newWorkload(s)
			l.step(p, 0)
			if n := testing.AllocsPerRun(3, func() { l.step(p, 1) }); n != 0 {
				t.Errorf("%+v: %g allocations a step", s, n)
			}
		}
	})
}
