package jpeg

import "encoding/binary"

// The inverse cosine transforms of libjpeg: jidctint.c at full size, jidctred.c for blocks that become 4x4, 2x2 or 1x1 samples. Its
// constants are fractions of 2^13, its first pass keeps 2 more bits.
const (
	constBits = 13
	passBits  = 2

	fix0_211164243 = 1730
	fix0_298631336 = 2446
	fix0_390180644 = 3196
	fix0_509795579 = 4176
	fix0_541196100 = 4433
	fix0_601344887 = 4926
	fix0_720959822 = 5906
	fix0_765366865 = 6270
	fix0_850430095 = 6967
	fix0_899976223 = 7373
	fix1_061594337 = 8697
	fix1_175875602 = 9633
	fix1_272758580 = 10426
	fix1_451774981 = 11893
	fix1_501321110 = 12299
	fix1_847759065 = 15137
	fix1_961570560 = 16069
	fix2_053119869 = 16819
	fix2_172734803 = 17799
	fix2_562915447 = 20995
	fix3_072711026 = 25172
	fix3_624509785 = 29692
)

// sample brings a value, centred on 0, into 0 to 255.
func sample(v int32) uint8 {
	v += 128
	if uint32(v) > 255 {
		v = ^v >> 31 & 255
	}
	return uint8(v)
}

// single is the sample of a block that becomes one, from its dequantized DC coefficient.
func single(dc int32) uint8 { return sample((dc + 4) >> 3) }

// inverse writes the size x size samples of the block b, dequantized coefficients in rows of 8 of which none lies beyond last in zigzag order, to
// pix, and empties b.
func inverse(b *[64]int16, last, size int, pix []byte, stride int) {
	if last == 0 {
		v := uint64(single(int32(b[0]))) * 0x0101010101010101
		b[0] = 0
		switch size {
		case 8:
			for y := range 8 {
				binary.LittleEndian.PutUint64(pix[y*stride:], v)
			}
		case 4:
			for y := range 4 {
				binary.LittleEndian.PutUint32(pix[y*stride:], uint32(v))
			}
		case 2:
			binary.LittleEndian.PutUint16(pix, uint16(v))
			binary.LittleEndian.PutUint16(pix[stride:], uint16(v))
		default:
			pix[0] = uint8(v)
		}
		return
	}
	switch size {
	case 8:
		inverse8(b, last, pix, stride)
	case 4:
		inverse4(b, last, pix, stride)
	case 2:
		inverse2(b, pix, stride)
	default:
		pix[0] = single(int32(b[0]))
	}
	*b = [64]int16{}
}

// odd8 is the odd half of a transform of 8.
func odd8(i1, i3, i5, i7 int32) (o0, o1, o2, o3 int32) {
	z1, z2, z3, z4 := i7+i1, i5+i3, i7+i3, i5+i1
	z5 := (z3 + z4) * fix1_175875602
	z1 *= -fix0_899976223
	z2 *= -fix2_562915447
	z3 = z3*-fix1_961570560 + z5
	z4 = z4*-fix0_390180644 + z5
	return i7*fix0_298631336 + z1 + z3, i5*fix2_053119869 + z2 + z4, i3*fix3_072711026 + z2 + z3, i1*fix1_501321110 + z1 + z4
}

// lowest is the last place in zigzag order that lies within the upper left 4x4 with all before it.
const lowest = 9

