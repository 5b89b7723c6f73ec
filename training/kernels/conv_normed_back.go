package kernels

import "viewfinder/training/machine"

// normedBackward plans the backward pass.
func (s ConvShape) normedBackward() normed {
	var f normed
	if s.Depthwise() {
		f.normedRows(s)
		return f
	}
	f.parts = s.pointwiseParts()
	px := ceilDiv(s.N*s.H*s.W, f.parts)
	f.pixels = min(512, max(48, machine.ThisProcessor().L2/32/(s.C+s.K)))
	f.pixels = ceilDiv(px, ceilDiv(px, f.pixels))
	f.swapped = fillsPanels(s.C, active.nr) && (s.C > s.K || !fillsPanels(s.K, active.nr))
	f.localZ, f.localDY, f.offsets = roundUp(f.pixels*s.C, 16), roundUp(f.pixels*s.K, 16), roundUp(f.pixels, 16)
	return f
}

func (f *normed) localLen() int { return f.localZ + f.localDY + 2*f.offsets }

// turned is the shape of the 1x1 convolution that computes the gradient by the input.
func (s ConvShape) turned() ConvShape {
	s.C, s.K = s.K, s.C
	return s
}

// NormedBackwardScratch is how many floats of scratch ConvBackwardNormed needs.
func (s ConvShape) NormedBackwardScratch() int {
	s = s.normal()
	f := s.normedBackward()
	packed := s.normedPackedLen()
	if !s.Depthwise() {
		packed = s.turned().normedPackedLen()
	}
	return packed + 4*roundUp(s.K, 16) + 4*roundUp(s.C, 16) + f.parts*(s.WeightLen()+2*s.C)
}

// ConvBackwardNormed goes back through a batch norm with its activation and the convolution before it, in one sweep: see
// NormedBackward. Only for shapes with FusesNorm; scratch at least NormedBackwardScratch floats.
func ConvBackwardNormed(p *Pool, s ConvShape, a NormedBackward, scratch []float32) {
	s = s.normal()
	a.Out.check(s.K)
	a.In.check(s.C)
	if !(len(a.Y) == s.OutputLen() && len(a.DZ) == len(a.Y) && len(a.DGamma) == s.K && len(a.DBeta) == s.K && len(a.X) == s.InputLen() && len(a.DX) == len(a.X) && len(a.W) == s.WeightLen() && len(a.DW) == len(a.W)) {
		fail("convolution backward through a norm %+v: lengths y %d, dz %d, x %d, dx %d, w %d, dw %d", s, len(a.Y), len(a.DZ), len(a.X), len(a.DX), len(a.W), len(a.DW))
	}
	if !(len(scratch) >= s.NormedBackwardScratch()) {
		fail("convolution backward through a norm: scratch of %d, want %d", len(scratch), s.NormedBackwardScratch())
	}
	j := &p.begin().normed
	defer p.finish()
	j.shape, j.normed = s, s.normedBackward()
	f := &j.normed
	f.NormedBackward = a
	j.x = a.X
	take := func(n int) []float32 {
		part := scratch[:n]
		scratch = scratch[roundUp(n, 16):]
		return part
	}
	f.coefOut, f.coefIn = take(4*s.K), take(4*s.C)
	backwardCoefficients(a.Out, a.DGamma, a.DBeta, f.coefOut)
	if !a.In.none() {
		BatchNormFold(a.In.Shape, a.In.Gamma, a.In.Beta, a.In.Mean, a.In.Variance, f.coefIn[:s.C], f.coefIn[s.C:2*s.C])
	}
	if s.Depthwise() {
		f.packed = take(s.normedPackedLen())
		j.normedPack(p, a.W, s.StrideH == 1 && s.StrideW == 1)
	} else {
		f.packed = take(s.turned().normedPackedLen())
		p.phase(packTurnedTile{j}, ceilDiv(s.C, active.nr))
	}
	f.sums, scratch = scratch[:f.parts*s.WeightLen()], scratch[f.parts*s.WeightLen():]
	f.reduce = scratch[:f.parts*2*s.C]
	p.reserve(f.localLen())
	if s.Depthwise() {
		p.phase(normedDepthPart{j}, f.parts)
	} else {
		p.phase(normedPointPart{j}, f.parts)
	}
	p.phase(normedSumTile{j}, ceilDiv(s.WeightLen(), normedSumLen))
	j.writeWeights(p)
	if !a.In.none() {
		p.finishSums(a.In.Shape, f.reduce, f.coefIn, a.In.Mean, a.In.Variance, a.InDGamma, a.InDBeta)
	}
}

