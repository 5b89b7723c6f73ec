package jpeg

import (
	"encoding/binary"
	"errors"
	"image"
)

// What Decode's errors are, for errors.Is.
var (
	// ErrUnsupported is a kind of JPEG that is not read here.
	ErrUnsupported = errors.New("a JPEG of a kind that this decoder does not read")
	// ErrTooLarge is a picture above the given number of pixels, or one of more scans than any ordinary JPEG has.
	ErrTooLarge = errors.New("a JPEG beyond the limits")

	errDamaged = errors.New("a damaged JPEG")
	errShort   = errors.New("a JPEG that ends too early")
)

// maxScans bounds the work of a file of few bytes: each scan visits every block. Real files have about 10.
const maxScans = 200

// Reduced returns the width or height that a picture of n pixels has at 1/scale of its size.
func Reduced(n, scale int) int { return (n + scale - 1) / scale }

// Scale is the strongest reduction (8, 4, 2 or 1) at which a picture of w x h pixels is still at least wantW x wantH.
func Scale(w, h, wantW, wantH int) int {
	for scale := 8; scale > 1; scale /= 2 {
		if Reduced(w, scale) >= wantW && Reduced(h, scale) >= wantH {
			return scale
		}
	}
	return 1
}

// Decode decodes the file at 1/scale of its size; scale is 1, 2, 4 or 8, and maxPixels bounds the size that the file has unreduced.
// The result is an *image.Gray, an *image.YCbCr (full range, BT.601), an *image.RGBA (opaque) or an *image.CMYK (0 is no ink), its
// origin at (0,0), not turned by a camera's EXIF orientation.
func Decode(data []byte, scale int, maxPixels int64) (image.Image, error) {
	d := decoder{data: data, scale: scale, maxPixels: maxPixels}
	switch scale {
	case 1, 2, 4, 8:
	default:
		return nil, errors.New("a JPEG is decoded at 1/1, 1/2, 1/4 or 1/8 of its size")
	}
	if err := d.segments(); err != nil {
		return nil, err
	}
	return d.picture()
}

// component is one of a picture's planes.
type component struct {
	id     uint8
	h, v   int // sampling factors
	quant  uint8
	size   int // samples a block has each way at this scale: 1, 2, 4 or 8
	width  int // blocks that hold the plane
	height int
	across int // blocks with padding to whole units, as they are coded in scans of several components
	down   int

	stride int    // of pix
	pix    []byte // across*size x down*size samples

	coefficients []int16 // of a progressive picture: per block 64, or 1 where size is 1
	per          int     // 64 or 1
	seen         bool    // a scan had it
	dc           int32   // what the next difference adds to
	dcTable      *table  // of the scan that is read
	acTable      *table
}

type decoder struct {
	data      []byte
	at        int // in data
	scale     int
	maxPixels int64

	width, height int
	maxH, maxV    int
	components    []component
	progressive   bool
	quants        [4][64]int32 // in zigzag order
	quantDefined  [4]bool
	dcTables      [4]table
	acTables      [4]table
	interval      int // units between restart markers; 0 is none
	jfif          bool
	adobe         bool
	transform     uint8
	scans         int
	bits          bits
}

// markers
const (
	sof0, sof1, sof2 = 0xc0, 0xc1, 0xc2
	dht, dqt, dri    = 0xc4, 0xdb, 0xdd
	soi, eoi, sos    = 0xd8, 0xd9, 0xda
	app0, app14      = 0xe0, 0xee
	rst0, rst7       = 0xd0, 0xd7
	tem              = 0x01
)

// segments reads the whole file, up to the end of the image or of the data.
func (d *decoder) segments() error {
	if len(d.data) < 2 || d.data[0] != 0xff || d.data[1] != soi {
		return errDamaged
	}
	d.at = 2
	for {
		marker, ok := d.marker()
		if !ok || marker == eoi {
			break
		}
		if marker >= rst0 && marker <= rst7 || marker == tem {
			continue
		}
		if d.at+2 > len(d.data) {
			return errShort
		}
		length := int(binary.BigEndian.Uint16(d.data[d.at:]))
		if length < 2 || d.at+length > len(d.data) {
			return errShort
		}
		body := d.data[d.at+2 : d.at+length]
		d.at += length
		if err := d.segment(marker, body); err != nil {
			return err
		}
	}
	if d.components == nil {
		return errShort
	}
	for _, c := range d.components {
		if !c.seen {
			return errShort
		}
	}
	return nil
}

// marker finds the next marker and goes behind it.
func (d *decoder) marker() (uint8, bool) {
	for d.at+1 < len(d.data) {
		if d.data[d.at] == 0xff && d.data[d.at+1] != 0 && d.data[d.at+1] != 0xff {
			d.at += 2
			return d.data[d.at-1], true
		}
		d.at++
	}
	return 0, false
}

