package picture

import (
	"image"
	"runtime"
	"sync"

	"viewfinder/training/picture/jpeg"
)

// Rows below this many pixels are not worth another goroutine.
const parallelPixels = 1 << 19

// fromYCbCr writes src as RGB into dst, of the same size. Chroma is brought to
// full size by libjpeg's "fancy" triangle filter (jdsample.c), as PIL does it,
// so that colours at edges are those of other programs; ratios other than 4:4:4,
// 4:2:2, 4:4:0 and 4:2:0 are repeated.
func fromYCbCr(dst *image.RGBA, src *image.YCbCr, convert func(out, y, cb, cr []byte)) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	hs, vs, fancy := 1, 1, true
	switch src.SubsampleRatio {
	case image.YCbCrSubsampleRatio444:
	case image.YCbCrSubsampleRatio422:
		hs = 2
	case image.YCbCrSubsampleRatio440:
		vs = 2
	case image.YCbCrSubsampleRatio420:
		hs, vs = 2, 2
	default:
		fancy = false
	}
	if src.Rect.Min != (image.Point{}) {
		fancy = false // chroma would not begin with the first pixel
	}
	rows := func(from, to int) {
		up := jpeg.NewUpsampler(w, h, hs, vs)
		cb, cr := make([]byte, w+1), make([]byte, w+1)
		for y := from; y < to; y++ {
			at := src.YOffset(src.Rect.Min.X, src.Rect.Min.Y+y)
			if fancy {
				up.Row(cb, src.Cb, src.CStride, y)
				up.Row(cr, src.Cr, src.CStride, y)
			} else {
				for x := range w {
					i := src.COffset(src.Rect.Min.X+x, src.Rect.Min.Y+y)
					cb[x], cr[x] = src.Cb[i], src.Cr[i]
				}
			}
			convert(dst.Pix[y*dst.Stride:y*dst.Stride+4*w], src.Y[at:at+w], cb[:w], cr[:w])
		}
	}
	inParallel(h, w*h, rows)
}

// inParallel calls do for all of 0 to n, in a few pieces side by side where the work of pixels is worth it.
func inParallel(n, pixels int, do func(from, to int)) {
	pieces := max(1, min(runtime.GOMAXPROCS(0), pixels/parallelPixels, n))
	var group sync.WaitGroup
	for k := 1; k < pieces; k++ {
		group.Go(func() { do(k*n/pieces, (k+1)*n/pieces) })
	}
	do(0, n/pieces)
	group.Wait()
}

// jpegRGB converts by JFIF's equations in libjpeg's fixed point (jdcolor.c).
func jpegRGB(out, ys, cbs, crs []byte) {
	const half = 1 << 15
	for i, v := range ys {
		y, cb, cr := int(v), int(cbs[i])-128, int(crs[i])-128
		o := out[4*i : 4*i+4 : 4*i+4]
		o[0] = clamp(y + (91881*cr+half)>>16)
		o[1] = clamp(y + (-22554*cb-46802*cr+half)>>16)
		o[2] = clamp(y + (116130*cb+half)>>16)
		o[3] = 255
	}
}

// webpRGB converts from BT.601's limited range in libwebp's fixed point.
func webpRGB(out, ys, cbs, crs []byte) {
	for i, v := range ys {
		y, cb, cr := int(v)*19077>>8, int(cbs[i]), int(crs[i])
		o := out[4*i : 4*i+4 : 4*i+4]
		o[0] = clamp((y + cr*26149>>8 - 14234) >> 6)
		o[1] = clamp((y - cb*6419>>8 - cr*13320>>8 + 8708) >> 6)
		o[2] = clamp((y + cb*33050>>8 - 17685) >> 6)
		o[3] = 255
	}
}

func clamp(v int) uint8 {
	if uint(v) <= 255 {
		return uint8(v)
	}
	if v < 0 {
		return 0
	}
	return 255
}
