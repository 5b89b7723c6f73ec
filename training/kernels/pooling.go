package kernels

// PoolShape is a pooling of [N][H][W][C] by windows KH x KW to [N][OutH][OutW][C].
type PoolShape struct {
	N, H, W, C, KH, KW, StrideH, StrideW, PadH, PadW int
}

// OutH is the height of the output.
func (s PoolShape) OutH() int { return (s.H+2*s.PadH-s.KH)/s.StrideH + 1 }

// OutW is the width of the output.
func (s PoolShape) OutW() int { return (s.W+2*s.PadW-s.KW)/s.StrideW + 1 }

// InputLen is the length of x.
func (s PoolShape) InputLen() int { return s.N * s.H * s.W * s.C }

// OutputLen is the length of y.
func (s PoolShape) OutputLen() int { return s.N * s.OutH() * s.OutW() * s.C }

func (s PoolShape) check() {
	if !(s.N > 0 && s.H > 0 && s.W > 0 && s.C > 0 && s.KH > 0 && s.KW > 0 && s.StrideH > 0 && s.StrideW > 0 && s.PadH >= 0 && s.PadW >= 0 && 2*s.PadH <= s.KH && 2*s.PadW <= s.KW && s.KH*s.KW <= 255 && s.OutH() > 0 && s.OutW() > 0) {
		fail("pooling of shape %+v", s)
	}
}

// MaxPoolForward computes y, the largest value of each window, and index (as long as y), its place in the window
// (row*KW + column; the first of equals, NaN above all, as PyTorch's), for the way back. Padding never wins.
func MaxPoolForward(p *Pool, s PoolShape, x, y []float32, index []uint8) {
	s.check()
	if !(len(x) == s.InputLen() && len(y) == s.OutputLen() && len(index) == len(y)) {
		fail("max pooling %+v: lengths x %d, y %d, index %d", s, len(x), len(y), len(index))
	}
	j := p.begin()
	j.pl, j.x, j.y, j.bytes = s, x, y, index
	p.run(maxPoolRow, s.N*s.OutH())
}

// maxPoolRow does a row of the output; with t[0] and t[1] set, the values are x*scale + shift through the activation.
func maxPoolRow(j *job, tile, _ int) {
	s := &j.pl
	oh, ow := s.OutH(), s.OutW()
	n, r := tile/oh, tile%oh
	if active != nil {
		active.poolRow(s, n, r, j.x, j.t[0], j.t[1], j.act, j.y[tile*ow*s.C:], j.bytes[tile*ow*s.C:])
		return
	}
	for q := range ow {
		out := ((n*oh+r)*ow + q) * s.C
		for k := range s.C {
			best, at, first := float32(0), 0, true
			for a := range s.KH {
				h := r*s.StrideH - s.PadH + a
				if h < 0 || h >= s.H {
					continue
				}
				for b := range s.KW {
					w := q*s.StrideW - s.PadW + b
					if w < 0 || w >= s.W {
						continue
					}
					v := j.x[((n*s.H+h)*s.W+w)*s.C+k]
					if j.t[0] != nil {
						v = v*j.t[0][k] + j.t[1][k]
					}
					if first || v > best || v != v {
						best, at, first = v, a*s.KW+b, false
					}
				}
			}
			j.y[out+k], j.bytes[out+k] = j.act.apply(best), uint8(at)
		}
	}
}

// MaxPoolBackward computes dx from dy and the index of the forward pass.
func MaxPoolBackward(p *Pool, s PoolShape, dy []float32, index []uint8, dx []float32) {
	s.check()
	if !(len(dx) == s.InputLen() && len(dy) == s.OutputLen() && len(index) == len(dy)) {
		fail("max pooling backward %+v: lengths dx %d, dy %d, index %d", s, len(dx), len(dy), len(index))
	}
	j := p.begin()
	j.pl, j.x, j.b, j.bytes = s, dx, dy, index
	p.run(maxPoolBackwardRow, s.N*s.H)
}

func maxPoolBackwardRow(j *job, tile, _ int) {
	s := &j.pl
	n, h := tile/s.H, tile%s.H
	if active != nil {
		active.poolGatherRow(s, n, h, j.w, j.bytes, j.b, j.act, j.x[tile*s.W*s.C:])
		return
	}
	for w := range s.W {
		out := j.x[((n*s.H+h)*s.W+w)*s.C:][:s.C]
		j.gatherPooled(n, h, w, out)
	}
}

// gatherPooled writes to out [C] what the windows around the input's pixel (n, h, w) send back to it: dy (j.b) where
// index (j.bytes) points here and, with an activation, where the pooled value (j.w) lets it through.
func (j *job) gatherPooled(n, h, w int, out []float32) {
	s := &j.pl
	oh, ow := s.OutH(), s.OutW()
	clear(out)
	for a := range s.KH {
		r := h + s.PadH - a
		if r < 0 || r%s.StrideH != 0 || r/s.StrideH >= oh {
			continue
		}
		for b := range s.KW {
			q := w + s.PadW - b
			if q < 0 || q%s.StrideW != 0 || q/s.StrideW >= ow {
				continue
			}
			from := ((n*oh+r/s.StrideH)*ow + q/s.StrideW) * s.C
			tap := uint8(a*s.KW + b)
			for k := range out {
				if j.bytes[from+k] == tap && (j.act == None || j.act.passes(j.w[from+k])) {
					out[k] += j.b[from+k]
				}
			}
		}
	}
}