func inverse8(b *[64]int16, last int, pix []byte, stride int) {
	var w [64]int32
	columns := 8
	if last <= lowest {
		columns = 4
	}
	const half = 1 << (constBits - passBits - 1)
	for x := range columns {
		c0, c1, c2, c3 := int32(b[x&7]), int32(b[x&7+8]), int32(b[x&7+16]), int32(b[x&7+24])
		c4, c5, c6, c7 := int32(b[x&7+32]), int32(b[x&7+40]), int32(b[x&7+48]), int32(b[x&7+56])
		if c1|c2|c3|c4|c5|c6|c7 == 0 {
			v := c0 << passBits
			for y := range 8 {
				w[y*8+x&7] = v
			}
			continue
		}
		z1 := (c2 + c6) * fix0_541196100
		e2, e3 := z1-c6*fix1_847759065, z1+c2*fix0_765366865
		e0, e1 := (c0+c4)<<constBits+half, (c0-c4)<<constBits+half
		a0, a3, a1, a2 := e0+e3, e0-e3, e1+e2, e1-e2
		o0, o1, o2, o3 := odd8(c1, c3, c5, c7)
		const shift = constBits - passBits
		w[x&7], w[x&7+56] = (a0+o3)>>shift, (a0-o3)>>shift
		w[x&7+8], w[x&7+48] = (a1+o2)>>shift, (a1-o2)>>shift
		w[x&7+16], w[x&7+40] = (a2+o1)>>shift, (a2-o1)>>shift
		w[x&7+24], w[x&7+32] = (a3+o0)>>shift, (a3-o0)>>shift
	}
	if columns == 4 {
		rows4(&w, pix, stride)
		return
	}
	for y := range 8 {
		r := (*[8]int32)(w[y*8:])
		out := (*[8]uint8)(pix[y*stride:])
		const shift, half = constBits + passBits + 3, 1 << (constBits + passBits + 2)
		z1 := (r[2] + r[6]) * fix0_541196100
		e2, e3 := z1-r[6]*fix1_847759065, z1+r[2]*fix0_765366865
		e0, e1 := (r[0]+r[4])<<constBits+half, (r[0]-r[4])<<constBits+half
		a0, a3, a1, a2 := e0+e3, e0-e3, e1+e2, e1-e2
		o0, o1, o2, o3 := odd8(r[1], r[3], r[5], r[7])
		out[0], out[7] = sample((a0+o3)>>shift), sample((a0-o3)>>shift)
		out[1], out[6] = sample((a1+o2)>>shift), sample((a1-o2)>>shift)
		out[2], out[5] = sample((a2+o1)>>shift), sample((a2-o1)>>shift)
		out[3], out[4] = sample((a3+o0)>>shift), sample((a3-o0)>>shift)
	}
}

// rows4 is the second pass of inverse8 where the columns from 4 on are zero.
func rows4(w *[64]int32, pix []byte, stride int) {
	for y := range 8 {
		r := (*[8]int32)(w[y*8:])
		out := (*[8]uint8)(pix[y*stride:])
		const shift, half = constBits + passBits + 3, 1 << (constBits + passBits + 2)
		r1, r2, r3 := r[1], r[2], r[3]
		e2, e3 := r2*fix0_541196100, r2*(fix0_541196100+fix0_765366865)
		e0 := r[0]<<constBits + half
		a0, a3, a1, a2 := e0+e3, e0-e3, e0+e2, e0-e2
		z5 := (r3 + r1) * fix1_175875602
		z3, z4 := z5-r3*fix1_961570560, z5-r1*fix0_390180644
		o0, o1 := z3-r1*fix0_899976223, z4-r3*fix2_562915447
		o2, o3 := r3*(fix3_072711026-fix2_562915447)+z3, r1*(fix1_501321110-fix0_899976223)+z4
		out[0], out[7] = sample((a0+o3)>>shift), sample((a0-o3)>>shift)
		out[1], out[6] = sample((a1+o2)>>shift), sample((a1-o2)>>shift)
		out[2], out[5] = sample((a2+o1)>>shift), sample((a2-o1)>>shift)
		out[3], out[4] = sample((a3+o0)>>shift), sample((a3-o0)>>shift)
	}
}

