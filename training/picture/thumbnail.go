package picture

import (
	"image"
	"io"
)

// DecodeScaled decodes as Decode does, to at most side pixels along the longer
// edge (never enlarged), quickly rather than exactly: a JPEG is decoded
// at a part of its size, and what is still large then is averaged down by a
// whole factor, to no less than that size. Info has
// the full size.
func DecodeScaled(r io.ReadSeeker, name string, side int, l Limits) (pix *image.RGBA, info Info, err error) {
	defer finish(name, &err)
	img, info, err := decode(r, l.withDefaults(), func(i Info) int { return i.Reduction(Fit(i.Width, i.Height, side, side)) })
	if err != nil {
		return nil, info, err
	}
	b := img.Bounds()
	w, h := info.Width, info.Height // of the picture as it is stored, as img is
	if turned(info.Orientation) {
		w, h = h, w
	}
	w, h = Fit(w, h, side, side)
	if factor := min(b.Dx()/w, b.Dy()/h); factor > 1 {
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
// conversion of every pixel. For the chroma of a block stand the samples at its
// quarters.
func shrinkYCbCr(src *image.YCbCr, factor int) *image.RGBA {
	w, h := src.Rect.Dx()/factor, src.Rect.Dy()/factor
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	ys, cbs, crs := make([]byte, w), make([]byte, w), make([]byte, w)
	sums := make([]uint32, w)
	left, right := make([]int, w), make([]int, w) // the columns of chroma at a block's quarters
	for x := range w {
		left[x], right[x] = src.COffset(x*factor+factor/4, 0), src.COffset(x*factor+factor*3/4, 0)
	}
	for y := range h {
		if factor == 2 {
			halveRow(ys, src.Y[2*y*src.YStride:], src.Y[(2*y+1)*src.YStride:])
		} else {
			averageRow(ys, sums, src.Y[y*factor*src.YStride:], src.YStride, factor)
		}
		upper, lower := src.COffset(0, y*factor+factor/4), src.COffset(0, y*factor+factor*3/4)
		quarters(cbs, src.Cb[upper:], src.Cb[lower:], left, right)
		quarters(crs, src.Cr[upper:], src.Cr[lower:], left, right)
		jpegRGB(dst.Pix[y*dst.Stride:y*dst.Stride+4*w], ys, cbs, crs)
	}
	return dst
}

// halveRow averages blocks of 2 x 2.
func halveRow(out, upper, lower []byte) {
	upper, lower = upper[:2*len(out)], lower[:2*len(out)]
	for x := range out {
		out[x] = uint8((uint32(upper[2*x]) + uint32(upper[2*x+1]) + uint32(lower[2*x]) + uint32(lower[2*x+1]) + 2) / 4)
	}
}

// averageRow averages blocks of factor x factor; sums is room for its work, as long as out.
func averageRow(out []byte, sums []uint32, plane []byte, stride, factor int) {
	clear(sums)
	for j := range factor {
		in := plane[j*stride:]
		for x := range sums {
			s := uint32(0)
			for _, v := range in[x*factor : (x+1)*factor] {
				s += uint32(v)
			}
			sums[x] += s
		}
	}
	area := uint32(factor * factor)
	for x, s := range sums {
		out[x] = uint8((s + area/2) / area)
	}
}

// quarters averages the samples of two rows at two columns for each block.
func quarters(out, upper, lower []byte, left, right []int) {
	for x := range out {
		a, b := left[x], right[x]
		out[x] = uint8((uint32(upper[a]) + uint32(upper[b]) + uint32(lower[a]) + uint32(lower[b]) + 2) / 4)
	}
}
