package jpeg

import (
	"image"
	"image/color"
	"runtime"
	"sync"
)

// picture makes an image of the planes.
func (d *decoder) picture() (image.Image, error) {
	if d.progressive {
		d.transformAll()
	}
	w, h := Reduced(d.width, d.scale), Reduced(d.height, d.scale)
	bounds := image.Rect(0, 0, w, h)
	c := d.components
	switch len(c) {
	case 1:
		return &image.Gray{Pix: c[0].pix, Stride: c[0].stride, Rect: bounds}, nil
	case 3:
		if d.isRGB() {
			return interleave(bounds, d.full(0), d.full(1), d.full(2), nil), nil
		}
		return d.yCbCr(bounds), nil
	}
	k := d.full(3)
	invert := uint8(0)
	if d.adobe { // Adobe's programs store how much is not inked
		invert = 255
	}
	var img *image.RGBA
	if d.adobe && d.transform != 0 {
		// Y, Cb and Cr stand for red, green and blue, which are the inverse of ink as it is stored, and so ink itself.
		img = image.NewRGBA(bounds)
		ys, cbs, crs := d.full(0), d.full(1), d.full(2)
		for y := range h {
			row := img.Pix[y*img.Stride:][:4*w]
			for x := range w {
				row[4*x], row[4*x+1], row[4*x+2] = color.YCbCrToRGB(ys.pix[y*ys.stride+x], cbs.pix[y*cbs.stride+x], crs.pix[y*crs.stride+x])
			}
		}
	} else {
		img = interleave(bounds, d.full(0), d.full(1), d.full(2), &invert)
	}
	for y := range h {
		row, ks := img.Pix[y*img.Stride:][:4*w], k.pix[y*k.stride:][:w]
		for x, v := range ks {
			row[4*x+3] = v ^ invert
		}
	}
	return &image.CMYK{Pix: img.Pix, Stride: img.Stride, Rect: bounds}, nil
}

func (d *decoder) isRGB() bool {
	switch {
	case d.jfif:
		return false
	case d.adobe:
		return d.transform == 0
	}
	c := d.components
	return c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B'
}

// transformAll turns the coefficients of a progressive picture into samples.
func (d *decoder) transformAll() {
	for i := range d.components {
		c := &d.components[i]
		q := &d.quants[c.quant]
		rows := func(from, to int) {
			var block [64]int16
			for y := from; y < to; y++ {
				for x := range c.width {
					pix := c.pix[y*c.size*c.stride+x*c.size:]
					at := (y*c.across + x) * c.per
					if c.size == 1 {
						pix[0] = single(int32(c.coefficients[at]) * q[0])
						continue
					}
					last := 0
					for k, v := range (*[64]int32)(q) {
						z := zigzag[k] & 63
						if in := c.coefficients[at+int(z)]; in != 0 {
							block[z] = int16(int32(in) * v)
							last = k
						}
					}
					inverse(&block, last, c.size, pix, c.stride)
				}
			}
		}
		spread(c.height, c.width*c.height, rows)
		c.coefficients = nil
	}
}

// worthwhile is how many blocks are worth another goroutine.
const worthwhile = 1 << 12

// spread calls do for all of 0 to n, in a few pieces side by side where there are enough blocks.
func spread(n, blocks int, do func(from, to int)) {
	pieces := max(1, min(runtime.GOMAXPROCS(0), blocks/worthwhile, n))
	var group sync.WaitGroup
	for k := 1; k < pieces; k++ {
		group.Go(func() { do(k*n/pieces, (k+1)*n/pieces) })
	}
	do(0, n/pieces)
	group.Wait()
}

// plane is samples at the size of the picture.
type plane struct {
	pix    []byte
	stride int
}

// factors returns how many times narrower and lower than the picture a component's plane is.
func (d *decoder) factors(c *component) (h, v int) {
	least := 8 / d.scale
	return d.maxH * least / (c.h * c.size), d.maxV * least / (c.v * c.size)
}

// full is the plane of a component, brought to the picture's size where it has fewer samples.
func (d *decoder) full(i int) plane {
	c := &d.components[i]
	h, v := d.factors(c)
	if h == 1 && v == 1 {
		return plane{c.pix, c.stride}
	}
	width, height := Reduced(d.width, d.scale), Reduced(d.height, d.scale)
	out := plane{make([]byte, width*height), width}
	if h <= 2 && v <= 2 && d.scale < 8 {
		up := NewUpsampler(width, height, h, v)
		for y := range height {
			up.Row(out.pix[y*width:][:width], c.pix, c.stride, y)
		}
		return out
	}
	for y := range height {
		in, row := c.pix[y/v*c.stride:], out.pix[y*width:][:width]
		for x := range row {
			row[x] = in[x/h]
		}
	}
	return out
}

// yCbCr keeps the subsampling where the image package has a name for it. At an eighth libjpeg repeats samples, so it is done here.
func (d *decoder) yCbCr(bounds image.Rectangle) *image.YCbCr {
	c := d.components
	h, v := d.factors(&c[1])
	hr, vr := d.factors(&c[2])
	hy, vy := d.factors(&c[0])
	ratio, named := image.YCbCrSubsampleRatio444, hy == 1 && vy == 1 && h == hr && v == vr && (d.scale < 8 || h*v == 1)
	switch {
	case h == 1 && v == 1:
	case h == 2 && v == 1:
		ratio = image.YCbCrSubsampleRatio422
	case h == 1 && v == 2:
		ratio = image.YCbCrSubsampleRatio440
	case h == 2 && v == 2:
		ratio = image.YCbCrSubsampleRatio420
	case h == 4 && v == 1:
		ratio = image.YCbCrSubsampleRatio411
	case h == 4 && v == 2:
		ratio = image.YCbCrSubsampleRatio410
	default:
		named = false
	}
	if named && c[1].stride == c[2].stride {
		return &image.YCbCr{Y: c[0].pix, Cb: c[1].pix, Cr: c[2].pix, YStride: c[0].stride, CStride: c[1].stride, SubsampleRatio: ratio, Rect: bounds}
	}
	// The image package has one stride for both.
	planes := [3]plane{d.full(0), d.full(1), d.full(2)}
	for i := 1; i < 3; i++ {
		if planes[i].stride == bounds.Dx() {
			continue
		}
		tight := plane{make([]byte, bounds.Dx()*bounds.Dy()), bounds.Dx()}
		for y := range bounds.Dy() {
			copy(tight.pix[y*tight.stride:][:tight.stride], planes[i].pix[y*planes[i].stride:])
		}
		planes[i] = tight
	}
	return &image.YCbCr{Y: planes[0].pix, Cb: planes[1].pix, Cr: planes[2].pix, YStride: planes[0].stride, CStride: planes[1].stride,
		SubsampleRatio: image.YCbCrSubsampleRatio444, Rect: bounds}
}

// interleave makes opaque pixels of three planes, inverted where invert is given.
func interleave(bounds image.Rectangle, r, g, b plane, invert *uint8) *image.RGBA {
	img := image.NewRGBA(bounds)
	flip := uint8(0)
	if invert != nil {
		flip = *invert
	}
	w := bounds.Dx()
	for y := range bounds.Dy() {
		row := img.Pix[y*img.Stride:][:4*w]
		rs, gs, bs := r.pix[y*r.stride:][:w], g.pix[y*g.stride:][:w], b.pix[y*b.stride:][:w]
		for x := range w {
			o := row[4*x : 4*x+4 : 4*x+4]
			o[0], o[1], o[2], o[3] = rs[x]^flip, gs[x]^flip, bs[x]^flip, 255
		}
	}
	return img
}
