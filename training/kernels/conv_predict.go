package kernels

// PackedLen is how many floats PackConv writes.
func (s ConvShape) PackedLen() int { return s.WeightLen() }

// PackConv readies weights for ConvPredict, once for many calls: w [K][C/Groups][KH][KW], each output channel multiplied
// by scale [K] (or nil), as BatchNormFold gives it, into packed of PackedLen floats.
func PackConv(p *Pool, s ConvShape, w, scale, packed []float32) {
	s = s.normal()
	check(len(w) == s.WeightLen() && (scale == nil || len(scale) == s.K) && len(packed) >= s.PackedLen(), "packing a convolution %+v: lengths w %d, scale %d, packed %d", s, len(w), len(scale), len(packed))
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

// PredictScratch is how many floats of scratch ConvPredict needs.
func (s ConvShape) PredictScratch() int { return 0 }

// ConvPredict computes y = act(conv(x, packed) + bias + residual), for prediction with batch norm folded in: packed from
// PackConv with the batch norm's scale, bias [K] its shift (or nil), residual [N][OutH][OutW][K] (or nil). y may be
// residual.
func ConvPredict(p *Pool, s ConvShape, act Activation, x, packed, bias, residual, y, scratch []float32) {
	s = s.normal()
	check(len(x) == s.InputLen() && len(packed) >= s.PackedLen() && len(y) == s.OutputLen() && (bias == nil || len(bias) == s.K) && (residual == nil || len(residual) == len(y)), "convolution prediction %+v: lengths x %d, packed %d, bias %d, residual %d, y %d", s, len(x), len(packed), len(bias), len(residual), len(y))
	j := p.begin()
	j.conv, j.act, j.x, j.w, j.b, j.y = s, act, x, packed, bias, y
	j.t[0] = residual
	p.run(referencePredictRow, s.N*s.OutH())
}

func referencePredictRow(j *job, tile, worker int) {
	s := &j.conv
	row := s.OutW() * s.K
	if j.t[0] == nil {
		referenceForwardRow(j, tile, worker)
		for i, v := range j.y[tile*row:][:row] {
			j.y[tile*row+i] = j.act.apply(v)
		}
		return
	}
	// The residual may be y itself, so the row is computed beside it.
	one := *j
	one.y = make([]float32, s.OutputLen()) // the plain version may allocate: it is the measure, not the tool
	referenceForwardRow(&one, tile, worker)
	for i, v := range one.y[tile*row:][:row] {
		j.y[tile*row+i] = j.act.apply(v + j.t[0][tile*row+i])
	}
}
