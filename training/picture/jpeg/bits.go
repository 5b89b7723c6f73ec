package jpeg

import (
	"bytes"
	"encoding/binary"
)

// padding is how many zero bytes follow the data of a segment: more than the longest block can take (64 codes of 32 bits), so that
// the end is looked for once a block.
const padding = 320

// bits reads the coded data between two markers. The next bit is the highest of acc; n of its bits are read and not used up.
type bits struct {
	buf []byte // without the stuffed zero bytes; end bytes of data, then padding
	end int
	pos int // the next byte to be read
	acc uint64
	n   uint
}

// load takes the coded data at the beginning of data, up to the first marker, and returns how long it was there.
func (b *bits) load(data []byte) int {
	b.buf = b.buf[:0]
	at := 0
	for {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 {
			b.buf = append(b.buf, data[at:]...)
			at = len(data)
			break
		}
		if at+i+1 < len(data) && data[at+i+1] == 0 {
			b.buf = append(b.buf, data[at:at+i+1]...)
			at += i + 2
			continue
		}
		b.buf = append(b.buf, data[at:at+i]...)
		at += i
		break
	}
	b.end = len(b.buf)
	b.buf = append(b.buf, make([]byte, padding)...)
	b.pos, b.acc, b.n = 0, 0, 0
	return at
}

// fill brings n to 56 at least; beyond the end there are zeros.
func (b *bits) fill() {
	if b.pos+8 > len(b.buf) {
		b.n |= 56 // far beyond the end; overrun reports it
		b.pos = len(b.buf)
		return
	}
	b.acc |= binary.BigEndian.Uint64(b.buf[b.pos:]) >> b.n
	b.pos += int((63 - b.n) >> 3)
	b.n |= 56
}

// overrun reports whether more bits were used than there are.
func (b *bits) overrun() bool { return b.pos-int(b.n>>3) > b.end }

// take reads size bits, 0 to 16.
func (b *bits) take(size uint) uint32 {
	if b.n < size {
		b.fill()
	}
	v := uint32(b.acc >> 1 >> (63 - size))
	b.acc <<= size
	b.n -= size
	return v
}

// number reads the number of size bits, 0 to 15.
func (b *bits) number(size uint) int32 {
	if b.n < size {
		b.fill()
	}
	v := number(b.acc, size)
	b.acc <<= size
	b.n -= size
	return v
}
