package kernels

import "math"

// Param is one tensor of parameters with its gradient, the optimizer's memory and its weight decay.
type Param struct {
	W, G  []float32
	M, V  []float32 // momentum (SGD) or first moment (Adam); second moment (Adam only); as long as W, zero at first
	Decay float32   // weight decay of this tensor
	Rate  float32   // what the learning rate is multiplied by for this tensor; 0 stands for 1
}

// ParamSet is a fixed set of parameters, cut into tiles once.
type ParamSet struct {
	params []Param
	tiles  []paramTile
}

// updateJob is the job of one update, or norm, of a set.
type updateJob struct {
	set                   *ParamSet
	norms                 []float64 // of each tile
	rate, momentum, scale float32   // SGD
	nesterov, decoupled   bool
	adam                  [AdamFactorsLen + 1]float32 // and the gradients' scale: in this order the vector kernels read them
}

type paramTile struct{ param, lo, hi int }

// NewParamSet cuts the parameters into tiles. The slices are kept, not copied.
func NewParamSet(params []Param) *ParamSet {
	s := &ParamSet{params: params}
	for i, p := range params {
		if !(len(p.W) == len(p.G) && (p.M == nil || len(p.M) == len(p.W)) && (p.V == nil || len(p.V) == len(p.W))) {
			fail("parameter %d: lengths %d, %d, %d, %d", i, len(p.W), len(p.G), len(p.M), len(p.V))
		}
		for lo := 0; lo < len(p.W); lo += elementTile {
			s.tiles = append(s.tiles, paramTile{i, lo, min(lo+elementTile, len(p.W))})
		}
	}
	return s
}

// Params are the parameters of the set.
func (s *ParamSet) Params() []Param { return s.params }

// GradNormScratch is how many floats of scratch GradNorm needs for gradients of these lengths.
func GradNormScratch(lengths ...int) int {
	n := 0
	for _, l := range lengths {
		n += 2 * ceilDiv(l, elementTile)
	}
	return n
}

// GradNorm is the Euclidean norm of all gradients together, summed in a fixed order in float64. scratch at least GradNormScratch
// floats.
func (s *ParamSet) GradNorm(p *Pool, scratch []float32) float64 {
	if !(len(scratch) >= 2*len(s.tiles)) {
		fail("norm of gradients: scratch of %d, want %d", len(scratch), 2*len(s.tiles))
	}
	j := &p.begin().solver
	norms := doubles(scratch[:2*len(s.tiles)])
	j.set, j.norms = s, norms
	p.run(gradNormTile{j}, len(s.tiles))
	sum := 0.0
	for _, v := range norms {
		sum += v
	}
	return math.Sqrt(sum)
}

type gradNormTile struct{ *updateJob }

func (j gradNormTile) tile(tile int, _ *workspace) {
	t := j.set.tiles[tile]
	var sums [4]float64
	g := j.set.params[t.param].G[t.lo:t.hi]
	for i, v := range g {
		sums[i&3] += float64(v) * float64(v)
	}
	j.norms[tile] = (sums[0] + sums[2]) + (sums[1] + sums[3])
}

// SGD updates all parameters in one sweep, as PyTorch's SGD: g = scale*G + Decay*W; M = momentum*M + g; step by M, or with
// nesterov by g + momentum*M. Without momentum M may be nil. scale is for clipping (1 = none).
func (s *ParamSet) SGD(p *Pool, rate, momentum float32, nesterov bool, scale float32) {
	j := &p.begin().solver
	j.set, j.rate, j.momentum, j.scale, j.nesterov = s, rate, momentum, scale, nesterov
	p.run(sgdTile{j}, len(s.tiles))
}

type sgdTile struct{ *updateJob }

func (j sgdTile) tile(tile int, _ *workspace) {
	t := j.set.tiles[tile]
	q := &j.set.params[t.param]
	w, g := q.W[t.lo:t.hi], q.G[t.lo:t.hi]
	rate, momentum, scale, decay := j.rate, j.momentum, j.scale, q.Decay
	if q.Rate != 0 {
		rate *= q.Rate
	}
	if active != nil {
		var m []float32
		if momentum != 0 {
			m = q.M[t.lo:t.hi]
		}
		active.sgd(w, g, m, rate, momentum, decay, scale, j.nesterov)
		return
	}
	if momentum == 0 {
		for i, v := range w {
			w[i] = v - rate*(scale*g[i]+decay*v)
		}
		return
	}
	m := q.M[t.lo:t.hi]
	for i, v := range w {
		d := scale*g[i] + decay*v
		m[i] = momentum*m[i] + d
		if j.nesterov {
			d += momentum * m[i]
		} else {
			d = m[i]
		}
		w[i] = v - rate*d
	}
}

// AdamFactorsLen is the number of AdamFactors.
const AdamFactorsLen = 8

// AdamFactors is what a step of Adam multiplies by: rate, beta1, 1-beta1, beta2, 1-beta2, epsilon, the rate over the first bias
// correction, 1 over the root of the second. step counts from 1.
func AdamFactors(rate, beta1, beta2, eps float64, step int) [AdamFactorsLen]float32 {
	c1 := 1 - math.Pow(beta1, float64(step))
	c2 := 1 - math.Pow(beta2, float64(step))
	return [AdamFactorsLen]float32{float32(rate), float32(beta1), float32(1 - beta1), float32(beta2), float32(1 - beta2), float32(eps), float32(rate / c1), float32(1 / math.Sqrt(c2))}
}

// Adam updates all parameters in one sweep by AdamFactors, as PyTorch's Adam, or AdamW where decoupled: then the decay shrinks the
// weights by rate*Decay instead of joining the gradient.
func (s *ParamSet) Adam(p *Pool, factors []float32, decoupled bool, scale float32) {
	if !(len(factors) == AdamFactorsLen) {
		fail("adam: %d factors, want %d", len(factors), AdamFactorsLen)
	}
	j := &p.begin().solver
	j.set, j.decoupled = s, decoupled
	copy(j.adam[:], factors)
	j.adam[AdamFactorsLen] = scale
	p.run(adamTile{j}, len(s.tiles))
}

type adamTile struct{ *updateJob }

func (j adamTile) tile(tile int, _ *workspace) {
	t := j.set.tiles[tile]
	q := &j.set.params[t.param]
	w, g, m, v := q.W[t.lo:t.hi], q.G[t.lo:t.hi], q.M[t.lo:t.hi], q.V[t.lo:t.hi]
	f := j.adam
	if q.Rate != 0 { // the rate itself, which the decoupled decay goes with, and over the first bias correction
		f[0] *= q.Rate
		f[6] *= q.Rate
	}
	scale, decay, shrink := f[8], q.Decay, float32(1)
	if j.decoupled {
		shrink, decay = 1-f[0]*q.Decay, 0
	}
	if active != nil {
		active.adam(w, g, m, v, f[:], decay, shrink)
		return
	}
	for i := range w {
		wi := w[i] * shrink
		d := scale*g[i] + decay*wi
		m[i] = f[1]*m[i] + f[2]*d
		v[i] = f[3]*v[i] + f[4]*(d*d)
		w[i] = wi - f[6]*m[i]/(float32(math.Sqrt(float64(v[i])))*f[7]+f[5])
	}
}