// packTurnedTile packs a block of input channels as columns of the product that gives the gradient by the input: [K][columns], as
// they lie in the weights [K][C].
type packTurnedTile struct{ *normedJob }

func (j packTurnedTile) tile(block int, _ *workspace) {
	s, f, nr := &j.shape, &j.normed, active.nr
	col := block * nr
	width := min(nr, s.C-col)
	across := packedCols(s.C, nr) - col
	if across > nr {
		across = nr
	}
	out := f.packed[col*s.K:]
	for k := range s.K {
		row := out[k*across:][:across]
		copy(row, f.W[k*s.C+col:][:width])
		clear(row[width:])
	}
}

// backwardCoefficients writes scale, shift, a, b of dx = scale*dz + a*x + b to coef [4][C].
func backwardCoefficients(n Norming, dgamma, dbeta, coef []float32) {
	c, rows := n.Shape.C, float64(n.Shape.Rows)
	BatchNormFold(n.Shape, n.Gamma, n.Beta, n.Mean, n.Variance, coef[:c], coef[c:2*c])
	for k := range c {
		a, b := 0.0, 0.0
		if !n.Shape.Frozen {
			scale, inv := float64(coef[k]), float64(n.Shape.invStd(n.Variance[k]))
			a = -scale * inv * float64(dgamma[k]) / rows
			b = -scale*float64(dbeta[k])/rows - a*float64(n.Mean[k])
		}
		coef[2*c+k], coef[3*c+k] = float32(a), float32(b)
	}
}

// normedPointPart goes over one part of the pixels, chunk by chunk.
type normedPointPart struct{ *normedJob }

func (j normedPointPart) tile(part int, own *workspace) {
	s, f, v := &j.shape, &j.normed, active
	local := own.floats(f.localLen())
	z, dyl, local := local[:f.localZ], local[f.localZ:][:f.localDY], local[f.localZ+f.localDY:]
	aoff, yoff := ints(local[:f.offsets]), ints(local[f.offsets:][:f.offsets])
	for i := range f.pixels {
		aoff[i], yoff[i] = int32(i*s.K), int32(i*s.C)
	}
	px := s.N * s.H * s.W
	lo, hi := px*part/f.parts, px*(part+1)/f.parts
	sums, reduce := f.sums[part*s.WeightLen():], f.reduce[part*2*s.C:][:2*s.C]
	product := gemmShape{taps: 1, run: s.K, cols: s.C, k1: ceilDiv(s.C, v.nr)}
	for at := lo; at < hi; at += f.pixels {
		end := min(hi, at+f.pixels)
		n := end - at
		dy := dyl[:n*s.K]
		v.normBack(n, s.K, f.Y[at*s.K:end*s.K], nil, f.DZ[at*s.K:end*s.K], f.coefOut, f.Out.Shape.Act, dy, nil)
		in := j.input(at, end, z)
		if f.swapped {
			v.outerPlain(n, s.K, s.C, at == lo, dy, in, sums, s.C)
		} else {
			v.outerPlain(n, s.C, s.K, at == lo, in, dy, sums, s.K)
		}
		dx := f.DX[at*s.C : end*s.C]
		product.rows = n
		v.gemm(product, dy, aoff, f.packed, nil, nil, dx, yoff)
		if !f.In.none() {
			v.normReduce(n, s.C, f.X[at*s.C:end*s.C], nil, dx, f.coefIn, f.In.Mean, f.In.Shape.Act, at == lo, reduce)
		}
	}
}

// normedDepthPart goes over one part of the images, a tile of rows after the other.
type normedDepthPart struct{ *normedJob }

