package descriptor

import (
	"math"
	"math/bits"
)

// radii are how far the neighbours lie, in pixels.
var radii = [...]float64{1, 2, 4}

const (
	neighbours  = 8
	kinds       = neighbours + 2 // so many neighbours are as bright, or it is no simple pattern
	patternSize = 3 * 3 * kinds  // channels, radii
)

// appendPatterns appends histograms of local binary patterns (Ojala, Pietikäinen and Mäenpää 2002: uniform ones, whichever way they are turned) of the three
// channels of L*a*b*.
func appendPatterns(d []float32, p *planes) []float32 {
	for _, plane := range p.lab {
		for _, r := range radii {
			d = appendHistogram(d, patterns(plane, p.w, p.h, r))
		}
	}
	return d
}

// point is where a neighbour lies between four pixels.
type point struct {
	at                 int // offset of the upper left one
	w00, w01, w10, w11 float32
}

// patterns counts the kinds around all pixels whose neighbours lie in the picture.
func patterns(plane []uint8, w, h int, radius float64) []int {
	var around [neighbours]point
	for k := range around {
		angle := 2 * math.Pi * float64(k) / neighbours
		x, y := round(radius*math.Cos(angle)), round(-radius*math.Sin(angle))
		x0, y0 := math.Floor(x), math.Floor(y)
		fx, fy := float32(x-x0), float32(y-y0)
		around[k] = point{at: int(y0)*w + int(x0), w00: (1 - fx) * (1 - fy), w01: fx * (1 - fy), w10: (1 - fx) * fy, w11: fx * fy}
	}
	counts := make([]int, kinds)
	edge := int(radius) + 1
	codes := make([]uint8, max(0, w-2*edge))
	for y := edge; y < h-edge; y++ {
		clear(codes)
		centres := plane[y*w+edge:]
		for k := range around {
			around[k].mark(codes, centres, plane[y*w+edge+around[k].at:], w, 1<<k)
		}
		for _, code := range codes {
			counts[kindOf[code]]++
		}
	}
	return counts
}

// mark sets the bit of each code of a row at whose centre the neighbour is as bright; upper begins at the first one's neighbour.
func (n *point) mark(codes []uint8, centres, upper []uint8, w int, bit uint8) {
	centres = centres[:len(codes)]
	if n.w01 == 0 && n.w10 == 0 && n.w11 == 0 {
		upper = upper[:len(codes)]
		for x, c := range centres {
			if upper[x] >= c {
				codes[x] |= bit
			}
		}
		return
	}
	upper, lower := upper[:len(codes)+1], upper[w:w+len(codes)+1]
	for x, c := range centres {
		v := n.w00*float32(upper[x]) + n.w01*float32(upper[x+1]) + n.w10*float32(lower[x]) + n.w11*float32(lower[x+1])
		if v >= float32(c)-1e-3 { // four weights of one value may add to a little less than it
			codes[x] |= bit
		}
	}
}

// round rids a coordinate that is a whole number of the rounding of sine and cosine.
func round(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// kindOf is a pattern's kind: how many neighbours are as bright, where these are next to each other; else the last one.
var kindOf = func() (t [256]uint8) {
	for code := range t {
		c := uint8(code)
		if bits.OnesCount8(c^bits.RotateLeft8(c, 1)) <= 2 {
			t[code] = uint8(bits.OnesCount8(c))
		} else {
			t[code] = neighbours + 1
		}
	}
	return t
}()