func inverse4(b *[64]int16, last int, pix []byte, stride int) {
	if last <= lowest {
		inverse4of4(b, pix, stride)
		return
	}
	var w [32]int32 // 4 rows of 8
	for x := range 8 {
		if x == 4 {
			continue // not looked at by the second pass
		}
		c0, c1, c2, c3 := int32(b[x]), int32(b[x+8]), int32(b[x+16]), int32(b[x+24])
		c5, c6, c7 := int32(b[x+40]), int32(b[x+48]), int32(b[x+56])
		if c1|c2|c3|c5|c6|c7 == 0 {
			v := c0 << passBits
			w[x], w[x+8], w[x+16], w[x+24] = v, v, v, v
			continue
		}
		const shift = constBits - passBits + 1
		e0 := c0<<(constBits+1) + 1<<(shift-1)
		e2 := c2*fix1_847759065 - c6*fix0_765366865
		a0, a2 := e0+e2, e0-e2
		o0, o2 := odd4(c1, c3, c5, c7)
		w[x], w[x+24] = (a0+o2)>>shift, (a0-o2)>>shift
		w[x+8], w[x+16] = (a2+o0)>>shift, (a2-o0)>>shift
	}
	for y := range 4 {
		r := (*[8]int32)(w[y*8:])
		out := (*[4]uint8)(pix[y*stride:])
		const shift = constBits + passBits + 3 + 1
		e0 := r[0]<<(constBits+1) + 1<<(shift-1)
		e2 := r[2]*fix1_847759065 - r[6]*fix0_765366865
		a0, a2 := e0+e2, e0-e2
		o0, o2 := odd4(r[1], r[3], r[5], r[7])
		out[0], out[3] = sample((a0+o2)>>shift), sample((a0-o2)>>shift)
		out[1], out[2] = sample((a2+o0)>>shift), sample((a2-o0)>>shift)
	}
}

// inverse4of4 is inverse4 for a block of which only the upper left 4x4 is not zero.
func inverse4of4(b *[64]int16, pix []byte, stride int) {
	const shift1, shift2 = constBits - passBits + 1, constBits + passBits + 3 + 1
	var w [16]int32
	for x := range 4 {
		c0, c1, c2, c3 := int32(b[x]), int32(b[x+8]), int32(b[x+16]), int32(b[x+24])
		e0 := c0<<(constBits+1) + 1<<(shift1-1)
		e2 := c2 * fix1_847759065
		a0, a2 := e0+e2, e0-e2
		o0, o2 := c3*-fix2_172734803+c1*fix1_061594337, c3*fix0_899976223+c1*fix2_562915447
		w[x], w[x+12] = (a0+o2)>>shift1, (a0-o2)>>shift1
		w[x+4], w[x+8] = (a2+o0)>>shift1, (a2-o0)>>shift1
	}
	for y := range 4 {
		r := (*[4]int32)(w[y*4:])
		e0 := r[0]<<(constBits+1) + 1<<(shift2-1)
		e2 := r[2] * fix1_847759065
		a0, a2 := e0+e2, e0-e2
		o0, o2 := r[3]*-fix2_172734803+r[1]*fix1_061594337, r[3]*fix0_899976223+r[1]*fix2_562915447
		out := (*[4]uint8)(pix[y*stride:])
		out[0], out[3] = sample((a0+o2)>>shift2), sample((a0-o2)>>shift2)
		out[1], out[2] = sample((a2+o0)>>shift2), sample((a2-o0)>>shift2)
	}
}

// odd4 is the odd half of a transform of 8 to 4.
func odd4(i1, i3, i5, i7 int32) (o0, o2 int32) {
	return i7*-fix0_211164243 + i5*fix1_451774981 + i3*-fix2_172734803 + i1*fix1_061594337,
		i7*-fix0_509795579 + i5*-fix0_601344887 + i3*fix0_899976223 + i1*fix2_562915447
}

func inverse2(b *[64]int16, pix []byte, stride int) {
	const shift1, shift2 = constBits - passBits + 2, constBits + passBits + 3 + 2
	var w [2][8]int32
	for _, x := range [...]int{0, 1, 3, 5, 7} {
		e := int32(b[x])<<(constBits+2) + 1<<(shift1-1)
		o := odd2(int32(b[x+8]), int32(b[x+24]), int32(b[x+40]), int32(b[x+56]))
		w[0][x], w[1][x] = (e+o)>>shift1, (e-o)>>shift1
	}
	for y := range 2 {
		r := &w[y]
		e := r[0]<<(constBits+2) + 1<<(shift2-1)
		o := odd2(r[1], r[3], r[5], r[7])
		out := (*[2]uint8)(pix[y*stride:])
		out[0], out[1] = sample((e+o)>>shift2), sample((e-o)>>shift2)
	}
}

// odd2 is the odd half of a transform of 8 to 2.
func odd2(i1, i3, i5, i7 int32) int32 {
	return i7*-fix0_720959822 + i5*fix0_850430095 + i3*-fix1_272758580 + i1*fix3_624509785
}
