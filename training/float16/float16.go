// Package float16 converts to and from IEEE 754 binary16, for what is kept or given on in half the room. It imports nothing of the program.
package float16

import (
	"math"
	"sync"
)

// Finite rounds to the nearest, ties to even; what is too large becomes the largest finite value there is.
func Finite(v float32) uint16 {
	h := Of(v)
	if h&0x7fff == infinity {
		h-- // the largest finite value is the one before
	}
	return h
}

const infinity = 0x7c00

// Of rounds to the nearest, ties to even; what is too large becomes infinite.
func Of(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	abs := bits & 0x7fffffff
	switch {
	case abs > 0x7f800000: // NaN
		return sign | 0x7e00
	case abs >= 0x477ff000: // rounds to above 65504, or infinite
		return sign | infinity
	case abs >= 0x38800000: // normal: the exponent is rebiased, 13 bits are rounded away
		abs += 0xfff + abs>>13&1
		return sign | uint16((abs-0x38000000)>>13)
	case abs < 0x33000000: // below half of the smallest
		return sign
	}
	shift := 126 - abs>>23 // of the mantissa with its leading one
	m := abs&0x7fffff | 0x800000
	half := uint32(1) << (shift - 1)
	q := m >> shift
	if rest := m & (1<<shift - 1); rest > half || rest == half && q&1 == 1 {
		q++
	}
	return sign | uint16(q)
}

// values holds the value of each float16. It is made when first asked for: most starts of the program need none.
var values = sync.OnceValue(func() []float32 {
	all := make([]float32, 1<<16)
	for h := range all {
		all[h] = Value(uint16(h))
	}
	return all
})

// Value is the value of a float16; the bits of a NaN stay.
func Value(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10&31), uint32(h&1023)
	switch exp {
	case 0: // zero and subnormal: frac * 2^-24
		v := float32(frac) / (1 << 24)
		return math.Float32frombits(math.Float32bits(v) | sign)
	case 31:
		return math.Float32frombits(sign | 255<<23 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// Values writes the values of src to dst, which is as long.
func Values(dst []float32, src []uint16) {
	dst, all := dst[:len(src)], values()
	for i, h := range src {
		dst[i] = all[h]
	}
}