func (d *decoder) segment(marker uint8, body []byte) error {
	switch {
	case marker == sof0 || marker == sof1 || marker == sof2:
		return d.frame(marker, body)
	case marker == dht:
		return d.huffman(body)
	case marker == dqt:
		return d.quantization(body)
	case marker == dri:
		if len(body) != 2 {
			return errDamaged
		}
		d.interval = int(binary.BigEndian.Uint16(body))
	case marker == sos:
		return d.scan(body)
	case marker == app0:
		d.jfif = d.jfif || len(body) >= 5 && string(body[:5]) == "JFIF\x00"
	case marker == app14:
		if len(body) >= 12 && string(body[:5]) == "Adobe" {
			d.adobe, d.transform = true, body[11]
		}
	case marker >= 0xc0 && marker <= 0xcf: // lossless, hierarchical or arithmetic coding
		return ErrUnsupported
	case marker == 0xdc, marker == 0xde, marker == 0xdf: // a height that comes later; hierarchical
		return ErrUnsupported
	}
	return nil
}

func (d *decoder) quantization(body []byte) error {
	for len(body) > 0 {
		wide, at := body[0]>>4, body[0]&15
		if wide > 1 || at > 3 {
			return errDamaged
		}
		body = body[1:]
		if len(body) < 64*int(1+wide) {
			return errDamaged
		}
		for k := range 64 {
			if wide == 1 {
				d.quants[at][k] = int32(binary.BigEndian.Uint16(body[2*k:]))
			} else {
				d.quants[at][k] = int32(body[k])
			}
		}
		d.quantDefined[at] = true
		body = body[64*int(1+wide):]
	}
	return nil
}

func (d *decoder) huffman(body []byte) error {
	for len(body) > 0 {
		if len(body) < 17 {
			return errDamaged
		}
		class, at := body[0]>>4, body[0]&15
		n := 0
		for _, c := range body[1:17] {
			n += int(c)
		}
		if class > 1 || at > 3 || n == 0 || n > 256 || len(body) < 17+n {
			return errDamaged
		}
		t := &d.dcTables[at]
		if class == 1 {
			t = &d.acTables[at]
		}
		if err := t.define(body[1:17], body[17:17+n]); err != nil {
			return err
		}
		body = body[17+n:]
	}
	return nil
}

// frame reads what the picture is, and makes room for it.
func (d *decoder) frame(marker uint8, body []byte) error {
	if d.components != nil || len(body) < 6 {
		return errDamaged
	}
	if body[0] != 8 {
		return ErrUnsupported
	}
	d.progressive = marker == sof2
	d.height, d.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	n := int(body[5])
	switch {
	case d.width == 0 || d.height == 0:
		return ErrUnsupported // the height may come later
	case int64(d.width)*int64(d.height) > d.maxPixels:
		return ErrTooLarge
	case n != 1 && n != 3 && n != 4:
		return ErrUnsupported
	case len(body) != 6+3*n:
		return errDamaged
	}
	components := make([]component, n)
	for i := range components {
		b := body[6+3*i:]
		c := component{id: b[0], h: int(b[1] >> 4), v: int(b[1] & 15), quant: b[2]}
		for _, other := range components[:i] {
			if other.id == c.id {
				return errDamaged
			}
		}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return errDamaged
		}
		d.maxH, d.maxV = max(d.maxH, c.h), max(d.maxV, c.v)
		components[i] = c
	}
	if n == 1 { // its factors are without effect
		components[0].h, components[0].v, d.maxH, d.maxV = 1, 1, 1, 1
	}
	unitsX, unitsY := (d.width+8*d.maxH-1)/(8*d.maxH), (d.height+8*d.maxV-1)/(8*d.maxV)
	for i := range components {
		c := &components[i]
		if d.maxH%c.h != 0 || d.maxV%c.v != 0 {
			return ErrUnsupported
		}
		c.width = ((d.width*c.h+d.maxH-1)/d.maxH + 7) / 8
		c.height = ((d.height*c.v+d.maxV-1)/d.maxV + 7) / 8
		c.across, c.down = unitsX*c.h, unitsY*c.v
		// A plane of fewer samples is reduced less (jdmaster.c), which saves bringing it to full size.
		least := 8 / d.scale
		c.size = least
		for c.size < 8 && d.maxH*least%(2*c.size*c.h) == 0 && d.maxV*least%(2*c.size*c.v) == 0 {
			c.size *= 2
		}
		c.stride = c.across * c.size
		c.pix = make([]byte, c.stride*c.down*c.size)
		if d.progressive {
			c.per = 64
			if c.size == 1 {
				c.per = 1
			}
			c.coefficients = make([]int16, c.across*c.down*c.per)
		}
	}
	d.components = components
	return nil
}
