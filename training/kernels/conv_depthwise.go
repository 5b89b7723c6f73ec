package kernels

// Depthwise convolutions go row by row straight from the input, vectors across channels; their weights are packed as
// [KH*KW][C].

// depthwiseFits says whether the depthwise kernels take the shape.
func (s *ConvShape) depthwiseFits() bool { return s.Depthwise() && s.KH*s.KW <= 64 }

// depthRows is the number of rows of an image of the given height that make a tile, and the tiles of an image.
func (s *ConvShape) depthRows(height, width int) (rows, tiles int) {
	rows = min(height, max(1, (16<<10)/(width*s.C)))
	tiles = ceilDiv(height, rows)
	return ceilDiv(height, tiles), tiles
}

func depthPackTile(j *job, _, _ int) {
	taps, c := j.conv.KH*j.conv.KW, j.conv.C
	for k := range c {
		f := float32(1)
		if j.t[7] != nil {
			f = j.t[7][k]
		}
		for t := range taps {
			to := t
			if j.i[1] == 1 {
				to = taps - 1 - t // turned round
			}
			j.t[6][to*c+k] = j.w[k*taps+t] * f
		}
	}
}

func depthForwardTile(j *job, tile, _ int) {
	s := &j.conv
	oh, ow := s.OutH(), s.OutW()
	rows, tiles := s.depthRows(oh, ow)
	n, r0 := tile/tiles, tile%tiles*rows
	r1 := min(oh, r0+rows)
	size := oh * ow * s.K
	j.vec.dwForward(s, r0, r1, j.x[n*s.H*s.W*s.C:], j.w, j.b, from(j.t[0], n*size), j.act, j.y[n*size:])
	if j.t[1] != nil {
		j.vec.statsRows((r1-r0)*ow, s.K, j.y[n*size+r0*ow*s.K:], j.t[1][tile*j.i[0]:][:j.i[0]])
	}
}

func depthInputTile(j *job, tile, _ int) {
	s := &j.conv
	rows, tiles := s.depthRows(s.H, s.W)
	n, h0 := tile/tiles, tile%tiles*rows
	j.vec.dwInput(s, s.OutH(), h0, min(s.H, h0+rows), j.y[n*s.OutH()*s.OutW()*s.K:], j.t[6], j.x[n*s.H*s.W*s.C:])
}

// depthInput computes dx (j.x) from dy (j.y); scratch holds the packed weights.
func (j *job) depthInput(p *Pool, w, scratch []float32) {
	j.w, j.t[6] = w, scratch
	if j.conv.StrideH == 1 && j.conv.StrideW == 1 {
		// A convolution of dy with the filters turned round.
		q := j.conv.flipped()
		q.C, q.K, j.i[1] = j.conv.C, j.conv.K, 1
		p.phase(depthPackTile, 1)
		j.conv, j.x, j.y, j.w = q, j.y, j.x, scratch
		_, tiles := q.depthRows(q.OutH(), q.OutW())
		p.phase(depthForwardTile, q.N*tiles)
		return
	}
	p.phase(depthPackTile, 1)
	_, tiles := j.conv.depthRows(j.conv.H, j.conv.W)
	p.phase(depthInputTile, j.conv.N*tiles)
}

// depthParts is the number of partial sums of a depthwise gradient by the weights; each is of some whole rows.
func (s *ConvShape) depthParts() int { return min(32, s.N*s.OutH()) }

func (j *job) depthWeights(p *Pool, scratch []float32) {
	s := &j.conv
	parts, size := s.depthParts(), s.KH*s.KW*s.C
	j.t[0] = scratch[:parts*size]
	p.phase(depthWeightsTile, parts)
	sums := scratch[:size]
	sumParts(j.t[0], parts, size, sums)
	taps := s.KH * s.KW
	for k := range s.C {
		for t := range taps {
			j.w[k*taps+t] = sums[t*s.C+k]
		}
	}
}

func depthWeightsTile(j *job, part, _ int) {
	s := &j.conv
	oh, size := s.OutH(), s.KH*s.KW*s.C
	dw := j.t[0][part*size:][:size]
	clear(dw)
	parts := s.depthParts()
	for row, end := s.N*oh*part/parts, s.N*oh*(part+1)/parts; row < end; {
		n, r0 := row/oh, row%oh
		r1 := min(oh, r0+end-row)
		j.vec.dwWeights(s, r0, r1, j.x[n*s.H*s.W*s.C:], j.y[n*oh*s.OutW()*s.K:], dw)
		row += r1 - r0
	}
}
