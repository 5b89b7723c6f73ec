package picture

import (
	"image"
	"math"
)

// Crop returns a copy of the part of src that lies between the given fractions
// of its width and height. Edges fall on the nearest pixel border, what lies
// outside the picture is left out, and at least one pixel remains.
func Crop(src *image.RGBA, xmin, ymin, xmax, ymax float64) *image.RGBA {
	x0, x1 := span(xmin, xmax, src.Rect.Dx())
	y0, y1 := span(ymin, ymax, src.Rect.Dy())
	dst := image.NewRGBA(image.Rect(0, 0, x1-x0, y1-y0))
	for y := y0; y < y1; y++ {
		from := y*src.Stride + 4*x0
		copy(dst.Pix[(y-y0)*dst.Stride:], src.Pix[from:from+4*(x1-x0)])
	}
	return dst
}

// span turns two fractions of n pixels into a range of at least one of them.
func span(lo, hi float64, n int) (int, int) {
	at := func(f float64) int {
		if !(f > 0) { // also NaN
			return 0
		}
		return int(math.Round(min(f, 1) * float64(n)))
	}
	a, b := at(lo), at(hi)
	a = min(a, n-1)
	return a, max(b, a+1)
}

// Transform is where Letterbox put the picture, to convert boxes between the two.
type Transform struct {
	X, Y          int // the picture's upper left corner within the frame, pixels
	Width, Height int // the picture within the frame, pixels
	FrameWidth    int
	FrameHeight   int
}

// ToFrame turns a point in fractions of the picture into fractions of the frame.
func (t Transform) ToFrame(x, y float64) (float64, float64) {
	return (float64(t.X) + x*float64(t.Width)) / float64(t.FrameWidth),
		(float64(t.Y) + y*float64(t.Height)) / float64(t.FrameHeight)
}

// ToPicture turns a point in fractions of the frame into fractions of the
// picture; a point on the padding falls outside 0..1.
func (t Transform) ToPicture(x, y float64) (float64, float64) {
	return (x*float64(t.FrameWidth) - float64(t.X)) / float64(t.Width),
		(y*float64(t.FrameHeight) - float64(t.Y)) / float64(t.Height)
}

// Letterbox returns src resized to fit a frame of w x h pixels with its aspect
// kept, in the middle, the rest black.
func Letterbox(src *image.RGBA, w, h int) (*image.RGBA, Transform) {
	sw, sh := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	scale := math.Min(float64(w)/sw, float64(h)/sh)
	t := Transform{FrameWidth: w, FrameHeight: h}
	t.Width = min(w, max(1, int(math.Round(sw*scale))))
	t.Height = min(h, max(1, int(math.Round(sh*scale))))
	t.X, t.Y = (w-t.Width)/2, (h-t.Height)/2
	if t.Width == w && t.Height == h {
		return Resize(src, w, h), t
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(dst.Pix); i += 4 {
		dst.Pix[i] = 255
	}
	small := Resize(src, t.Width, t.Height)
	for y := range t.Height {
		copy(dst.Pix[(t.Y+y)*dst.Stride+4*t.X:], small.Pix[y*small.Stride:y*small.Stride+4*t.Width])
	}
	return dst, t
}
