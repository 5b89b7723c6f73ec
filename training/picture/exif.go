package picture

import (
	"encoding/binary"
	"io"
)

// EXIF data is a small TIFF file; of its first directory one entry matters.
// A damaged or odd directory never spoils a picture: its orientation is then 1.
const (
	tagOrientation = 0x0112
	typeShort      = 3
	typeLong       = 4
)

// orientationOf returns the orientation (1 to 8) that the TIFF structure at
// the beginning of r, size bytes long, names; 1 where it names none.
func orientationOf(r io.ReaderAt, size int64) int {
	var head [8]byte
	if size < 14 || !readAt(r, head[:], 0) {
		return 1
	}
	var order binary.ByteOrder
	switch string(head[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	offset := int64(order.Uint32(head[4:]))
	var count [2]byte
	if offset < 8 || offset > size-2 || !readAt(r, count[:], offset) {
		return 1
	}
	n := int64(order.Uint16(count[:]))
	if n == 0 || offset+2+12*n > size {
		n = (size - offset - 2) / 12 // a cut directory: what is there counts
	}
	entries := make([]byte, 12*n)
	if !readAt(r, entries, offset+2) {
		return 1
	}
	for ; len(entries) >= 12; entries = entries[12:] {
		if order.Uint16(entries) != tagOrientation || order.Uint32(entries[4:]) != 1 {
			continue
		}
		value := uint32(0)
		switch order.Uint16(entries[2:]) {
		case typeShort:
			value = uint32(order.Uint16(entries[8:]))
		case typeLong:
			value = order.Uint32(entries[8:])
		}
		if value >= 1 && value <= 8 {
			return int(value)
		}
		return 1
	}
	return 1
}

func readAt(r io.ReaderAt, p []byte, offset int64) bool {
	n, _ := r.ReadAt(p, offset)
	return n == len(p)
}
