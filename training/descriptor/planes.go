package descriptor

import (
	"image"
	"math"
)

// planes are a picture's pixels in two colour spaces, a byte each, rows one after the other.
type planes struct {
	w, h    int
	hsv     [3][]uint8  // hue (0 to 179: half degrees of the circle's 360), saturation, value
	lab     [3][]uint8  // CIE L*a*b* for D65: L* 0 to 255, a* and b* around 128
	grounds *image.RGBA // brightness and saturation as red and green, to be made smaller
}

func planesOf(img *image.RGBA) *planes {
	p := &planes{w: img.Rect.Dx(), h: img.Rect.Dy()}
	n := p.w * p.h
	for k := range 3 {
		p.hsv[k], p.lab[k] = make([]uint8, n), make([]uint8, n)
	}
	p.grounds = image.NewRGBA(image.Rect(0, 0, p.w, p.h))
	for y := range p.h {
		row := img.Pix[y*img.Stride:]
		for x := range p.w {
			i := y*p.w + x
			r, g, b := row[4*x], row[4*x+1], row[4*x+2]
			p.hsv[0][i], p.hsv[1][i], p.hsv[2][i] = toHSV(r, g, b)
			p.lab[0][i], p.lab[1][i], p.lab[2][i] = toLab(r, g, b)
			grey := uint8((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000) // ITU-R BT.601 luma
			pix := p.grounds.Pix[4*i:]
			pix[0], pix[1], pix[3] = grey, p.hsv[1][i], 255
		}
	}
	return p
}

func toHSV(r, g, b uint8) (h, s, v uint8) {
	high, low := max(r, g, b), min(r, g, b)
	v = high
	d := float64(high) - float64(low)
	if d == 0 {
		return 0, 0, v
	}
	s = uint8(math.Round(255 * d / float64(high)))
	var sixth float64
	switch high {
	case r:
		sixth = (float64(g) - float64(b)) / d
	case g:
		sixth = 2 + (float64(b)-float64(r))/d
	default:
		sixth = 4 + (float64(r)-float64(g))/d
	}
	if sixth < 0 {
		sixth += 6
	}
	return uint8(int(math.Round(30*sixth)) % 180), s, v
}

// linear is the light of an sRGB value (IEC 61966-2-1), 0 to 1.
var linear = func() (t [256]float64) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = v / 12.92
		} else {
			t[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return t
}()

func toLab(r, g, b uint8) (l, a, bb uint8) {
	lr, lg, lb := linear[r], linear[g], linear[b]
	x := curve((0.412453*lr + 0.357580*lg + 0.180423*lb) / 0.950456)
	y := curve(0.212671*lr + 0.715160*lg + 0.072169*lb)
	z := curve((0.019334*lr + 0.119193*lg + 0.950227*lb) / 1.088754)
	return toByte((116*y - 16) * 255 / 100), toByte(500*(x-y) + 128), toByte(200*(y-z) + 128)
}

func curve(t float64) float64 {
	if t > 0.008856 {
		return math.Cbrt(t)
	}
	return 7.787*t + 16.0/116
}

func toByte(v float64) uint8 { return uint8(min(max(math.Round(v), 0), 255)) }
