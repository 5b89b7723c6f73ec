package kernels

// StatsScratch is how many floats of scratch ConvForwardStats needs.
func (s ConvShape) StatsScratch() int {
	s = s.normal()
	n := s.batchNorm().Scratch()
	if active != nil {
		var j convJob
		s.forwardPlan(&j)
		if parts := j.statParts(); parts > 0 {
			n = parts*partLen(s.K) + 4*s.K
		}
	}
	return roundUp(s.ForwardScratch(), 16) + n
}

func (s ConvShape) batchNorm() BatchNormShape {
	return BatchNormShape{Rows: s.N * s.OutH() * s.OutW(), C: s.K}
}

// statParts is the number of parts in which the planned convolution can take statistics on its way: its tiles, unless
// they are cut by channels; then 0.
func (j *convJob) statParts() int {
	if j.form != Direct {
		if j.win.split > 1 {
			return 0
		}
		return j.win.blocks
	}
	if j.depth {
		_, tiles := j.shape.depthRows(j.shape.OutH(), j.shape.OutW())
		return j.shape.N * tiles
	}
	if j.dir.split > 1 || j.dir.groups > 1 {
		return 0
	}
	return j.dir.pixelTiles
}

// ConvForwardStats is ConvForward without bias followed by BatchNormStats of the result: y, and its mean [K] and biased
// variance [K] over the batch, taken while a tile of y is still in the cache.
func ConvForwardStats(p *Pool, s ConvShape, x, w, y, mean, variance, scratch []float32) {
	s = s.normal()
	if !(len(x) == s.InputLen() && len(w) == s.WeightLen() && len(y) == s.OutputLen() && len(mean) == s.K && len(variance) == s.K) {
		fail("convolution with statistics %+v: lengths x %d, w %d, y %d, mean %d, variance %d", s, len(x), len(w), len(y), len(mean), len(variance))
	}
	if !(len(scratch) >= s.StatsScratch()) {
		fail("convolution with statistics: scratch of %d, want %d", len(scratch), s.StatsScratch())
	}
	n := s.ForwardScratch()
	packed, rest := scratch[:n], scratch[roundUp(n, 16):]
	if active != nil && s.fusedStats(p, x, w, y, mean, variance, packed, rest) {
		return
	}
	ConvForward(p, s, x, w, nil, y, packed)
	BatchNormStats(p, s.batchNorm(), y, mean, variance, rest)
}

func (s ConvShape) fusedStats(p *Pool, x, w, y, mean, variance, packed, rest []float32) bool {
	j := &p.begin().conv
	defer p.finish()
	s.forwardPlan(j)
	parts := j.statParts()
	if parts == 0 {
		return false
	}
	n := parts * partLen(s.K)
	j.packForward(p, w, nil, packed)
	j.x, j.y, j.stats = x, y, rest[:n]
	j.forward(p, packed)
	p.joinStats(s.K, parts, rest[:n], rest[n:], mean, variance)
	return true
}
