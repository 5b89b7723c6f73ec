package features

import (
	"math"
	"sync"
)

// Half rounds to float16 (IEEE 754 binary16), ties to even; what is too large for it becomes the largest value there is.
func Half(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	abs := bits & 0x7fffffff
	switch {
	case abs > 0x7f800000: // NaN
		return sign | 0x7e00
	case abs >= 0x477ff000: // rounds to above 65504, or infinite
		return sign | 0x7bff
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

// floats holds the value of each float16. It is made when first asked for: most starts of the program need none.
var floats = sync.OnceValue(func() []float32 {
	all := make([]float32, 1<<16)
	for h := range all {
		sign, exponent, mantissa := 1.0, h>>10&31, float64(h&1023)
		if h&0x8000 != 0 {
			sign = -1
		}
		switch exponent {
		case 0:
			all[h] = float32(sign * math.Ldexp(mantissa, -24))
		case 31:
			all[h] = float32(math.Inf(int(sign)))
			if mantissa != 0 {
				all[h] = float32(math.NaN())
			}
		default:
			all[h] = float32(sign * math.Ldexp(1024+mantissa, exponent-25))
		}
	}
	return all
})

// Float is the value of a float16.
func Float(h uint16) float32 { return floats()[h] }

// Floats writes the values of src to dst, which is as long.
func Floats(dst []float32, src []uint16) {
	dst, all := dst[:len(src)], floats()
	for i, h := range src {
		dst[i] = all[h]
	}
}
