package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"io"

	"golang.org/x/image/webp"
)

// webpFile is where a WebP's first frame lies. Alpha is not looked for, since
// it is dropped.
type webpFile struct {
	header
	kind         string // "VP8 " or "VP8L"
	offset, size int64  // of the frame's bytes
	x, y         int    // of the frame on the canvas (animations)
	frameWidth   int
	frameHeight  int
}

// webpHeader walks the chunks of a RIFF file (RFC 9649).
func webpHeader(r io.ReaderAt, size int64) (webpFile, error) {
	f := webpFile{header: header{orientation: 1}}
	const maxChunks = 1 << 12
	var b [30]byte
	canvas := false
	for offset, n := int64(12), 0; n < maxChunks && readAt(r, b[:8], offset); n++ {
		kind, length := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		body := offset + 8
		switch kind {
		case "VP8X":
			if length < 10 || !readAt(r, b[:10], body) {
				return f, fail(ErrBroken, "is damaged: its size is missing", nil)
			}
			f.width, f.height, canvas = 1+uint24(b[4:]), 1+uint24(b[7:]), true
		case "VP8 ", "VP8L":
			if f.kind == "" {
				if err := f.frame(r, kind, body, min(length, size-body)); err != nil {
					return f, err
				}
			}
		case "ANMF":
			if f.kind == "" {
				if length < 24 || !readAt(r, b[:16], body) {
					return f, fail(ErrBroken, "is damaged: its first frame is cut", nil)
				}
				f.x, f.y = 2*uint24(b[0:]), 2*uint24(b[3:])
				if err := f.animationFrame(r, body+16, min(body+length, size)); err != nil {
					return f, err
				}
			}
		case "EXIF":
			n := min(length, size-body)
			if n > 6 && readAt(r, b[:6], body) && string(b[:6]) == "Exif\x00\x00" {
				body, n = body+6, n-6
			}
			f.orientation = orientationOf(io.NewSectionReader(r, body, n), n)
		}
		offset += 8 + length + length&1
	}
	if f.kind == "" {
		return f, fail(ErrBroken, "is damaged: no picture was found in it", nil)
	}
	if !canvas {
		f.width, f.height = f.frameWidth, f.frameHeight
	}
	if f.x+f.frameWidth > f.width || f.y+f.frameHeight > f.height {
		return f, fail(ErrBroken, "is damaged: its frame is larger than its picture", nil)
	}
	return f, nil
}

// animationFrame finds the picture among the chunks of an animation's frame.
func (f *webpFile) animationFrame(r io.ReaderAt, offset, end int64) error {
	var b [8]byte
	for n := 0; n < 16 && offset+8 <= end && readAt(r, b[:], offset); n++ {
		kind, length := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		if kind == "VP8 " || kind == "VP8L" {
			return f.frame(r, kind, offset+8, min(length, end-offset-8))
		}
		offset += 8 + length + length&1
	}
	return fail(ErrBroken, "is damaged: its first frame is empty", nil)
}

// frame reads the size from the first bytes of a coded frame.
func (f *webpFile) frame(r io.ReaderAt, kind string, offset, size int64) error {
	var b [10]byte
	n := 10
	if kind == "VP8L" {
		n = 5
	}
	if size < int64(n) || !readAt(r, b[:n], offset) {
		return fail(ErrBroken, "is damaged: it ends before the picture begins", io.ErrUnexpectedEOF)
	}
	f.kind, f.offset, f.size = kind, offset, size
	if kind == "VP8L" {
		bits := binary.LittleEndian.Uint32(b[1:])
		f.frameWidth, f.frameHeight = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
		return nil
	}
	f.frameWidth = int(binary.LittleEndian.Uint16(b[6:])) & 0x3fff
	f.frameHeight = int(binary.LittleEndian.Uint16(b[8:])) & 0x3fff
	return nil
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// limitedYCbCr marks samples of BT.601's limited range, as VP8 has them.
type limitedYCbCr struct{ *image.YCbCr }

// decodeWebP decodes the first frame out of a file made of it alone.
func decodeWebP(data []byte, f webpFile) (image.Image, error) {
	body := data[f.offset : f.offset+f.size]
	var head [20]byte
	copy(head[:], "RIFF")
	binary.LittleEndian.PutUint32(head[4:], uint32(12+len(body)+len(body)&1))
	copy(head[8:], "WEBP"+f.kind)
	binary.LittleEndian.PutUint32(head[16:], uint32(len(body)))
	pad := make([]byte, len(body)&1)
	img, err := webp.Decode(io.MultiReader(bytes.NewReader(head[:]), bytes.NewReader(body), bytes.NewReader(pad)))
	if err != nil {
		return nil, err
	}
	if ycc, ok := img.(*image.YCbCr); ok {
		img = limitedYCbCr{ycc}
	}
	if f.frameWidth == f.width && f.frameHeight == f.height {
		return img, nil
	}
	canvas := image.NewRGBA(image.Rect(0, 0, f.width, f.height))
	draw.Draw(canvas, image.Rect(f.x, f.y, f.x+f.frameWidth, f.y+f.frameHeight), toRGB(img), image.Point{}, draw.Src)
	return canvas, nil
}
