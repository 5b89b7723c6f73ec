package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"

	"github.com/gen2brain/avif"
)

// AVIF is a kind of HEIF (ISO/IEC 23008-12): boxes, each with its length and its name, of which one names the item that is the picture
// and others how large it is and how it is turned.

// Bounds of a hostile file.
const (
	maxMeta  = 4 << 20 // bytes of the box that describes the items
	maxBoxes = 1 << 14 // in one box
)

// isAVIF reports by the first bytes whether a HEIF file holds a picture as AVIF has it.
func isAVIF(head []byte) bool {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return false
	}
	size := min(max(16, int(min(binary.BigEndian.Uint32(head), sniffLength))), len(head))
	brands := string(head[8:12])
	if size > 16 {
		brands += string(head[16:size])
	}
	for ; len(brands) >= 4; brands = brands[4:] {
		if brands[:4] == "avif" || brands[:4] == "avis" {
			return true
		}
	}
	return false
}

// box is one box's content.
type box struct {
	name string
	body []byte
}

// boxes splits what stands in a box into the boxes within.
func boxes(b []byte) ([]box, error) {
	var all []box
	for len(b) > 0 {
		if len(b) < 8 || len(all) == maxBoxes {
			return nil, errBoxes
		}
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch size {
		case 0:
			size = uint64(len(b))
		case 1:
			if len(b) < 16 {
				return nil, errBoxes
			}
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < head || size > uint64(len(b)) {
			return nil, errBoxes
		}
		all = append(all, box{string(b[4:8]), b[head:size]})
		b = b[size:]
	}
	return all, nil
}

var errBoxes = errors.New("its boxes contradict each other")

// full takes version and flags off a box.
func full(b []byte) (version uint8, flags uint32, rest []byte, err error) {
	if len(b) < 4 {
		return 0, 0, nil, errBoxes
	}
	v := binary.BigEndian.Uint32(b)
	return uint8(v >> 24), v & 0xffffff, b[4:], nil
}

// avifHeader finds out how large the picture is and how it is turned.
func avifHeader(r io.ReaderAt, size int64) (header, error) {
	h := header{orientation: 1}
	meta, err := findMeta(r, size)
	if err != nil {
		return h, err
	}
	_, _, body, err := full(meta)
	if err != nil {
		return h, err
	}
	inside, err := boxes(body)
	if err != nil {
		return h, err
	}
	var primary uint32
	var properties []box
	var associations []byte
	for _, b := range inside {
		switch b.name {
		case "pitm":
			version, _, rest, err := full(b.body)
			switch {
			case err != nil:
				return h, err
			case version == 0 && len(rest) >= 2:
				primary = uint32(binary.BigEndian.Uint16(rest))
			case version != 0 && len(rest) >= 4:
				primary = binary.BigEndian.Uint32(rest)
			}
		case "iprp":
			parts, err := boxes(b.body)
			if err != nil {
				return h, err
			}
			for _, p := range parts {
				switch p.name {
				case "ipco":
					if properties, err = boxes(p.body); err != nil {
						return h, err
					}
				case "ipma":
					associations = p.body
				}
			}
		}
	}
	of, err := propertiesOf(associations, primary)
	if err != nil {
		return h, err
	}
	turns, mirror := 0, -1
	for _, k := range of {
		if k < 1 || k > len(properties) {
			continue
		}
		switch p := properties[k-1]; {
		case p.name == "ispe" && len(p.body) >= 12:
			w, d := binary.BigEndian.Uint32(p.body[4:]), binary.BigEndian.Uint32(p.body[8:])
			h.width, h.height = int(min(w, 1<<30)), int(min(d, 1<<30))
		case p.name == "irot" && len(p.body) >= 1:
			turns = int(p.body[0] & 3)
		case p.name == "imir" && len(p.body) >= 1:
			mirror = int(p.body[0] & 1)
		}
	}
	if h.width == 0 || h.height == 0 {
		return h, fail(ErrBroken, "is damaged: the picture's size is missing", nil)
	}
	h.orientation = avifOrientations[mirror+1][turns]
	return h, nil
}

// avifOrientations is EXIF's number for a picture that is first turned anticlockwise by a number of quarters (the second index), and then
// not mirrored, mirrored top to bottom, or left to right (the first).
var avifOrientations = [3][4]int{{1, 8, 3, 6}, {4, 5, 2, 7}, {2, 7, 4, 5}}

// findMeta reads the box that describes the items.
func findMeta(r io.ReaderAt, size int64) ([]byte, error) {
	var head [16]byte
	for at, n := int64(0), 0; n < maxBoxes && at+8 <= size && readAt(r, head[:8], at); n++ {
		length, begin := int64(binary.BigEndian.Uint32(head[:])), int64(8)
		switch length {
		case 0:
			length = size - at
		case 1:
			if !readAt(r, head[8:16], at+8) {
				return nil, io.ErrUnexpectedEOF
			}
			length, begin = int64(min(binary.BigEndian.Uint64(head[8:]), 1<<62)), 16
		}
		if length < begin || length > size-at {
			return nil, io.ErrUnexpectedEOF
		}
		if string(head[4:8]) == "meta" {
			if length > maxMeta {
				return nil, fail(ErrTooLarge, "describes more items than any photo has", nil)
			}
			meta := make([]byte, length-begin)
			if !readAt(r, meta, at+begin) {
				return nil, io.ErrUnexpectedEOF
			}
			return meta, nil
		}
		at += length
	}
	return nil, fail(ErrBroken, "is damaged: no picture was found in it", nil)
}

// propertiesOf lists which properties, counted from 1, an item has.
func propertiesOf(associations []byte, item uint32) ([]int, error) {
	version, flags, b, err := full(associations)
	if err != nil || len(b) < 4 {
		return nil, errBoxes
	}
	entries := binary.BigEndian.Uint32(b)
	b = b[4:]
	idSize, width := 2, 1
	if version > 0 {
		idSize = 4
	}
	if flags&1 == 1 {
		width = 2
	}
	for range entries {
		if len(b) < idSize+1 {
			return nil, errBoxes
		}
		id := uint32(binary.BigEndian.Uint16(b))
		if idSize == 4 {
			id = binary.BigEndian.Uint32(b)
		}
		n := int(b[idSize])
		b = b[idSize+1:]
		if len(b) < n*width {
			return nil, errBoxes
		}
		if id == item {
			of := make([]int, n)
			for k := range of {
				if width == 2 {
					of[k] = int(binary.BigEndian.Uint16(b[2*k:]) & 0x7fff)
				} else {
					of[k] = int(b[k] & 0x7f)
				}
			}
			return of, nil
		}
		b = b[n*width:]
	}
	return nil, fail(ErrBroken, "is damaged: no picture was found in it", nil)
}

// decodeAVIF decodes by libavif and libaom, which run in a sandbox (WebAssembly): what a hostile file does to them ends there.
func decodeAVIF(data []byte) (image.Image, error) {
	img, err := avif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fail(ErrBroken, "is damaged or of a rare kind: its picture cannot be decoded; save it as JPEG or PNG", err)
	}
	return img, nil
}
