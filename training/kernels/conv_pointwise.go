package kernels

// The gradient by the weights of a 1x1 convolution is one matrix product over all pixels. The pixels are cut into a fixed
// number of parts with sums of their own, which are then added in order.

// pointwiseFits reports whether the product can be taken straight from x and dy, without panels.
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

// pointwiseWeights computes dw from x and dy.
func (j *gradJob) pointwiseWeights(p *Pool, scratch []float32) {
	s := &j.shape
	parts := s.pointwiseParts()
	j.sums = scratch[:parts*s.C*s.K]
	p.phase(pointwiseTile{j}, parts)
	p.phase(pointwiseSumTile{j}, ceilDiv(s.C, 8))
}

type pointwiseTile struct{ *gradJob }

func (j pointwiseTile) tile(part int, _ *workspace) {
	s, parts := &j.shape, j.shape.pointwiseParts()
	px := s.N * s.H * s.W
	lo, hi := px*part/parts, px*(part+1)/parts
	active.outerPlain(hi-lo, s.C, s.K, true, j.x[lo*s.C:], j.dy[lo*s.K:], j.sums[part*s.C*s.K:], s.K)
}

// pointwiseSumTile adds the parts of eight input channels and writes them as PyTorch has them, [K][C].
type pointwiseSumTile struct{ *gradJob }

func (j pointwiseSumTile) tile(tile int, _ *workspace) {
	s, size := &j.shape, j.shape.C*j.shape.K
	lo, hi := tile*8*s.K, min(s.C, tile*8+8)*s.K
	sum := j.sums[lo:hi]
	for part := 1; part < s.pointwiseParts(); part++ {
		add := j.sums[part*size+lo : part*size+hi]
		active.addAct(sum, add, None, sum)
	}
	for c := tile * 8; c < min(s.C, tile*8+8); c++ {
		for k, v := range j.sums[c*s.K:][:s.K] {
			j.dw[k*s.C+c] = v
		}
	}
}
