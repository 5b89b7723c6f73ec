package picture

import (
	"image"
	"math"
)

// coefficientBits is the precision of the weights, as in PIL (libImaging,
// Resample.c): 32 bits less 8 of the samples and 2 of headroom.
const coefficientBits = 32 - 8 - 2

// weights are those of one axis: target i is the sum over k of w[i*width+k]
// times source first[i]+k, for k below count[i].
type weights struct {
	width        int
	first, count []int32
	w            []int32
}

// bilinear computes the weights of the triangle filter whose support grows
// with the scale when shrinking, as PIL's BILINEAR has it, in its fixed point.
func bilinear(from, to int) weights {
	scale := float64(from) / float64(to)
	filterScale := math.Max(scale, 1)
	support := filterScale
	t := weights{width: int(math.Ceil(support))*2 + 1, first: make([]int32, to), count: make([]int32, to)}
	t.w = make([]int32, to*t.width)
	row := make([]float64, t.width)
	// The conversions to float64 forbid fused multiply-adds, which would give
	// other last bits on other processors.
	inverse := 1 / filterScale
	for i := range to {
		center := float64((float64(i) + 0.5) * scale)
		lo := max(0, int(center-support+0.5))
		hi := min(from, int(center+support+0.5))
		n := min(hi-lo, t.width)
		sum := 0.0
		for k := range n {
			v := math.Abs(float64((float64(k+lo) - center + 0.5) * inverse))
			row[k] = math.Max(0, 1-v)
			sum += row[k]
		}
		for k := range n {
			if sum != 0 {
				row[k] /= sum
			}
			t.w[i*t.width+k] = int32(float64(row[k]*(1<<coefficientBits)) + 0.5)
		}
		t.first[i], t.count[i] = int32(lo), int32(n)
	}
	return t
}

func clip8(v int) uint8 {
	v >>= coefficientBits
	if uint(v) <= 255 {
		return uint8(v)
	}
	if v < 0 {
		return 0
	}
	return 255
}

// Resize returns src (opaque RGB) at w x h pixels, antialiased: PIL's
// Image.resize(size, BILINEAR) to the last bit. It copies where nothing is to
// be resized. w and h must be positive.
func Resize(src *image.RGBA, w, h int) *image.RGBA {
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	if w == sw && h == sh {
		return Crop(src, 0, 0, 1, 1)
	}
	if w != sw {
		src = resizeRows(src, w)
	}
	if h != sh {
		src = resizeColumns(src, h)
	}
	return src
}

func resizeRows(src *image.RGBA, w int) *image.RGBA {
	sw, h := src.Rect.Dx(), src.Rect.Dy()
	t := bilinear(sw, w)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		in := src.Pix[y*src.Stride : y*src.Stride+4*sw]
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for x := range w {
			lo, n := int(t.first[x]), int(t.count[x])
			from := in[4*lo : 4*(lo+n)]
			r, g, b := 1<<(coefficientBits-1), 1<<(coefficientBits-1), 1<<(coefficientBits-1)
			for _, k := range t.w[x*t.width : x*t.width+n] {
				k := int(k)
				r += k * int(from[0])
				g += k * int(from[1])
				b += k * int(from[2])
				from = from[4:]
			}
			o := out[4*x : 4*x+4 : 4*x+4]
			o[0], o[1], o[2], o[3] = clip8(r), clip8(g), clip8(b), 255
		}
	}
	return dst
}

func resizeColumns(src *image.RGBA, h int) *image.RGBA {
	w, sh := src.Rect.Dx(), src.Rect.Dy()
	t := bilinear(sh, h)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	sums := make([]int32, 4*w) // at most 255 * 2^22 and a half: fits
	for y := range h {
		for i := range sums {
			sums[i] = 1 << (coefficientBits - 1)
		}
		lo := int(t.first[y])
		for j, k := range t.w[y*t.width : y*t.width+int(t.count[y])] {
			in := src.Pix[(lo+j)*src.Stride:]
			in = in[:len(sums)]
			for i, v := range in {
				sums[i] += k * int32(v)
			}
		}
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		for i, v := range sums {
			out[i] = clip8(int(v))
		}
		for i := 3; i < len(out); i += 4 {
			out[i] = 255
		}
	}
	return dst
}
