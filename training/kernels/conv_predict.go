package kernels

// PackedLen is how many floats PackConv writes.
func (s ConvShape) PackedLen() int {
	if active == nil {
		return s.WeightLen()
	}
	return s.ForwardScratch()
}

// PackConv readies weights for ConvPredict, once for many calls: w [K][C/Groups][KH][KW], each output channel multiplied
// by scale [K] (or nil), as BatchNormFold gives it, into packed of PackedLen floats. The shape's N does not matter
// here as long as its forms are set (see Resolve) or all of N lead to the same.
func PackConv(p *Pool, s ConvShape, w, scale, packed []float32) {
	s = s.normal()
	if !(len(w) == s.WeightLen() && (scale == nil || len(scale) == s.K) && len(packed) >= s.PackedLen()) {
		fail("packing a convolution %+v: lengths w %d, scale %d, packed %d", s, len(w), len(scale), len(packed))
	}
	if active != nil {
		j := &p.begin().conv
		defer p.finish()
		s.forwardPlan(j)
		j.packForward(p, w, scale, packed)
		return
	}
	per := len(w) / s.K
	for k := range s.K {
		f := float32(1)
		if scale != nil {
			f = scale[k]
		}
		for i, v := range w[k*per:][:per] {
			packed[k*per+i] = v * f
		}
	}
}

// ConvPredict computes y = act(conv(x, packed) + bias + residual), for prediction with batch norm folded in: packed from
// PackConv with the batch norm's scale, bias [K] its shift (or nil), residual [N][OutH][OutW][K] (or nil). y may be
// residual.
func ConvPredict(p *Pool, s ConvShape, act Activation, x, packed, bias, residual, y []float32) {
	s = s.normal()
	if !(len(x) == s.InputLen() && len(packed) >= s.PackedLen() && len(y) == s.OutputLen() && (bias == nil || len(bias) == s.K) && (residual == nil || len(residual) == len(y))) {
		fail("convolution prediction %+v: lengths x %d, packed %d, bias %d, residual %d, y %d", s, len(x), len(packed), len(bias), len(residual), len(y))
	}
	j := &p.begin().conv
	defer p.finish()
	j.act, j.x, j.w, j.bias, j.y, j.residual = act, x, packed, bias, y, residual
	if active != nil {
		s.forwardPlan(j)
		j.forward(p, packed)
		return
	}
	j.shape = s
	p.reserve(s.OutW() * s.K)
	p.phase(referencePredictRow{j}, s.N*s.OutH())
}

// referencePredictRow computes a row with its residual, which may be y itself, so the sum is finished beside it.
type referencePredictRow struct{ *convJob }

func (j referencePredictRow) tile(tile int, own *workspace) {
	row := j.shape.OutW() * j.shape.K
	y := j.y[tile*row:][:row]
	work := own.floats(row)
	j.referenceRow(tile, work)
	for i, v := range work {
		if j.residual != nil {
			v += j.residual[tile*row+i]
		}
		y[i] = j.act.apply(v)
	}
}
