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

// poolJob is the job of the poolings, with or without a batch norm before them.
type poolJob struct {
	shape        PoolShape
	act          Activation
	x, y, dy, dx []float32
	index        []uint8
	// Of the batch norm: scale and shift forward; backward mean, coef [4][C] (see normJob), and the sums of each row of x.
	scale, shift, mean, coef, parts []float32
}

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
	j := &p.begin().pool
	j.shape, j.x, j.y, j.index = s, x, y, index
	p.run(maxPoolRow{j}, s.N*s.OutH())
}

// maxPoolRow does a row of the output; with scale and shift, the values are x*scale + shift through the activation.
type maxPoolRow struct{ *poolJob }

func (j maxPoolRow) tile(tile int, _ *workspace) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	n, r := tile/oh, tile%oh
	if active != nil {
		active.poolRow(s, n, r, j.x, j.scale, j.shift, j.act, j.y[tile*ow*s.C:], j.index[tile*ow*s.C:])
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
					if j.scale != nil {
						v = v*j.scale[k] + j.shift[k]
					}
					if first || v > best || v != v {
						best, at, first = v, a*s.KW+b, false
					}
				}
			}
			j.y[out+k], j.index[out+k] = j.act.apply(best), uint8(at)
		}
	}
}

// MaxPoolBackward computes dx from dy and the index of the forward pass.
func MaxPoolBackward(p *Pool, s PoolShape, dy []float32, index []uint8, dx []float32) {
	s.check()
	if !(len(dx) == s.InputLen() && len(dy) == s.OutputLen() && len(index) == len(dy)) {
		fail("max pooling backward %+v: lengths dx %d, dy %d, index %d", s, len(dx), len(dy), len(index))
	}
	j := &p.begin().pool
	j.shape, j.dx, j.dy, j.index = s, dx, dy, index
	p.run(maxPoolBackwardRow{j}, s.N*s.H)
}

type maxPoolBackwardRow struct{ *poolJob }

func (j maxPoolBackwardRow) tile(tile int, _ *workspace) {
	s := &j.shape
	n, h := tile/s.H, tile%s.H
	if active != nil {
		active.poolGatherRow(s, n, h, j.y, j.index, j.dy, j.act, j.dx[tile*s.W*s.C:])
		return
	}
	for w := range s.W {
		out := j.dx[((n*s.H+h)*s.W+w)*s.C:][:s.C]
		j.gatherPooled(n, h, w, out)
	}
}

// gatherPooled writes to out [C] what the windows around the input's pixel (n, h, w) send back to it: dy  where
// index (j.index) points here and, with an activation, where the pooled value (j.w) lets it through.
func (j *poolJob) gatherPooled(n, h, w int, out []float32) {
	s := &j.shape
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
				if j.index[from+k] == tap && (j.act == None || j.act.passes(j.y[from+k])) {
					out[k] += j.dy[from+k]
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
	j := &p.begin().pool
	j.shape, j.x, j.y = s, x, y
	p.run(avgPoolRow{j}, s.N*s.OutH())
}

type avgPoolRow struct{ *poolJob }

func (j avgPoolRow) tile(tile int, _ *workspace) {
	s := &j.shape
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
	j := &p.begin().pool
	j.shape, j.dy, j.dx = s, dy, dx
	p.run(avgPoolBackwardRow{j}, s.N*s.H)
}

type avgPoolBackwardRow struct{ *poolJob }

func (j avgPoolBackwardRow) tile(tile int, _ *workspace) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	n, h := tile/s.H, tile%s.H
	share := 1 / float32(s.KH*s.KW)
	for w := range s.W {
		out := j.dx[((n*s.H+h)*s.W+w)*s.C:][:s.C]
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
				for k, v := range j.dy[((n*oh+r/s.StrideH)*ow+q/s.StrideW)*s.C:][:s.C] {
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
	j := &p.begin().average
	j.pixels, j.c, j.x, j.y = pixels, c, x, y
	p.run(globalAvgTile{j}, n)
}

// averageJob is the job of both directions; backward, x and y are their gradients.
type averageJob struct {
	pixels, c int
	x, y      []float32
}

type globalAvgTile struct{ *averageJob }

func (j globalAvgTile) tile(n int, _ *workspace) {
	pixels, c := j.pixels, j.c
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
	j := &p.begin().average
	j.pixels, j.c, j.y, j.x = pixels, c, dy, dx
	p.run(globalAvgBackwardTile{j}, n)
}

type globalAvgBackwardTile struct{ *averageJob }

func (j globalAvgBackwardTile) tile(n int, _ *workspace) {
	pixels, c := j.pixels, j.c
	share := 1 / float32(pixels)
	dy := j.y[n*c:][:c]
	for i := range pixels {
		out := j.x[(n*pixels+i)*c:][:c]
		for k, v := range dy {
			out[k] = v * share
		}
	}
}
