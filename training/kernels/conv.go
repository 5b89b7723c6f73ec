package kernels

// convJob is the job of a convolution's product: forward, for prediction, or the gradient by the input, which is one too.
type convJob struct {
	shape                   ConvShape
	form                    Form
	depth                   bool     // depthwise kernels
	win                     winograd // where form is one of Winograd's
	dir                     direct   // else
	act                     Activation
	x, w, bias, residual, y []float32
	packed, scale           []float32 // weights as the product reads them, and what each output channel's were multiplied by
	turned                  bool      // depthwise: the filters are packed turned round
	stats                   []float32 // nil, or statistics of each tile's outputs
	phase                   inputPhase
	filters                 []float32 // the filters of phase, see turnTile
}

// part is the place for the statistics of a tile, or nil.
func (j *convJob) part(tile int) []float32 {
	if j.stats == nil {
		return nil
	}
	n := partLen(j.shape.K)
	return j.stats[tile*n:][:n]
}

// forwardPlan readies the shape's forward product: by Winograd if form is one of its forms, else direct.
func (s ConvShape) forwardPlan(j *convJob) {
	j.shape = s
	j.form = s.form(s.Forms.Forward, false)
	if j.form != Direct {
		j.win = newWinograd(s, j.form, active.nr)
		return
	}
	if j.depth = s.depthwiseFits(); !j.depth {
		j.dir = s.directForward()
	}
}

func (s ConvShape) directForward() direct {
	d := direct{n: s.N, h: s.H, w: s.W, c: s.C, kh: s.KH, kw: s.KW, strideH: s.StrideH, strideW: s.StrideW, top: s.PadH, left: s.PadW, oh: s.OutH(), ow: s.OutW(), groups: s.Groups, cg: s.C / s.Groups, kg: s.K / s.Groups, yh: s.OutH(), yw: s.OutW(), stepH: 1, stepW: 1}
	d.plan(active.nr)
	return d
}

// ForwardScratch is how many floats of scratch ConvForward needs.
func (s ConvShape) ForwardScratch() int {
	s = s.normal()
	if active == nil {
		return 0
	}
	if f := s.form(s.Forms.Forward, false); f != Direct {
		w := newWinograd(s, f, active.nr)
		return w.weightsLen(active.nr)
	}
	if s.depthwiseFits() {
		return s.WeightLen()
	}
	d := s.directForward()
	return d.packedLen(active.nr)
}

// ConvForward computes y = conv(x, w) + bias. x is [N][H][W][C], w [K][C/Groups][KH][KW], bias [K] or nil, y
// [N][OutH][OutW][K], scratch at least ForwardScratch floats.
func ConvForward(p *Pool, s ConvShape, x, w, bias, y, scratch []float32) {
	s = s.normal()
	if !(len(x) == s.InputLen() && len(w) == s.WeightLen() && len(y) == s.OutputLen() && (bias == nil || len(bias) == s.K)) {
		fail("convolution forward %+v: lengths x %d, w %d, bias %d, y %d", s, len(x), len(w), len(bias), len(y))
	}
	if !(len(scratch) >= s.ForwardScratch()) {
		fail("convolution forward: scratch of %d, want %d", len(scratch), s.ForwardScratch())
	}
	j := &p.begin().conv
	defer p.finish()
	j.x, j.w, j.bias, j.y = x, w, bias, y
	if active == nil {
		j.shape = s
		p.phase(referenceForwardRow{j}, s.N*s.OutH())
		return
	}
	s.forwardPlan(j)
	j.packForward(p, w, nil, scratch)
	j.forward(p, scratch)
}

// packForward packs or transforms the weights into packed.
func (j *convJob) packForward(p *Pool, w, scale, packed []float32) {
	j.w, j.packed, j.scale = w, packed, scale
	if j.form != Direct {
		p.phase(winoWeightsTile{j}, ceilDiv(j.win.s.k, active.nr))
		return
	}
	if j.depth {
		p.phase(depthPackTile{j}, 1)
		return
	}
	p.phase(packTile{j}, j.dir.groups*j.dir.blocks)
}

type packTile struct{ *convJob }

func (j packTile) tile(tile int, _ *workspace) {
	d := &j.dir
	g, kb := tile/d.blocks, tile%d.blocks
	var scale []float32
	if j.scale != nil {
		scale = j.scale[g*d.kg:]
	}
	active.pack(d.cg, d.kh*d.kw, kb, kb+1, d.kg, j.w[g*d.kg*d.cg*d.kh*d.kw:], scale, j.packed[g*d.groupLen(active.nr):])
}

type winoWeightsTile struct{ *convJob }

func (j winoWeightsTile) tile(kb int, _ *workspace) {
	w := &j.win
	active.winoWeights(w.s.m, w.s.c, w.s.k, kb, kb+1, false, j.w, j.scale, j.packed)
}

// forward runs the product with packed weights.
func (j *convJob) forward(p *Pool, packed []float32) {
	j.packed = packed
	if j.form != Direct {
		p.reserve(j.win.localLen(active.nr))
		p.phase(winoForwardTile{j}, j.win.blocks*j.win.split)
		return
	}
	if j.depth {
		_, tiles := j.shape.depthRows(j.shape.OutH(), j.shape.OutW())
		p.phase(depthForwardTile{j}, j.shape.N*tiles)
		return
	}
	p.reserve(j.dir.localLen())
	p.phase(directTile{j}, j.dir.tiles())
}

type directTile struct{ *convJob }

func (j directTile) tile(tile int, own *workspace) {
	d := &j.dir
	d.run(active, tile, own.floats(d.localLen()), j.x, j.packed, j.bias, j.residual, j.act, j.y, j.part(tile))
}

type winoForwardTile struct{ *convJob }

func (j winoForwardTile) tile(tile int, own *workspace) {
	w := &j.win
	w.run(active, tile, own.floats(w.localLen(active.nr)), j.x, j.packed, j.bias, j.residual, j.act, j.y, j.part(tile))
}