// AvgPoolForward computes y, the mean of each window; padding counts as zeros, as PyTorch's AvgPool2d does by default.
func AvgPoolForward(p *Pool, s PoolShape, x, y []float32) {
	s.check()
	if !(len(x) == s.InputLen() && len(y) == s.OutputLen()) {
		fail("average pooling %+v: lengths x %d, y %d", s, len(x), len(y))
	}
	j := p.begin()
	j.pl, j.x, j.y = s, x, y
	p.run(avgPoolRow, s.N*s.OutH())
}

func avgPoolRow(j *job, tile, _ int) {
	s := &j.pl
	oh, ow := s.OutH(), s.OutW()
	n, r := tile/oh, tile%oh
	share := 1 / float32(s.KH*s.KW)
	for q := range ow {
		out := j.y[((n*oh+r)*ow+q)*s.C:][:s.C]
		clear(out)
		for a := range s.KH {
			h := r*s.StrideH - s.PadH + a
			if h < 0 || h >= s.H {
				continue
			}
			for b := range s.KW {
				w := q*s.StrideW - s.PadW + b
				if w < 0 || w >= s.W {
					continue
				}
				for k, v := range j.x[((n*s.H+h)*s.W+w)*s.C:][:s.C] {
					out[k] += v
				}
			}
		}
		for k := range out {
			out[k] *= share
		}
	}
}

// AvgPoolBackward computes dx from dy.
func AvgPoolBackward(p *Pool, s PoolShape, dy, dx []float32) {
	s.check()
	if !(len(dx) == s.InputLen() && len(dy) == s.OutputLen()) {
		fail("average pooling backward %+v: lengths dy %d, dx %d", s, len(dy), len(dx))
	}
	j := p.begin()
	j.pl, j.y, j.x = s, dy, dx
	p.run(avgPoolBackwardRow, s.N*s.H)
}

func avgPoolBackwardRow(j *job, tile, _ int) {
	s := &j.pl
	oh, ow := s.OutH(), s.OutW()
	n, h := tile/s.H, tile%s.H
	share := 1 / float32(s.KH*s.KW)
	for w := range s.W {
		out := j.x[((n*s.H+h)*s.W+w)*s.C:][:s.C]
		clear(out)
		for a := range s.KH {
			r := h + s.PadH - a
			if r < 0 || r%s.StrideH != 0 || r/s.StrideH >= oh {
				continue
			}
			for b := range s.KW {
				q := w + s.PadW - b
				if q < 0 || q%s.StrideW != 0 || q/s.StrideW >= ow {
					continue
				}
				for k, v := range j.y[((n*oh+r/s.StrideH)*ow+q/s.StrideW)*s.C:][:s.C] {
					out[k] += v * share
				}
			}
		}
	}
}

// GlobalAvgPoolForward computes y [n][c], the mean over the pixels of x [n][pixels][c].
func GlobalAvgPoolForward(p *Pool, n, pixels, c int, x, y []float32) {
	if !(len(x) == n*pixels*c && len(y) == n*c) {
		fail("global average pooling %d x %d x %d: lengths x %d, y %d", n, pixels, c, len(x), len(y))
	}
	j := p.begin()
	j.i[0], j.i[1], j.x, j.y = pixels, c, x, y
	p.run(globalAvgTile, n)
}

func globalAvgTile(j *job, n, _ int) {
	pixels, c := j.i[0], j.i[1]
	out := j.y[n*c:][:c]
	clear(out)
	for i := range pixels {
		for k, v := range j.x[(n*pixels+i)*c:][:c] {
			out[k] += v
		}
	}
	for k := range out {
		out[k] /= float32(pixels)
	}
}

// GlobalAvgPoolBackward computes dx [n][pixels][c] from dy [n][c].
func GlobalAvgPoolBackward(p *Pool, n, pixels, c int, dy, dx []float32) {
	if !(len(dx) == n*pixels*c && len(dy) == n*c) {
		fail("global average pooling backward %d x %d x %d: lengths dy %d, dx %d", n, pixels, c, len(dy), len(dx))
	}
	j := p.begin()
	j.i[0], j.i[1], j.y, j.x = pixels, c, dy, dx
	p.run(globalAvgBackwardTile, n)
}

func globalAvgBackwardTile(j *job, n, _ int) {
	pixels, c := j.i[0], j.i[1]
	share := 1 / float32(pixels)
	dy := j.y[n*c:][:c]
	for i := range pixels {
		out := j.x[(n*pixels+i)*c:][:c]
		for k, v := range dy {
			out[k] = v * share
		}
	}
}
