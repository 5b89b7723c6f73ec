package picture

import (
	"image"
	"io"
)

// DecodeScaled decodes as Decode does, to at most side pixels along the longer
// edge (never enlarged), quickly rather than exactly: a large photo is first
// averaged down by a whole factor to no less than twice that size. Info tells
// the full size.
func DecodeScaled(r io.ReadSeeker, name string, side int, l Limits) (pix *image.RGBA, info Info, err error) {
	defer finish(name, &err)
	img, info, err := decode(r, l.withDefaults())
	if err != nil {
		return nil, info, err
	}
	b := img.Bounds()
	w, h := Fit(b.Dx(), b.Dy(), side, side)
	if factor := min(b.Dx()/(2*w), b.Dy()/(2*h)); factor > 1 {
		pix = shrink(img, factor)
	} else {
		pix = toRGB(img)
	}
	return upright(Resize(pix, w, h), info.Orientation), info, nil
}

// Fit returns the size of a picture of w x h pixels that was made to fit into
// maxW x maxH with its aspect kept, at least one pixel each way. It never
// enlarges.
func Fit(w, h, maxW, maxH int) (int, int) {
	if w <= maxW && h <= maxH {
		return w, h
	}
	if w*maxH >= h*maxW {
		return maxW, max(1, (h*maxW+w/2)/w)
	}
	return max(1, (w*maxH+h/2)/h), maxH
}

// shrink averages blocks of factor x factor pixels; a rest at the right and
// lower edge that fills no block is left out.
func shrink(img image.Image, factor int) *image.RGBA {
	if ycc, ok := img.(*image.YCbCr); ok && ycc.Rect.Min == (image.Point{}) {
		return shrinkYCbCr(ycc, factor)
	}
	if ycc, ok := img.(limitedYCbCr); ok {
		img = toRGB(ycc)
	}
	b := img.Bounds()
	w, h := b.Dx()/factor, b.Dy()/factor
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	read := rowReader(img)
	row, sums := make([]byte, 4*b.Dx()), make([]uint32, 3*w)
	area := uint32(factor * factor)
	for y := range h {
		clear(sums)
		for j := range factor {
			read(row, b.Min.Y+y*factor+j)
			for x := range w {
				for i := 4 * x * factor; i < 4*(x+1)*factor; i += 4 {
					sums[3*x] += uint32(row[i])
					sums[3*x+1] += uint32(row[i+1])
					sums[3*x+2] += uint32(row[i+2])
				}
			}
		}
		out := dst.Pix[y*dst.Stride:]
		for x := range w {
			for c := range 3 {
				out[4*x+c] = uint8((sums[3*x+c] + area/2) / area)
			}
			out[4*x+3] = 255
		}
	}
	return dst
}

// shrinkYCbCr averages before the colours are converted, which saves the
// conversion of every pixel.
func shrinkYCbCr(src *image.YCbCr, factor int) *image.RGBA {
	w, h := src.Rect.Dx()/factor, src.Rect.Dy()/factor
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	ys, cbs, crs := make([]byte, w), make([]byte, w), make([]byte, w)
	sums := make([]uint32, w)
	area := uint32(factor * factor)
	for y := range h {
		clear(sums)
		for j := range factor {
			in := src.Y[(y*factor+j)*src.YStride:]
			for x := range sums {
				s := uint32(0)
				for _, v := range in[x*factor : (x+1)*factor] {
					s += uint32(v)
				}
				sums[x] += s
			}
		}
		for x, s := range sums {
			ys[x] = uint8((s + area/2) / area)
			// Chroma: the samples at the quarters of the block stand for it.
			a := src.COffset(x*factor+factor/4, y*factor+factor/4)
			b := src.COffset(x*factor+factor*3/4, y*factor+factor/4)
			c := src.COffset(x*factor+factor/4, y*factor+factor*3/4)
			d := src.COffset(x*factor+factor*3/4, y*factor+factor*3/4)
			cbs[x] = uint8((uint32(src.Cb[a]) + uint32(src.Cb[b]) + uint32(src.Cb[c]) + uint32(src.Cb[d]) + 2) / 4)
			crs[x] = uint8((uint32(src.Cr[a]) + uint32(src.Cr[b]) + uint32(src.Cr[c]) + uint32(src.Cr[d]) + 2) / 4)
		}
		jpegRGB(dst.Pix[y*dst.Stride:y*dst.Stride+4*w], ys, cbs, crs)
	}
	return dst
}
