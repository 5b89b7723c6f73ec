package jpeg

import (
	"bytes"
	"encoding/binary"
)

// zigzag leads from the order of coding to rows of 8.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// scan is the coefficients (or some bits of some of them) that one scan holds of some components.
type scan struct {
	*decoder
	components      []*component
	first, last     int // the range of coefficients, in zigzag order
	high, low       uint
	run             int // blocks that still end where this band began (progressive)
	unitsX, unitsY  int
	untilRestart    int
	expectedRestart uint8
	skip            bool // nothing in it is needed at this scale
}

func (d *decoder) scan(body []byte) error {
	if d.components == nil {
		return errDamaged
	}
	if d.scans++; d.scans > maxScans {
		return ErrTooLarge
	}
	n := 0
	if len(body) > 0 {
		n = int(body[0])
	}
	if n < 1 || n > len(d.components) || len(body) != 4+2*n {
		return errDamaged
	}
	s := scan{decoder: d, first: int(body[1+2*n]), last: int(body[2+2*n]), high: uint(body[3+2*n] >> 4), low: uint(body[3+2*n] & 15)}
	if !d.progressive {
		s.first, s.last, s.high, s.low = 0, 63, 0, 0
	} else if s.first > s.last || s.last > 63 || s.first == 0 && s.last != 0 || s.first > 0 && n != 1 || s.low > 13 || s.high != 0 && s.high != s.low+1 {
		return errDamaged
	}
	blocks := 0
	for i := range n {
		var c *component
		for k := range d.components {
			if d.components[k].id == body[1+2*i] {
				c = &d.components[k]
			}
		}
		dc, ac := body[2+2*i]>>4, body[2+2*i]&15
		if c == nil || dc > 3 || ac > 3 {
			return errDamaged
		}
		for _, other := range s.components {
			if other == c {
				return errDamaged
			}
		}
		c.dcTable, c.acTable = &d.dcTables[dc], &d.acTables[ac]
		if s.first == 0 && s.high == 0 && !c.dcTable.defined || s.last > 0 && !c.acTable.defined || !d.quantDefined[c.quant] {
			return errDamaged
		}
		blocks += c.h * c.v
		s.components = append(s.components, c)
		if s.first == 0 {
			c.seen = true
		}
	}
	if n > 1 && blocks > 10 {
		return errDamaged
	}
	s.skip = d.progressive && s.first > 0 && s.components[0].size == 1
	c := s.components[0]
	if n == 1 {
		s.unitsX, s.unitsY = c.width, c.height
	} else {
		s.unitsX, s.unitsY = c.across/c.h, c.down/c.v
	}
	if s.skip {
		s.skipToEnd()
		return nil
	}
	return s.read()
}

// skipToEnd goes to the end of the scan without decoding it.
func (s *scan) skipToEnd() {
	for {
		i := bytes.IndexByte(s.data[s.at:], 0xff)
		if i < 0 || s.at+i+1 >= len(s.data) {
			s.at = len(s.data)
			return
		}
		s.at += i
		if m := s.data[s.at+1]; m != 0 && m != 0xff && (m < rst0 || m > rst7) {
			return
		}
		s.at++
	}
}

// begin takes the coded data up to the next marker and forgets what came before.
func (s *scan) begin() {
	s.at += s.bits.load(s.data[s.at:])
	s.untilRestart = s.interval
	s.run = 0
	for _, c := range s.components {
		c.dc = 0
	}
}

// restart reads the marker between two parts of a scan.
func (s *scan) restart() error {
	for s.at+2 < len(s.data) && s.data[s.at+1] == 0xff { // fill bytes
		s.at++
	}
	if s.at+2 > len(s.data) || s.data[s.at] != 0xff || s.data[s.at+1] != rst0+s.expectedRestart {
		return errDamaged
	}
	s.at += 2
	s.expectedRestart = (s.expectedRestart + 1) & 7
	s.begin()
	return nil
}

