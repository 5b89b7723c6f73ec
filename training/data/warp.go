package data

import (
	"encoding/binary"
	"math"
)

// Apply writes the augmented pixels, normalised, to dst. src are RGB bytes in the frame; work is room for as many.
func (a *Augmenter) Apply(d Draw, dst []float32, src, work []byte) {
	w := a.frame.Width
	if !d.warp && !d.paint && !d.cut && !d.flipV {
		if d.flipH {
			normaliseMirrored(dst, src, w)
		} else {
			Normalise(dst, src)
		}
		return
	}
	a.Pixels(d, work, src)
	Normalise(dst, work)
}

// Pixels writes the augmented picture as RGB bytes.
func (a *Augmenter) Pixels(d Draw, dst, src []byte) {
	w, h := a.frame.Width, a.frame.Height
	if d.warp {
		warp(dst, src, w, h, d.backward, a.frame.Pad)
	} else {
		flip(dst, src, w, h, d.flipH, d.flipV)
	}
	if d.paint {
		paint(dst, &d.matrix, &d.offset)
	}
	if d.cut {
		for y := d.cy0; y < d.cy1; y++ {
			row := dst[(y*w+d.cx0)*3 : (y*w+d.cx1)*3]
			for i := range row {
				row[i] = byte(Mean[i%3]*255 + 0.5)
			}
		}
	}
}

func flip(dst, src []byte, w, h int, horizontal, vertical bool) {
	for y := range h {
		from := y
		if vertical {
			from = h - 1 - y
		}
		in, out := src[from*3*w:(from+1)*3*w], dst[y*3*w:(y+1)*3*w]
		if !horizontal {
			copy(out, in)
			continue
		}
		for x := 0; x < 3*w; x += 3 {
			k := 3*w - 3 - x
			out[x], out[x+1], out[x+2] = in[k], in[k+1], in[k+2]
		}
	}
}

// warp samples src bilinearly at m of each pixel's centre. Beyond the border the edge goes on, or where the frame is padded there is black.
// Weights have 8 bits.
func warp(dst, src []byte, w, h int, m affine, black bool) {
	s := sampler{src: src, w: w, h: h, black: black, stepX: fixed(m.a), stepY: fixed(m.d)}
	for y := range h {
		sx, sy := m.at(0.5, float64(y)+0.5)
		s.fx, s.fy = fixed(sx-0.5), fixed(sy-0.5)
		out := dst[y*w*3 : (y+1)*w*3]
		// Pixels whose four sources lie inside are one stretch of the row, since the inside is convex.
		from, to := 0, w
		for from < w && !s.inside(from) {
			s.outer(out, from)
			from++
		}
		for to > from && !s.inside(to-1) {
			to--
			s.outer(out, to)
		}
		s.inner(out, from, to)
	}
}

// fixed is v with 16 bits behind the point.
func fixed(v float64) int { return int(math.Round(v * (1 << 16))) }

// sampler reads one row of a warped picture. Source coordinates have 16 bits behind the point; pixel x is at (fx, fy) + x (stepX, stepY).
type sampler struct {
	src          []byte
	w, h         int
	black        bool
	fx, fy       int
	stepX, stepY int
}

// inside reports whether the four sources of pixel x can be read without a look at the border, eight bytes at a time.
func (s *sampler) inside(x int) bool {
	x0, y0 := (s.fx+x*s.stepX)>>16, (s.fy+x*s.stepY)>>16
	return x0 >= 0 && y0 >= 0 && x0+2 < s.w && y0+1 < s.h
}

// outer writes pixel x, whose sources may lie outside.
func (s *sampler) outer(out []byte, x int) {
	fx, fy := s.fx+x*s.stepX, s.fy+x*s.stepY
	x0, y0 := fx>>16, fy>>16
	x1, y1 := x0+1, y0+1
	if s.black && (x1 < 0 || y1 < 0 || x0 >= s.w || y0 >= s.h) {
		out[3*x], out[3*x+1], out[3*x+2] = 0, 0, 0
		return
	}
	x0, x1, y0, y1 = clamp(x0, s.w), clamp(x1, s.w), clamp(y0, s.h), clamp(y1, s.h)
	w00, w01, w10, w11 := weights(fx, fy)
	for c := range 3 {
		at := func(x, y int) uint64 { return uint64(s.src[(y*s.w+x)*3+c]) }
		out[3*x+c] = byte((w00*at(x0, y0) + w01*at(x1, y0) + w10*at(x0, y1) + w11*at(x1, y1) + 1<<15) >> 16)
	}
}

// inner writes pixels from to to-1, all inside. Two neighbours of a row are one load; red and blue are summed side by side in one word.
func (s *sampler) inner(out []byte, from, to int) {
	fx, fy := s.fx+from*s.stepX, s.fy+from*s.stepY
	src, row := s.src, 3*s.w
	out = out[3*from : 3*to]
	for ; len(out) >= 3; out = out[3:] {
		at := (fy>>16)*row + (fx>>16)*3
		up := binary.LittleEndian.Uint64(src[at : at+8 : at+8])
		low := binary.LittleEndian.Uint64(src[at+row : at+row+8 : at+row+8])
		w00, w01, w10, w11 := weights(fx, fy)
		rb := w00*redBlue(up) + w01*redBlue(up>>24) + w10*redBlue(low) + w11*redBlue(low>>24) + (1<<15 | 1<<47)
		g := w00*(up>>8&255) + w01*(up>>32&255) + w10*(low>>8&255) + w11*(low>>32&255) + 1<<15
		out[0], out[1], out[2] = byte(rb>>16), byte(g>>16), byte(rb>>48)
		fx += s.stepX
		fy += s.stepY
	}
}

// redBlue spreads the first and third byte to the lower and upper half.
func redBlue(v uint64) uint64 { return v&0xff | v&0xff0000<<16 }

// weights of the four sources, upper left, upper right, lower left, lower right; they add to 1 << 16.
func weights(fx, fy int) (w00, w01, w10, w11 uint64) {
	wx, wy := uint64(fx>>8&255), uint64(fy>>8&255)
	w11 = wx * wy
	w10 = wy<<8 - w11
	w01 = wx<<8 - w11
	return 1<<16 - w01 - w10 - w11, w01, w10, w11
}

func clamp(v, n int) int { return min(max(v, 0), n-1) }

// paint applies the matrix and the offset to each pixel, with 16 bits behind the point.
func paint(pix []byte, m *[9]float32, o *[3]float32) {
	var k [9]int
	for i, v := range m {
		k[i] = fixed(float64(v))
	}
	var add [3]int
	for i, v := range o {
		add[i] = fixed(float64(v)) + 1<<15
	}
	for ; len(pix) >= 3; pix = pix[3:] {
		r, g, b := int(pix[0]), int(pix[1]), int(pix[2])
		pix[0] = level((k[0]*r + k[1]*g + k[2]*b + add[0]) >> 16)
		pix[1] = level((k[3]*r + k[4]*g + k[5]*b + add[1]) >> 16)
		pix[2] = level((k[6]*r + k[7]*g + k[8]*b + add[2]) >> 16)
	}
}

func level(v int) byte {
	if uint(v) > 255 {
		v = clamp(v, 256)
	}
	return byte(v)
}
