package kernels

import "viewfinder/training/machine"

// A convolution between two batch norms need not see their results in memory. Forward, it normalises and activates its input
// tile by tile as it reads it. Back, one sweep takes a tile of the gradient through the batch norm after the convolution, sums
// the gradient by the weights, computes the gradient by the input, and sums what the batch norm before it needs: each of the
// large maps is read once, and nothing is written but the gradient by the input. 1x1 and depthwise convolutions have this
// form, since with few multiplications a value it is memory that holds them back. The reference is the sequence of the
// separate functions.

// Norming is a batch norm with what it computes with: all [C]. Its zero value stands for none.
type Norming struct {
	Shape                       BatchNormShape
	Gamma, Beta, Mean, Variance []float32
}

func (n Norming) none() bool { return n.Gamma == nil }

func (n Norming) check(channels int) {
	if n.none() {
		return
	}
	n.Shape.checkChannels(n.Gamma, n.Beta, n.Mean, n.Variance)
	if n.Shape.C != channels {
		fail("norming of %d channels where there are %d", n.Shape.C, channels)
	}
}

// NormedBackward is what ConvBackwardNormed works on.
type NormedBackward struct {
	// The batch norm after the convolution: its input Y (the convolution's result), the gradient DZ of its result, and its
	// parameters' gradients, which are known already.
	Out           Norming
	Y, DZ         []float32
	DGamma, DBeta []float32
	// The convolution's input X, or what In makes the input of; weights; and results: gradients by the input (before the
	// activation and the batch norm of In, if there is one), by the weights and by In's parameters.
	In                Norming
	X, W              []float32
	DX, DW            []float32
	InDGamma, InDBeta []float32
}

// normedJob is the job of these kernels.
type normedJob struct {
	convJob
	normed
}

// normed is what they need beside the convolution.
type normed struct {
	NormedBackward
	pixels, parts   int       // 1x1: pixels of a chunk or tile
	swapped         bool      // 1x1: sums are [K][C] instead of [C][K]
	rows, tiles     int       // depthwise: rows of a tile, tiles of an image
	coefOut, coefIn []float32 // [4][K], [4][C] of normBack and normReduce
	sums, reduce    []float32 // [parts][WeightLen], [parts][2][C]
	packed          []float32
	stats           []float32 // forward: a part for each tile
	localZ, localDY int
	offsets         int
	inputRows       int
}

// FusesNorm reports whether the shape has the fused kernels with the kernels in use: 1x1 convolutions without stride, padding
// and groups, and depthwise ones, where channels fill the vectors.
func (s ConvShape) FusesNorm() bool {
	if active == nil || s.KH < s.StrideH {
		return false
	}
	s = s.normal()
	if s.Depthwise() {
		return s.KH == 3 && s.KW == 3 && s.C%active.vw == 0 && s.PadH < 3 && s.PadW < 3
	}
	return s.KH == 1 && s.KW == 1 && s.StrideH == 1 && s.StrideW == 1 && s.Groups == 1 && s.PadH == 0 && s.PadW == 0 &&
		(fillsPanels(s.K, active.nr) || fillsPanels(s.C, active.nr))
}

// fillsPanels reports whether c is a multiple of nr or half of nr more.
func fillsPanels(c, nr int) bool { return c%nr == 0 || c%nr == nr/2 }

// normedForward plans the forward pass.
func (s ConvShape) normedForward() normed {
	var f normed
	if s.Depthwise() {
		f.normedRows(s)
		return f
	}
	px := s.N * s.H * s.W
	f.pixels = min(2048, max(48, machine.ThisProcessor().L2/8/(2*s.C+s.K)), max(6, ceilDiv(px, tileMany)))
	f.pixels = ceilDiv(px, ceilDiv(px, f.pixels))
	f.tiles = ceilDiv(px, f.pixels)
	f.localZ, f.offsets = roundUp(f.pixels*s.C, 16), roundUp(f.pixels, 16)
	return f
}

// normedRows cuts the images of a depthwise convolution into tiles of rows of the input (backward) or output (forward) whose
// maps stay in the second-level cache together.
func (f *normed) normedRows(s ConvShape) {
	rows := max(1, machine.ThisProcessor().L2/4*3/16/(s.W*s.C))
	high := ceilDiv(s.H, s.StrideH)
	f.tiles = ceilDiv(high, max(1, rows/s.StrideH))
	f.rows = ceilDiv(high, f.tiles) // in steps of the stride
	f.tiles = ceilDiv(high, f.rows)
	f.inputRows = min(s.H, (f.rows-1)*s.StrideH+2*s.KH)
	f.localZ = roundUp(f.inputRows*s.W*s.C, 16)
	f.localDY = roundUp(min(s.OutH(), f.rows+2*s.KH)*s.OutW()*s.C, 16)
	f.parts = min(32, s.N*f.tiles)
}

func (s ConvShape) normedPackedLen() int {
	if s.Depthwise() {
		return roundUp(s.WeightLen(), 16)
	}
	return roundUp(packedCols(s.K, active.nr)*s.C, 16)
}

// NormedForwardScratch is how many floats of scratch ConvForwardNormed needs.
func (s ConvShape) NormedForwardScratch() int {
	s = s.normal()
	f := s.normedForward()
	return s.normedPackedLen() + roundUp(2*s.C, 16) + s.normedTiles(&f)*partLen(s.K) + 4*s.K
}

func (s *ConvShape) normedTiles(f *normed) int {
	if s.Depthwise() {
		return s.N * f.tiles
	}
	return f.tiles
}