// read decodes the scan, unit by unit.
func (s *scan) read() error {
	s.begin()
	var block [64]int16
	single := len(s.components) == 1
	for y := range s.unitsY {
		for x := range s.unitsX {
			if s.interval > 0 {
				if s.untilRestart == 0 {
					if err := s.restart(); err != nil {
						return err
					}
				}
				s.untilRestart--
			}
			for _, c := range s.components {
				h, v := c.h, c.v
				if single {
					h, v = 1, 1
				}
				for j := range v {
					for i := range h {
						if err := s.block(c, x*h+i, y*v+j, &block); err != nil {
							return err
						}
					}
				}
			}
			if s.bits.overrun() {
				return errShort
			}
		}
	}
	return nil
}

// block decodes the block at column x and row y of blocks; room is empty and left so.
func (s *scan) block(c *component, x, y int, room *[64]int16) error {
	if s.progressive {
		at := (y*c.across + x) * c.per
		b := c.coefficients[at : at+c.per]
		switch {
		case s.first == 0 && s.high == 0:
			return s.firstDC(c, b)
		case s.first == 0:
			b[0] |= int16(s.bits.take(1) << s.low)
			return nil
		case s.high == 0:
			return s.firstAC(c, (*[64]int16)(b))
		}
		return s.refineAC(c, (*[64]int16)(b))
	}
	dc, err := s.difference(c)
	if err != nil {
		return err
	}
	q := &s.quants[c.quant]
	to := c.pix[y*c.size*c.stride+x*c.size:]
	if c.size == 1 {
		to[0] = single(dc * q[0])
		return s.skipAC(c.acTable)
	}
	room[0] = int16(dc * q[0])
	last, err := s.ac(c.acTable, q, room)
	if err != nil {
		return err
	}
	inverse(room, last, c.size, to, c.stride)
	return nil
}

// difference reads a block's DC coefficient.
func (s *scan) difference(c *component) (int32, error) {
	b := &s.bits
	if b.n < 32 {
		b.fill()
	}
	e := c.dcTable.quick[b.acc>>(64-lookBits)]
	if e == 0 {
		if e = c.dcTable.slow(b.acc); e == 0 {
			return 0, errDamaged
		}
	}
	if e>>28 != 0 {
		return 0, errDamaged // more than 15 bits
	}
	c.dc += number(b.acc<<(e>>8&31), uint(e>>24&15))
	b.acc <<= e & 63
	b.n -= uint(e & 63)
	return c.dc, nil
}

// ac reads the other coefficients of a block into b, multiplied by q, and returns the last one's place in zigzag order.
func (s *scan) ac(t *table, q *[64]int32, b *[64]int16) (int, error) {
	buf, pos, acc, n := s.bits.buf, s.bits.pos, s.bits.acc, s.bits.n
	k, last := uint32(0), uint32(0)
	for {
		if n < 32 {
			if pos+8 <= len(buf) {
				acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
				pos += int((63 - n) >> 3)
			} else {
				pos = len(buf)
			}
			n |= 56
		}
		e := t.quick[acc>>(64-lookBits)]
		if e == 0 {
			if e = t.slow(acc); e == 0 {
				return 0, errDamaged
			}
		}
		v := number(acc<<(e>>8&31), uint(e>>24&15))
		acc <<= e & 63
		n -= uint(e & 63)
		k += e >> 16 & 0xff
		if k >= 63 {
			if k == 63 {
				b[63] = int16(v * q[63])
				last = k
			}
			break
		}
		b[zigzag[k&63]&63] = int16(v * q[k&63])
		last = k
	}
	s.bits.pos, s.bits.acc, s.bits.n = pos, acc, n
	return int(last), nil
}

// skipAC reads over the other coefficients of a block.
func (s *scan) skipAC(t *table) error {
	buf, pos, acc, n := s.bits.buf, s.bits.pos, s.bits.acc, s.bits.n
	for k := uint32(0); k < 63; {
		if n < 32 {
			if pos+8 <= len(buf) {
				acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
				pos += int((63 - n) >> 3)
			} else {
				pos = len(buf)
			}
			n |= 56
		}
		e := t.quick[acc>>(64-lookBits)]
		if e == 0 {
			if e = t.slow(acc); e == 0 {
				return errDamaged
			}
		}
		acc <<= e & 63
		n -= uint(e & 63)
		k += e >> 16 & 0xff
	}
	s.bits.pos, s.bits.acc, s.bits.n = pos, acc, n
	return nil
}
