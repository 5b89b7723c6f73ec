package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	reduced "viewfinder/training/picture/jpeg"
)

// header is what a format's headers state, before orientation is applied.
type header struct {
	width, height, orientation int
	components                 int  // JPEG: 1, 3 or 4
	adobe                      bool // JPEG: has Adobe's segment
}

// jpegHeader walks a JPEG's segments up to the start of the first frame.
func jpegHeader(r io.ReaderAt, size int64) (header, error) {
	h := header{orientation: 1}
	var b [18]byte
	for offset, skipped := int64(2), 0; ; {
		if !readAt(r, b[:2], offset) {
			return h, fail(ErrBroken, "is damaged: it ends before the picture begins", io.ErrUnexpectedEOF)
		}
		marker := b[1]
		switch {
		case b[0] != 0xff || marker == 0: // stray bytes; decoders are lenient here
			offset++
			if skipped++; skipped > 1<<16 {
				return h, fail(ErrBroken, "is damaged: no picture was found in it", nil)
			}
			continue
		case marker == 0xff: // fill byte
			offset++
			continue
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7:
			offset += 2
			continue
		case marker == 0xd9 || marker == 0xda:
			return h, fail(ErrBroken, "is damaged: no picture was found in it", nil)
		}
		if !readAt(r, b[:2], offset+2) {
			return h, fail(ErrBroken, "is damaged: it ends before the picture begins", io.ErrUnexpectedEOF)
		}
		length := int64(binary.BigEndian.Uint16(b[:]))
		body := offset + 4
		switch {
		case length < 2:
			return h, fail(ErrBroken, "is damaged: a segment has no length", nil)
		case marker == 0xe1 && h.orientation == 1 && length > 8 && readAt(r, b[:6], body) && string(b[:6]) == "Exif\x00\x00":
			n := min(length-8, size-body-6)
			h.orientation = orientationOf(io.NewSectionReader(r, body+6, n), n)
		case marker == 0xee && length >= 14 && readAt(r, b[:5], body) && string(b[:5]) == "Adobe":
			h.adobe = true
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if length < 8 || !readAt(r, b[:6], body) {
				return h, fail(ErrBroken, "is damaged: the picture's size is missing", nil)
			}
			if marker > 0xc2 {
				return h, fail(ErrUnsupported, "is a JPEG of a rare kind (lossless or arithmetic coding), which is not read here; save it again as an ordinary JPEG", nil)
			}
			if b[0] != 8 {
				return h, fail(ErrUnsupported, fmt.Sprintf("is a JPEG with %d bits a sample, which is not read here; save it as PNG", b[0]), nil)
			}
			h.height, h.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
			h.components = int(b[5])
			return h, nil
		}
		offset += 2 + length
	}
}

// countScans counts the start-of-scan markers. Within coded data an 0xff is
// always followed by a zero or a marker, so they cannot be mistaken there.
func countScans(data []byte) int {
	n := 0
	for {
		i := bytes.IndexByte(data, 0xff)
		if i < 0 || i+1 >= len(data) {
			return n
		}
		if data[i+1] == 0xda {
			n++
		}
		data = data[i+1:]
	}
}

// adobeSegment marks the components as CMYK, stored inverted.
var adobeSegment = []byte{0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}

// endOfImage is put behind every file: some cameras leave it out, and a
// decoder takes no notice of what follows the first one.
var endOfImage = []byte{0xff, 0xd9}

// decodeJPEG decodes at 1/scale of the size (1, 2, 4 or 8). What the fast decoder does not read, the patient one reads at full size or
// returns the reason why not.
func decodeJPEG(data []byte, h header, scale int) (image.Image, error) {
	if img, err := reduced.Decode(data, scale, int64(h.width)*int64(h.height)); err == nil {
		return img, nil
	}
	return patientJPEG(data, h)
}

// patientJPEG decodes at full size with Go's own decoder.
func patientJPEG(data []byte, h header) (image.Image, error) {
	if countScans(data) > maxScans {
		return nil, fail(ErrTooLarge, fmt.Sprintf("has more than %d scans, as no ordinary JPEG has", maxScans), nil)
	}
	whole := io.MultiReader(bytes.NewReader(data), bytes.NewReader(endOfImage))
	if h.components == 4 && !h.adobe {
		// CMYK not written by Adobe's programs is not inverted: let the decoder
		// take it for Adobe's and turn it back.
		whole = io.MultiReader(bytes.NewReader(data[:2]), bytes.NewReader(adobeSegment), bytes.NewReader(data[2:]), bytes.NewReader(endOfImage))
		img, err := jpeg.Decode(whole)
		if cmyk, ok := img.(*image.CMYK); ok && err == nil {
			for i, v := range cmyk.Pix {
				cmyk.Pix[i] = 255 - v
			}
		}
		return img, jpegError(data, err)
	}
	img, err := jpeg.Decode(whole)
	return img, jpegError(data, err)
}

func jpegError(data []byte, err error) error {
	var format jpeg.FormatError
	if errors.As(err, &format) && !bytes.HasSuffix(data, endOfImage) {
		return fmt.Errorf("%w (%v)", io.ErrUnexpectedEOF, err)
	}
	var unsupported jpeg.UnsupportedError
	if errors.As(err, &unsupported) {
		return fail(ErrUnsupported, "is a JPEG of a rare kind ("+string(unsupported)+"), which is not read here; save it again as an ordinary JPEG", err)
	}
	return err
}
