package data

import "math"

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
		warp(dst, src, w, h, d.m, a.frame.Pad)
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
	const one = 1 << 16
	fixed := func(v float64) int { return int(math.Round(v * one)) }
	stepX, stepY := fixed(m.a), fixed(m.d)
	for y := range h {
		sx, sy := m.at(0.5, float64(y)+0.5)
		fx, fy := fixed(sx-0.5), fixed(sy-0.5)
		out := dst[y*w*3 : (y+1)*w*3]
		for x := 0; x < 3*w; x += 3 {
			x0, y0 := fx>>16, fy>>16
			wx, wy := fx>>8&255, fy>>8&255
			fx += stepX
			fy += stepY
			x1, y1 := x0+1, y0+1
			if x0 < 0 || y0 < 0 || x1 >= w || y1 >= h {
				if black && (x1 < 0 || y1 < 0 || x0 >= w || y0 >= h) {
					out[x], out[x+1], out[x+2] = 0, 0, 0
					continue
				}
				x0, x1 = clamp(x0, w), clamp(x1, w)
				y0, y1 = clamp(y0, h), clamp(y1, h)
			}
			w11 := wx * wy
			w10 := wy<<8 - w11 // lower left
			w01 := wx<<8 - w11 // upper right
			w00 := 1<<16 - w01 - w10 - w11
			a, b := src[(y0*w+x0)*3:(y0*w+x0)*3+3], src[(y0*w+x1)*3:(y0*w+x1)*3+3]
			c, d := src[(y1*w+x0)*3:(y1*w+x0)*3+3], src[(y1*w+x1)*3:(y1*w+x1)*3+3]
			out[x] = byte((w00*int(a[0]) + w01*int(b[0]) + w10*int(c[0]) + w11*int(d[0]) + 1<<15) >> 16)
			out[x+1] = byte((w00*int(a[1]) + w01*int(b[1]) + w10*int(c[1]) + w11*int(d[1]) + 1<<15) >> 16)
			out[x+2] = byte((w00*int(a[2]) + w01*int(b[2]) + w10*int(c[2]) + w11*int(d[2]) + 1<<15) >> 16)
		}
	}
}

func clamp(v, n int) int { return min(max(v, 0), n-1) }

func paint(pix []byte, m *[9]float32, o *[3]float32) {
	for i := 0; i+2 < len(pix); i += 3 {
		r, g, b := float32(pix[i]), float32(pix[i+1]), float32(pix[i+2])
		pix[i] = level(m[0]*r + m[1]*g + m[2]*b + o[0])
		pix[i+1] = level(m[3]*r + m[4]*g + m[5]*b + o[1])
		pix[i+2] = level(m[6]*r + m[7]*g + m[8]*b + o[2])
	}
}

func level(v float32) byte { return byte(min(max(v+0.5, 0), 255)) }