func (j normedDepthPart) tile(part int, own *workspace) {
	s, f, v := &j.shape, &j.normed, active
	local := own.floats(f.localLen())
	z, dyl := local[:f.localZ], local[f.localZ:][:f.localDY]
	sums, reduce := f.sums[part*s.WeightLen():][:s.WeightLen()], f.reduce[part*2*s.C:][:2*s.C]
	clear(sums)
	oh, ow, rowX, rowY := s.OutH(), s.OutW(), s.W*s.C, s.OutW()*s.C
	units, first := s.N*f.tiles, true
	for u := units * part / f.parts; u < units*(part+1)/f.parts; u++ {
		n, t := u/f.tiles, u%f.tiles
		h0, h1 := t*f.rows*s.StrideH, min(s.H, (t+1)*f.rows*s.StrideH)
		r0, r1 := normedOutputRows(s, f, t)
		// Rows of dy that meet rows h0 to h1 of the input, and those whose weights' gradient is taken here.
		s0, s1 := max(0, ceilDiv(max(0, h0+s.PadH-s.KH+1), s.StrideH)), min(oh, (h1-1+s.PadH)/s.StrideH+1)
		if r0 < r1 {
			s0, s1 = min(s0, r0), max(s1, r1)
		}
		at, end := (n*oh+s0)*rowY, (n*oh+s1)*rowY
		dy := dyl[:end-at]
		v.normBack((s1-s0)*ow, s.C, f.Y[at:end], nil, f.DZ[at:end], f.coefOut, f.Out.Shape.Act, dy, nil)
		if r0 < r1 {
			z0, z1 := max(0, r0*s.StrideH-s.PadH), min(s.H, (r1-1)*s.StrideH-s.PadH+s.KH)
			in := j.input((n*s.H+z0)*s.W, (n*s.H+z1)*s.W, z)
			q := s.rowsOf(z0, z1, r0)
			v.dwWeights(&q, 0, r1-r0, in, dy[(r0-s0)*rowY:], sums)
		}
		x, dx := f.X[(n*s.H+h0)*rowX:(n*s.H+h1)*rowX], f.DX[(n*s.H+h0)*rowX:(n*s.H+h1)*rowX]
		if s.StrideH == 1 && s.StrideW == 1 {
			q := s.flipped()
			q.C, q.K = s.C, s.C
			q = q.rowsOf(s0, s1, h0)
			v.dwForward(&q, 0, h1-h0, dy, f.packed, nil, nil, None, dx)
		} else {
			q := *s
			q.H, q.PadH = h1-h0, s.PadH+h0-s0*s.StrideH
			v.dwInput(&q, s1-s0, 0, h1-h0, dy, f.packed, dx)
		}
		if !f.In.none() {
			v.normReduce((h1-h0)*s.W, s.C, x, nil, dx, f.coefIn, f.In.Mean, f.In.Shape.Act, first, reduce)
			first = false
		}
	}
	if first {
		clear(reduce)
	}
}

// normedSumLen is how many of the weights' sums make a tile.
const normedSumLen = 4096

// normedSumTile adds the parts of a stretch of the weights' gradient, in order, into the first.
type normedSumTile struct{ *normedJob }

func (j normedSumTile) tile(tile int, _ *workspace) {
	f, size := &j.normed, j.shape.WeightLen()
	lo, hi := tile*normedSumLen, min(size, (tile+1)*normedSumLen)
	sum := f.sums[lo:hi]
	for part := 1; part < f.parts; part++ {
		active.addAct(sum, f.sums[part*size+lo:part*size+hi], None, sum)
	}
}

// writeWeights writes the sums as PyTorch has them.
func (j *normedJob) writeWeights(p *Pool) {
	s, f := &j.shape, &j.normed
	switch {
	case s.Depthwise():
		taps := s.KH * s.KW
		for k := range s.C {
			for t := range taps {
				f.DW[k*taps+t] = f.sums[t*s.C+k]
			}
		}
	case f.swapped:
		copy(f.DW, f.sums)
	default:
		p.phase(normedTurnTile{j}, ceilDiv(s.C, 8))
	}
}

// normedTurnTile writes the sums [C][K] of eight input channels as [K][C].
type normedTurnTile struct{ *normedJob }

func (j normedTurnTile) tile(tile int, _ *workspace) {
	s, f := &j.shape, &j.normed
	for c := tile * 8; c < min(s.C, tile*8+8); c++ {
		for k, v := range f.sums[c*s.K:][:s.K] {
			f.DW[k*s.C+c] = v
		}
	}
}

// BatchNormBackwardInput computes dx [Rows][C] of a batch norm without residual whose parameters' gradients are known. dx may be
// dy; scratch at least 4*C floats.
func BatchNormBackwardInput(p *Pool, n Norming, x, dy, dgamma, dbeta, dx, scratch []float32) {
	s := n.Shape
	n.check(s.C)
	s.checkChannels(dgamma, dbeta)
	if !(len(x) == s.Rows*s.C && len(dy) == len(x) && len(dx) == len(x) && len(scratch) >= 4*s.C) {
		fail("batch norm backward: lengths x %d, dy %d, dx %d, scratch %d for %+v", len(x), len(dy), len(dx), len(scratch), s)
	}
	coef := scratch[:4*s.C]
	backwardCoefficients(n, dgamma, dbeta, coef)
	j := &p.begin().norm
	j.shape, j.x, j.dy, j.dx, j.coef = s, x, dy, dx, coef
	p.run(batchNormBackwardTile{j}, s.parts())
}
