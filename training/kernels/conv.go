package kernels

// ForwardScratch is how many floats of scratch ConvForward needs.
func (s ConvShape) ForwardScratch() int { return 0 }

// InputScratch is how many floats of scratch ConvBackwardInput needs.
func (s ConvShape) InputScratch() int { return 0 }

// WeightsScratch is how many floats of scratch ConvBackwardWeights needs.
func (s ConvShape) WeightsScratch() int { return 0 }

// ConvForward computes y = conv(x, w) + bias. x is [N][H][W][C], w [K][C/Groups][KH][KW], bias [K] or nil, y
// [N][OutH][OutW][K], scratch at least ForwardScratch floats.
func ConvForward(p *Pool, s ConvShape, x, w, bias, y, scratch []float32) {
	s = s.normal()
	check(len(x) == s.InputLen() && len(w) == s.WeightLen() && len(y) == s.OutputLen() && (bias == nil || len(bias) == s.K), "convolution forward %+v: lengths x %d, w %d, bias %d, y %d", s, len(x), len(w), len(bias), len(y))
	check(len(scratch) >= s.ForwardScratch(), "convolution forward: scratch of %d, want %d", len(scratch), s.ForwardScratch())
	j := p.begin()
	j.conv, j.x, j.w, j.b, j.y = s, x, w, bias, y
	p.run(referenceForwardRow, s.N*s.OutH())
}

// ConvBackwardInput computes dx, the gradient by the input, from dy. Shapes as in ConvForward; scratch at least
// InputScratch floats.
func ConvBackwardInput(p *Pool, s ConvShape, dy, w, dx, scratch []float32) {
	s = s.normal()
	check(len(dx) == s.InputLen() && len(w) == s.WeightLen() && len(dy) == s.OutputLen(), "convolution backward input %+v: lengths dy %d, w %d, dx %d", s, len(dy), len(w), len(dx))
	check(len(scratch) >= s.InputScratch(), "convolution backward input: scratch of %d, want %d", len(scratch), s.InputScratch())
	j := p.begin()
	j.conv, j.y, j.w, j.x = s, dy, w, dx
	p.run(referenceInputRow, s.N*s.H)
}

// ConvBackwardWeights computes dw, the gradient by the weights, and where dbias is not nil the gradient by the bias,
// from x and dy. Both are overwritten. Scratch at least WeightsScratch floats.
func ConvBackwardWeights(p *Pool, s ConvShape, x, dy, dw, dbias, scratch []float32) {
	s = s.normal()
	check(len(x) == s.InputLen() && len(dw) == s.WeightLen() && len(dy) == s.OutputLen() && (dbias == nil || len(dbias) == s.K), "convolution backward weights %+v: lengths x %d, dy %d, dw %d, dbias %d", s, len(x), len(dy), len(dw), len(dbias))
	check(len(scratch) >= s.WeightsScratch(), "convolution backward weights: scratch of %d, want %d", len(scratch), s.WeightsScratch())
	j := p.begin()
	j.conv, j.x, j.y, j.w, j.b = s, x, dy, dw, dbias
	p.run(referenceWeightsChannel, s.K)
}
