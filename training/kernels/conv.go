package kernels

// forwardPlan readies the shape's forward product: by Winograd if form says so, else direct.
func (s ConvShape) forwardPlan(j *job) {
	j.vec, j.conv = active, s
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
	j := p.begin()
	defer p.finish()
	j.x, j.w, j.b, j.y = x, w, bias, y
	if active == nil {
		j.conv = s
		p.phase(referenceForwardRow, s.N*s.OutH())
		return
	}
	s.forwardPlan(j)
	j.packForward(p, w, nil, scratch)
	j.forward(p, scratch)
}

// packForward packs or transforms the weights into packed.
func (j *job) packForward(p *Pool, w, scale, packed []float32) {
	j.w, j.t[6], j.t[7] = w, packed, scale
	if j.form != Direct {
		p.phase(winoWeightsTile, ceilDiv(j.win.s.k, j.vec.nr))
		return
	}
	if j.depth {
		p.phase(depthPackTile, 1)
		return
	}
	p.phase(packTile, j.dir.groups*j.dir.blocks)
}

func packTile(j *job, tile, _ int) {
	d := &j.dir
	g, kb := tile/d.blocks, tile%d.blocks
	var scale []float32
	if j.t[7] != nil {
		scale = j.t[7][g*d.kg:]
	}
	j.vec.pack(d.cg, d.kh*d.kw, kb, kb+1, d.kg, j.w[g*d.kg*d.cg*d.kh*d.kw:], scale, j.t[6][g*d.groupLen(j.vec.nr):])
}

func winoWeightsTile(j *job, kb, _ int) {
	w := &j.win
	j.vec.winoWeights(w.s.m, w.s.c, w.s.k, kb, kb+1, false, j.w, j.t[7], j.t[6])
}

// forward runs the product with packed weights.
func (j *job) forward(p *Pool, packed []float32) {
	j.w = packed
	if j.form != Direct {
		p.reserve(j.win.localLen(j.vec.nr))
		p.phase(winoForwardTile, j.win.blocks*j.win.split)
		return
	}
	if j.depth {
		_, tiles := j.conv.depthRows(j.conv.OutH(), j.conv.OutW())
		p.phase(depthForwardTile, j.conv.N*tiles)
		return
	}
	p.reserve(j.dir.localLen())
	p.phase(directTile, j.dir.tiles())
}

// t[0] is the residual, t[1] the parts of the statistics (each i[0] floats), or nil.
func directTile(j *job, tile, worker int) {
	d := &j.dir
	var part []float32
	if j.t[1] != nil {
		part = j.t[1][tile*j.i[0]:][:j.i[0]]
	}
	d.run(j.vec, tile, j.pool.scratch(worker, d.localLen()), j.x, j.w, j.b, j.t[0], j.act, j.y, part)
}

func winoForwardTile(j *job, tile, worker int) {
	w := &j.win
	var part []float32
	if j.t[1] != nil {
		part = j.t[1][tile*j.i[0]:][:j.i[0]]
	}
	w.run(j.vec, tile, j.pool.scratch(worker, w.localLen(j.vec.nr)), j.x, j.w, j.b, j.t[0], j.act, j.y, part)
}
