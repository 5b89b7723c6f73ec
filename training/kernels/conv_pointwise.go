package kernels

// The gradient by the weights of a 1x1 convolution is one matrix product over all pixels. The pixels are cut into a fixed
// number of parts with sums of their own, which are then added in order.

// pointwiseFits says whether the product can be taken straight from x and dy, without panels.
func (s *ConvShape) pointwiseFits(nr int) bool {
	rest := s.K % nr
	return s.KH == 1 && s.KW == 1 && s.StrideH == 1 && s.StrideW == 1 && s.Groups == 1 && s.PadH == 0 && s.PadW == 0 && (rest == 0 || rest == nr/2)
}

// pointwiseParts is the number of parts, fewer where the sums are large.
func (s *ConvShape) pointwiseParts() int {
	parts := 16
	for parts > 4 && s.C*s.K*parts > 512<<10 {
		parts /= 2
	}
	return min(parts, s.N*s.H*s.W)
}

// pointwiseWeights computes dw (j.w) from x and dy (j.y).
func (j *job) pointwiseWeights(p *Pool, scratch []float32) {
	s := &j.conv
	parts := s.pointwiseParts()
	j.i[0], j.t[0] = parts, scratch[:parts*s.C*s.K]
	p.phase(pointwiseTile, parts)
	p.phase(pointwiseSumTile, ceilDiv(s.C, 8))
}

func pointwiseTile(j *job, part, _ int) {
	s, parts := &j.conv, j.i[0]
	px := s.N * s.H * s.W
	lo, hi := px*part/parts, px*(part+1)/parts
	j.vec.outerPlain(hi-lo, s.C, s.K, true, j.x[lo*s.C:], j.y[lo*s.K:], j.t[0][part*s.C*s.K:], s.K)
}

// pointwiseSumTile adds the parts of eight input channels and writes them as PyTorch has them, [K][C].
func pointwiseSumTile(j *job, tile, _ int) {
	s, size := &j.conv, j.conv.C*j.conv.K
	lo, hi := tile*8*s.K, min(s.C, tile*8+8)*s.K
	sum := j.t[0][lo:hi]
	for part := 1; part < j.i[0]; part++ {
		add := j.t[0][part*size+lo : part*size+hi]
		j.vec.addAct(sum, add, None, sum)
	}
	for c := tile * 8; c < min(s.C, tile*8+8); c++ {
		for k, v := range j.t[0][c*s.K:][:s.K] {
			j.w[k*s.C+c] = v
		}
	}
}
