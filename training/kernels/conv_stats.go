package kernels

// StatsScratch is how many floats of scratch ConvForwardStats needs.
func (s ConvShape) StatsScratch() int {
	return s.ForwardScratch() + s.batchNorm().Scratch()
}

func (s ConvShape) batchNorm() BatchNormShape {
	return BatchNormShape{Rows: s.N * s.OutH() * s.OutW(), C: s.K}
}

// ConvForwardStats is ConvForward without bias followed by BatchNormStats of the result: y, and its mean [K] and biased
// variance [K] over the batch, taken while y is still in the cache where that pays.
func ConvForwardStats(p *Pool, s ConvShape, x, w, y, mean, variance, scratch []float32) {
	s = s.normal()
	n := s.ForwardScratch()
	check(len(scratch) >= s.StatsScratch(), "convolution with statistics: scratch of %d, want %d", len(scratch), s.StatsScratch())
	ConvForward(p, s, x, w, nil, y, scratch[:n])
	BatchNormStats(p, s.batchNorm(), y, mean, variance, scratch[n:])
}
