package jpeg

// lookBits is how many bits of a code are looked up at once; longer codes are rare.
const lookBits = 12

// table is a Huffman table.
type table struct {
	// quick has for each beginning of lookBits bits its entry. Zero is a longer code, or none.
	quick   [1 << lookBits]uint32
	max     [18]int32 // the highest code of each length, -1 where there is none
	offset  [17]int32 // from a code of that length to its place in symbols
	symbols [256]uint8
	defined bool
}

// entry describes a code: in the lowest byte how many bits the code and its number take, above it the bits of the code alone, then
// how many coefficients to go on, the number's own among them (64 for the end of the block), then the symbol, whose lower half is the
// number's size.
func entry(length uint, symbol uint8) uint32 {
	run, size := uint32(symbol>>4), uint32(symbol&15)
	step := run + 1
	if size == 0 && run < 15 {
		step = 64
	}
	return uint32(length) + size | uint32(length)<<8 | step<<16 | uint32(symbol)<<24
}

// number is what the size bits at the top of acc stand for (ITU-T T.81, F.12): where the first of them is 0, the inverse of all of
// them, negative.
func number(acc uint64, size uint) int32 {
	negative := ^uint64(int64(acc) >> 63)
	return int32((acc^negative)>>1>>(63-size)^negative) - int32(negative)
}

// define builds the table of counts codes of each length, 1 to 16.
func (t *table) define(counts []uint8, symbols []uint8) error {
	clear(t.quick[:])
	copy(t.symbols[:], symbols)
	code, at := int32(0), 0
	for length := 1; length <= 16; length++ {
		n := int(counts[length-1])
		t.offset[length] = int32(at) - code
		t.max[length] = -1
		for range n {
			if code >= 1<<length {
				return errDamaged
			}
			if length <= lookBits {
				e := entry(uint(length), symbols[at])
				first := int(code) << (lookBits - length)
				for i := range 1 << (lookBits - length) {
					t.quick[first+i] = e
				}
			}
			t.max[length] = code
			code++
			at++
		}
		code <<= 1
	}
	t.defined = true
	return nil
}

// slow finds the entry of a code longer than lookBits at the top of acc; zero if there is none.
func (t *table) slow(acc uint64) uint32 {
	for length := lookBits + 1; length <= 16; length++ {
		code := int32(acc >> (64 - length))
		if t.max[length] >= code {
			return entry(uint(length), t.symbols[uint8(code+t.offset[length])])
		}
	}
	return 0
}

// symbol reads one code.
func (t *table) symbol(b *bits) (uint8, error) {
	if b.n < 16 {
		b.fill()
	}
	e := t.quick[b.acc>>(64-lookBits)]
	if e == 0 {
		if e = t.slow(b.acc); e == 0 {
			return 0, errDamaged
		}
	}
	length := uint(e >> 8 & 31)
	b.acc <<= length
	b.n -= length
	return uint8(e >> 24), nil
}
