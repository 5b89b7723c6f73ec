package kernels

// The gradient by the input is itself a convolution, of dy with the filters turned round and the roles of the channels
// exchanged. With a stride, the pixels of dx fall into StrideH*StrideW phases, each of which meets its own part of the
// taps; each phase is a product with steps in its output.

// phase describes one of them: taps of the filter a, a+StrideH, ... and b, b+StrideW, ...
type inputPhase struct {
	a, b   int // first taps
	na, nb int // number of taps
	h, w   int // first pixel of dx
	dir    direct
}

func (s ConvShape) inputPhase(i int) inputPhase {
	ph, pw := i/s.StrideW, i%s.StrideW
	f := inputPhase{h: ph, w: pw, a: (ph + s.PadH) % s.StrideH, b: (pw + s.PadW) % s.StrideW}
	f.na, f.nb = max(0, ceilDiv(s.KH-f.a, s.StrideH)), max(0, ceilDiv(s.KW-f.b, s.StrideW))
	oh, ow := ceilDiv(s.H-ph, s.StrideH), ceilDiv(s.W-pw, s.StrideW)
	if f.na == 0 || f.nb == 0 || oh <= 0 || ow <= 0 {
		return inputPhase{}
	}
	// Pixel h = ph + StrideH*i meets tap a + StrideH*u at dy row (h + PadH - a)/StrideH - u; the taps are packed in
	// falling order, so that rows of dy rise.
	topH, topW := (ph+s.PadH-f.a)/s.StrideH, (pw+s.PadW-f.b)/s.StrideW
	f.dir = direct{n: s.N, h: s.OutH(), w: s.OutW(), c: s.K, kh: f.na, kw: f.nb, strideH: 1, strideW: 1, top: f.na - 1 - topH, left: f.nb - 1 - topW, oh: oh, ow: ow, groups: s.Groups, cg: s.K / s.Groups, kg: s.C / s.Groups, yh: s.H, yw: s.W, stepH: s.StrideH, stepW: s.StrideW, offH: ph, offW: pw}
	f.dir.plan(active.nr)
	return f
}

// dense reports whether every pixel of dx belongs to a phase with taps, so that none is left at zero.
func (s ConvShape) dense() bool { return s.KH >= s.StrideH && s.KW >= s.StrideW }

// flipped is the shape of the equivalent forward convolution at stride 1.
func (s ConvShape) flipped() ConvShape {
	return ConvShape{N: s.N, H: s.OutH(), W: s.OutW(), C: s.K, K: s.C, KH: s.KH, KW: s.KW, StrideH: 1, StrideW: 1, PadH: s.KH - 1 - s.PadH, PadW: s.KW - 1 - s.PadW, Groups: s.Groups, Forms: Forms{Forward: s.Forms.Input}}
}

// InputScratch is how many floats of scratch ConvBackwardInput needs.
func (s ConvShape) InputScratch() int {
	s = s.normal()
	if active == nil {
		return 0
	}
	if s.StrideH == 1 && s.StrideW == 1 {
		if q := s.flipped(); q.form(s.Forms.Input, false) != Direct {
			w := newWinograd(q, q.form(s.Forms.Input, false), active.nr)
			return w.weightsLen(active.nr)
		}
	}
	if s.depthwiseFits() {
		return s.WeightLen()
	}
	n := 0
	for i := range s.StrideH * s.StrideW {
		if f := s.inputPhase(i); f.na > 0 {
			n = max(n, f.dir.packedLen(active.nr)+s.K*s.C/s.Groups*f.na*f.nb)
		}
	}
	return n
}

// ConvBackwardInput computes dx, the gradient by the input, from dy. Shapes as in ConvForward; scratch at least
// InputScratch floats.
func ConvBackwardInput(p *Pool, s ConvShape, dy, w, dx, scratch []float32) {
	s = s.normal()
	if !(len(dx) == s.InputLen() && len(w) == s.WeightLen() && len(dy) == s.OutputLen()) {
		fail("convolution backward input %+v: lengths dy %d, w %d, dx %d", s, len(dy), len(w), len(dx))
	}
	if !(len(scratch) >= s.InputScratch()) {
		fail("convolution backward input: scratch of %d, want %d", len(scratch), s.InputScratch())
	}
	jobs := p.begin()
	j := &jobs.conv
	defer p.finish()
	if active == nil {
		j.shape, j.y, j.w, j.x = s, dy, w, dx
		p.phase(referenceInputRow{j}, s.N*s.H)
		return
	}
	j.shape = s
	if s.depthwiseFits() {
		j.x, j.y = dx, dy
		j.depthInput(p, w, scratch)
		return
	}
	if s.StrideH == 1 && s.StrideW == 1 {
		q := s.flipped()
		if f := q.form(s.Forms.Input, false); f != Direct {
			j.form, j.win = f, newWinograd(q, f, active.nr)
			j.w, j.packed = w, scratch
			p.phase(winoFlippedTile{j}, ceilDiv(s.C, active.nr))
			j.x, j.y = dy, dx
			j.forward(p, scratch)
			return
		}
	}
	if !s.dense() {
		jobs.element.y = dx
		p.phase(zeroTile{&jobs.element}, ceilDiv(len(dx), elementTile))
	}
	for i := range s.StrideH * s.StrideW {
		f := s.inputPhase(i)
		if f.na == 0 {
			continue
		}
		j.form, j.phase, j.dir = Direct, f, f.dir
		n := f.dir.packedLen(active.nr)
		j.w, j.filters = w, scratch[n:]
		p.phase(turnTile{j}, s.C)
		j.packForward(p, scratch[n:], nil, scratch[:n])
		j.x, j.y = dy, dx
		j.forward(p, scratch[:n])
	}
}

type winoFlippedTile struct{ *convJob }

func (j winoFlippedTile) tile(kb int, _ *workspace) {
	w := &j.win
	active.winoWeights(w.s.m, w.s.c, w.s.k, kb, kb+1, true, j.w, nil, j.packed)
}

// turnTile writes the filters of one input channel as those of an output channel: filters[c][K/Groups][taps], taps in
// falling order.
type turnTile struct{ *convJob }

func (j turnTile) tile(c int, _ *workspace) {
	s := &j.shape
	a0, b0, na, nb := j.phase.a, j.phase.b, j.phase.na, j.phase.nb
	cg, kg := s.C/s.Groups, s.K/s.Groups
	g, ci := c/cg, c%cg
	out := j.filters[c*kg*na*nb:]
	for k := range kg {
		src := j.w[((g*kg+k)*cg+ci)*s.KH*s.KW:][:s.KH*s.KW]
		for u := range na {
			for v := range nb {
				out[k*na*nb+u*nb+v] = src[(a0+(na-1-u)*s.StrideH)*s.KW+b0+(nb-1-v)*s.StrideW]
			}
		}
	}
}
