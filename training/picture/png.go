package picture

import (
	"encoding/binary"
	"io"
)

// pngHeader reads a PNG's first chunk and looks for an eXIf chunk, which may
// stand anywhere.
func pngHeader(r io.ReaderAt, size int64) (header, error) {
	h := header{orientation: 1}
	var b [24]byte
	if !readAt(r, b[:], 0) || string(b[12:16]) != "IHDR" {
		return h, fail(ErrBroken, "is damaged: it ends before the picture begins", io.ErrUnexpectedEOF)
	}
	w, ht := binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:])
	if w > 1<<31-1 || ht > 1<<31-1 {
		return h, fail(ErrBroken, "is damaged: its size cannot be right", nil)
	}
	h.width, h.height = int(w), int(ht)
	const maxChunks = 1 << 14
	for offset, n := int64(8), 0; n < maxChunks && readAt(r, b[:8], offset); n++ {
		length := int64(binary.BigEndian.Uint32(b[:]))
		switch string(b[4:8]) {
		case "eXIf":
			length = min(length, size-offset-8)
			h.orientation = orientationOf(io.NewSectionReader(r, offset+8, length), length)
			return h, nil
		case "IEND":
			return h, nil
		}
		offset += 12 + length
	}
	return h, nil
}
