package kernels

import "viewfinder/training/machine"

// winograd is a 3x3 convolution of stride 1 in Winograd form (Lavin, Gray 2015): the input is cut into overlapping tiles of
// n x n = (m+2) x (m+2) pixels, each transformed; n*n matrix products follow, and a transform back to m x m outputs.
type winograd struct {
	s       winoShape
	images  int
	tiles   int // of the whole batch
	block   int // tiles that are worked on at once
	blocks  int
	split   int // parts the output channels are cut into
	chunk   int // tiles of a step of the gradient by the weights
	inBlock int // tiles of one transform there
}

const (
	winoLimit = 4096 // most channels
	winoPad   = 16   // WINO_PAD of vector_winograd.h: floats between the arrays of two positions
)

var zeroRow [winoLimit]float32 // stands in for pixels outside the image; never written

func (f Form) winoTile() int {
	switch f {
	case Winograd2:
		return 2
	case Winograd3:
		return 3
	case Winograd4:
		return 4
	}
	return 0
}

// winogradFits reports whether a convolution has a Winograd form at all.
func (s ConvShape) winogradFits() bool {
	return s.KH == 3 && s.KW == 3 && s.StrideH <= 1 && s.StrideW <= 1 && s.Groups <= 1 && s.C%16 == 0 && s.K%16 == 0 && s.C <= winoLimit && s.K <= winoLimit && s.PadH <= 2 && s.PadW <= 2
}

func newWinograd(s ConvShape, f Form, nr int) winograd {
	m := f.winoTile()
	n2 := (m + 2) * (m + 2)
	w := winograd{images: s.N, s: winoShape{m: m, h: s.H, w: s.W, c: s.C, oh: s.OutH(), ow: s.OutW(), k: s.K, padH: s.PadH, padW: s.PadW}}
	w.s.th, w.s.tw = ceilDiv(w.s.oh, m), ceilDiv(w.s.ow, m)
	w.tiles = s.N * w.s.th * w.s.tw
	w.s.k1 = s.K
	// Transformed input of a block: half of the second-level cache.
	block := machine.ThisProcessor().L2 / 2 / (n2 * s.C * 4) / 12 * 12
	w.block = min(max(24, min(block, 60)), w.tiles)
	if w.tiles < 2*tileMany*w.block && w.tiles > 64 {
		w.block = min(w.block, max(24, w.tiles/tileMany/12*12))
	} else if w.tiles <= 64 {
		w.block = w.tiles // weights are read once
	}
	w.blocks = ceilDiv(w.tiles, w.block)
	w.split = 1
	for w.blocks*w.split < 4 && w.split < ceilDiv(s.K, 4*nr) {
		w.split++
	}
	most := (2 << 20) / (n2 * (roundUp(s.C, nr) + roundUp(s.K, nr)))
	w.chunk = min(w.tiles, max(48, min(most, 192)))
	w.inBlock = 6
	return w
}

func (w *winograd) n2() int { return (w.s.m + 2) * (w.s.m + 2) }

// weightsLen is the length of the transformed weights.
func (w *winograd) weightsLen(nr int) int { return w.n2() * (w.s.c*packedCols(w.s.k, nr) + winoPad) }

func (w *winograd) localLen(nr int) int {
	return w.n2()*(w.block*(w.s.c+4*nr)+2*winoPad) + roundUp(w.block*(2+w.s.m*w.s.m), 16)
}

// run computes one tile of the forward product (or of the gradient by the input, which is one too).
func (w *winograd) run(v *vector, tile int, local, x, u, bias, res []float32, act Activation, y, part []float32) {
	s := w.s
	block, part2 := tile/w.split, tile%w.split
	s.t0, s.t1, s.act = block*w.block, min(w.tiles, (block+1)*w.block), act
	cols := ceilDiv(s.k, 4*v.nr)
	s.k0, s.k1 = cols*part2/w.split*4*v.nr, min(s.k, cols*(part2+1)/w.split*4*v.nr)
	nv, nm := w.n2()*(w.block*s.c+winoPad), w.n2()*(w.block*4*v.nr+winoPad)
	v.winoForward(&s, x, zeroRow[:], u, bias, res, local[:nv], local[nv:nv+nm], y, part, ints(local[nv+nm:]))
}

// The gradient by the weights: chunk by chunk of tiles, transforms of input and output gradient, then for every
// position the product of the two, added to du in the order of chunks.

func (w *winograd) gradLens(nr int) (v, d, du int) {
	n2 := w.n2()
	return n2 * (roundUp(w.s.c, nr)*w.chunk + winoPad), n2 * (roundUp(w.s.k, nr)*w.chunk + winoPad), n2 * (w.s.c*roundUp(w.s.k, nr) + winoPad)
}

// winogradJob is the job of a gradient by the weights in Winograd form.
type winogradJob struct {
	win       winograd
	x, dy, dw []float32
	v, d, du  []float32 // a chunk's transforms of x and dy, and the sums of their products
	t0, t1    int       // tiles of the chunk
}

func (j *winogradJob) run(p *Pool, x, dy, dw, scratch []float32) {
	w := &j.win
	nv, nd, ndu := w.gradLens(active.nr)
	j.x, j.dy, j.dw = x, dy, dw
	j.v, j.d, j.du = scratch[:nv], scratch[nv:nv+nd], scratch[nv+nd:][:ndu]
	cb := ceilDiv(w.s.c, active.nr)
	for t0 := 0; t0 < w.tiles; t0 += w.chunk {
		j.t0, j.t1 = t0, min(w.tiles, t0+w.chunk)
		p.phase(winoGradInTile{j}, ceilDiv(j.t1-t0, w.inBlock))
		p.phase(winoGradMulTile{j}, w.n2()*cb)
	}
	p.phase(winoGradOutTile{j}, ceilDiv(w.s.c, 8))
}

type winoGradInTile struct{ *winogradJob }

func (j winoGradInTile) tile(tile int, _ *workspace) {
	s := j.win.s
	at := tile * j.win.inBlock
	s.t0 = j.t0 + at
	s.t1 = min(j.t1, s.t0+j.win.inBlock)
	active.winoGradIn(&s, at, j.win.chunk, j.x, j.dy, zeroRow[:], j.v, j.d)
}

type winoGradMulTile struct{ *winogradJob }

func (j winoGradMulTile) tile(tile int, _ *workspace) {
	w := &j.win
	cb := ceilDiv(w.s.c, active.nr)
	active.winoGradMul(j.t1-j.t0, w.chunk, w.s.c, w.s.k, tile/cb, tile%cb, j.t0 == 0, j.v, j.d, j.du)
}

type winoGradOutTile struct{ *winogradJob }

func (j winoGradOutTile) tile(tile int, _ *workspace) {
	w := &j.win
	active.winoGradOut(w.s.m, w.s.c, w.s.k, tile*8, min(w.s.c, tile*8+8), j.du, j.dw)
}
