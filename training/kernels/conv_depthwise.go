package kernels

// Depthwise convolutions go row by row straight from the input, vectors across channels; their weights are packed as
// [KH*KW][C].

// depthwiseFits reports whether the depthwise kernels take the shape.
func (s *ConvShape) depthwiseFits() bool { return s.Depthwise() && s.KH*s.KW <= 64 }

// depthRows is the number of rows of an image of the given height that make a tile, and the tiles of an image.
func (s *ConvShape) depthRows(height, width int) (rows, tiles int) {
	rows = min(height, max(1, (16<<10)/(width*s.C)))
	tiles = ceilDiv(height, rows)
	return ceilDiv(height, tiles), tiles
}

type depthPackTile struct{ *convJob }

func (j depthPackTile) tile(_ int, _ *workspace) {
	taps, c := j.shape.KH*j.shape.KW, j.shape.C
	for k := range c {
		f := float32(1)
		if j.scale != nil {
			f = j.scale[k]
		}
		for t := range taps {
			to := t
			if j.turned {
				to = taps - 1 - t // turned round
			}
			j.packed[to*c+k] = j.w[k*taps+t] * f
		}
	}
}

type depthForwardTile struct{ *convJob }

func (j depthForwardTile) tile(tile int, _ *workspace) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	rows, tiles := s.depthRows(oh, ow)
	n, r0 := tile/tiles, tile%tiles*rows
	r1 := min(oh, r0+rows)
	size := oh * ow * s.K
	active.dwForward(s, r0, r1, j.x[n*s.H*s.W*s.C:], j.packed, j.bias, from(j.residual, n*size), j.act, j.y[n*size:])
	if part := j.part(tile); part != nil {
		active.statsRows((r1-r0)*ow, s.K, j.y[n*size+r0*ow*s.K:], part)
	}
}

type depthInputTile struct{ *convJob }

func (j depthInputTile) tile(tile int, _ *workspace) {
	s := &j.shape
	rows, tiles := s.depthRows(s.H, s.W)
	n, h0 := tile/tiles, tile%tiles*rows
	active.dwInput(s, s.OutH(), h0, min(s.H, h0+rows), j.y[n*s.OutH()*s.OutW()*s.K:], j.packed, j.x[n*s.H*s.W*s.C:])
}

// depthInput computes dx (j.x) from dy (j.y); scratch holds the packed weights.
func (j *convJob) depthInput(p *Pool, w, scratch []float32) {
	j.w, j.packed = w, scratch
	if j.shape.StrideH == 1 && j.shape.StrideW == 1 {
		// A convolution of dy with the filters turned round.
		q := j.shape.flipped()
		q.C, q.K, j.turned = j.shape.C, j.shape.K, true
		p.phase(depthPackTile{j}, 1)
		j.shape, j.x, j.y = q, j.y, j.x
		_, tiles := q.depthRows(q.OutH(), q.OutW())
		p.phase(depthForwardTile{j}, q.N*tiles)
		return
	}
	p.phase(depthPackTile{j}, 1)
	_, tiles := j.shape.depthRows(j.shape.H, j.shape.W)
	p.phase(depthInputTile{j}, j.shape.N*tiles)
}

// depthParts is the number of partial sums of a depthwise gradient by the weights; each is of some whole rows.
func (s *ConvShape) depthParts() int { return min(32, s.N*s.OutH()) }

func (j *gradJob) depthWeights(p *Pool, scratch []float32) {
	s := &j.shape
	parts, size := s.depthParts(), s.KH*s.KW*s.C
	j.sums = scratch[:parts*size]
	p.phase(depthWeightsTile{j}, parts)
	sums := scratch[:size]
	sumParts(j.sums, parts, size, sums)
	taps := s.KH * s.KW
	for k := range s.C {
		for t := range taps {
			j.dw[k*taps+t] = sums[t*s.C+k]
		}
	}
}

type depthWeightsTile struct{ *gradJob }

func (j depthWeightsTile) tile(part int, _ *workspace) {
	s := &j.shape
	oh, size := s.OutH(), s.KH*s.KW*s.C
	dw := j.sums[part*size:][:size]
	clear(dw)
	parts := s.depthParts()
	for row, end := s.N*oh*part/parts, s.N*oh*(part+1)/parts; row < end; {
		n, r0 := row/oh, row%oh
		r1 := min(oh, r0+end-row)
		active.dwWeights(s, r0, r1, j.x[n*s.H*s.W*s.C:], j.dy[n*oh*s.OutW()*s.K:], dw)
		row += r1 - r0
	}
}