// ConvForwardNormed computes y = conv(act(norm(x)), w) and its mean [K] and biased variance [K] over the batch. Only for shapes
// with FusesNorm; lengths as in ConvForwardStats, scratch at least NormedForwardScratch floats.
func ConvForwardNormed(p *Pool, s ConvShape, in Norming, x, w, y, mean, variance, scratch []float32) {
	s = s.normal()
	in.check(s.C)
	if !(len(x) == s.InputLen() && len(w) == s.WeightLen() && len(y) == s.OutputLen() && len(mean) == s.K && len(variance) == s.K) {
		fail("convolution of a normed input %+v: lengths x %d, w %d, y %d, mean %d, variance %d", s, len(x), len(w), len(y), len(mean), len(variance))
	}
	if !(len(scratch) >= s.NormedForwardScratch()) {
		fail("convolution of a normed input: scratch of %d, want %d", len(scratch), s.NormedForwardScratch())
	}
	j := &p.begin().normed
	defer p.finish()
	j.shape, j.normed = s, s.normedForward()
	f := &j.normed
	n := s.normedPackedLen()
	f.packed, scratch = scratch[:n], scratch[n:]
	f.coefIn, scratch = scratch[:2*s.C], scratch[roundUp(2*s.C, 16):]
	parts := s.normedTiles(f)
	f.stats, scratch = scratch[:parts*partLen(s.K)], scratch[parts*partLen(s.K):]
	f.In = in
	BatchNormFold(in.Shape, in.Gamma, in.Beta, in.Mean, in.Variance, f.coefIn[:s.C], f.coefIn[s.C:])
	j.x, j.y = x, y
	j.normedPack(p, w, false)
	p.reserve(f.localZ + 2*f.offsets)
	if s.Depthwise() {
		p.phase(normedDepthForwardTile{j}, parts)
	} else {
		p.phase(normedPointForwardTile{j}, parts)
	}
	p.joinStats(s.K, parts, f.stats, scratch, mean, variance)
}

// normedPack packs the weights: of the depthwise kernels, or of the matrix product from C to K channels.
func (j *normedJob) normedPack(p *Pool, w []float32, turned bool) {
	s := &j.shape
	j.w, j.convJob.packed = w, j.normed.packed
	if s.Depthwise() {
		j.turned = turned
		p.phase(depthPackTile{&j.convJob}, 1)
		return
	}
	p.phase(normedPackTile{j}, ceilDiv(s.K, active.nr))
}

type normedPackTile struct{ *normedJob }

func (j normedPackTile) tile(kb int, _ *workspace) {
	active.pack(j.shape.C, 1, kb, kb+1, j.shape.K, j.w, nil, j.normed.packed)
}

// input gives pixels lo to hi of the convolution's input, normalised into local where there is a norm before it.
func (j *normedJob) input(lo, hi int, local []float32) []float32 {
	f, c := &j.normed, j.shape.C
	x := j.x[lo*c : hi*c]
	if f.In.none() {
		return x
	}
	active.normApply(hi-lo, c, x, nil, f.coefIn[:c], f.coefIn[c:2*c], f.In.Shape.Act, local)
	return local[:len(x)]
}

type normedPointForwardTile struct{ *normedJob }

func (j normedPointForwardTile) tile(tile int, own *workspace) {
	s, f := &j.shape, &j.normed
	local := own.floats(f.localZ + 2*f.offsets)
	aoff, yoff := ints(local[f.localZ:][:f.offsets]), ints(local[f.localZ+f.offsets:][:f.offsets])
	lo := tile * f.pixels
	hi := min(s.N*s.H*s.W, lo+f.pixels)
	for i := range hi - lo {
		aoff[i], yoff[i] = int32(i*s.C), int32(i*s.K)
	}
	z, y := j.input(lo, hi, local[:f.localZ]), j.y[lo*s.K:hi*s.K]
	active.gemm(gemmShape{rows: hi - lo, taps: 1, run: s.C, cols: s.K, k1: ceilDiv(s.K, active.nr)}, z, aoff, f.packed, nil, nil, y, yoff)
	active.statsRows(hi-lo, s.K, y, f.stats[tile*partLen(s.K):][:partLen(s.K)])
}

type normedDepthForwardTile struct{ *normedJob }

func (j normedDepthForwardTile) tile(tile int, own *workspace) {
	s, f := &j.shape, &j.normed
	oh, ow := s.OutH(), s.OutW()
	n, t := tile/f.tiles, tile%f.tiles
	r0, r1 := normedOutputRows(s, f, t)
	part := f.stats[tile*partLen(s.K):][:partLen(s.K)]
	if r0 >= r1 {
		clear(part)
		return
	}
	h0, h1 := max(0, r0*s.StrideH-s.PadH), min(s.H, (r1-1)*s.StrideH-s.PadH+s.KH)
	z := j.input((n*s.H+h0)*s.W, (n*s.H+h1)*s.W, own.floats(f.localZ))
	y := j.y[(n*oh+r0)*ow*s.K : (n*oh+r1)*ow*s.K]
	q := s.rowsOf(h0, h1, r0)
	active.dwForward(&q, 0, r1-r0, z, f.packed, nil, nil, None, y)
	active.statsRows((r1-r0)*ow, s.K, y, part)
}

// normedOutputRows are the rows of the output that belong to tile t of an image; together the tiles have each once.
func normedOutputRows(s *ConvShape, f *normed, t int) (r0, r1 int) {
	oh := s.OutH()
	r0, r1 = min(oh, t*f.rows), min(oh, (t+1)*f.rows)
	if t == f.tiles-1 {
		r1 = oh
	}
	return r0, r1
}

// rowsOf is the convolution of rows h0 to h1 of the input alone, whose first row of output is r0.
func (s *ConvShape) rowsOf(h0, h1, r0 int) ConvShape {
	q := *s
	q.H, q.PadH = h1-h0, s.PadH+h0-r0*s.StrideH
	return q
}
