package picture

import (
	"encoding/binary"
	"image"
	"io"
)

// turnFax turns black and white of a TIFF that is compressed as a fax (CCITT
// Group 3 or 4) and whose zero is black: there the code's white runs mean
// black (TIFF 6.0, section 10), which the decoder leaves as they are.
func turnFax(img image.Image, r io.ReaderAt) {
	grey, ok := img.(*image.Gray)
	if !ok {
		return
	}
	const compression, photometric, group3, group4, blackIsZero = 259, 262, 3, 4, 1
	if c := firstField(r, compression); c != group3 && c != group4 || firstField(r, photometric) != blackIsZero {
		return
	}
	for i, v := range grey.Pix {
		grey.Pix[i] = 255 - v
	}
}

// firstField is the value of a field of short numbers in a TIFF's first
// directory; 0 where there is none.
func firstField(r io.ReaderAt, tag uint16) uint16 {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(head[4:]))
	var count [2]byte
	if _, err := r.ReadAt(count[:], at); err != nil {
		return 0
	}
	fields := make([]byte, 12*int(order.Uint16(count[:])))
	if _, err := r.ReadAt(fields, at+2); err != nil {
		return 0
	}
	for f := fields; len(f) > 0; f = f[12:] {
		if order.Uint16(f) == tag {
			return order.Uint16(f[8:])
		}
	}
	return 0
}
