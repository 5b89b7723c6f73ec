package picture

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// maxFrames is how many pages or frames are counted at most.
const maxFrames = 10_000

// Frames counts the pages of a TIFF or the frames of a GIF, of which Decode
// returns the first; 1 for any other format (see Info.Format), and for what
// cannot be counted. Pages that are reduced versions of others, such as
// thumbnails, do not count. It decodes nothing, and counts to 10,000 at most.
func Frames(r io.ReadSeeker, format string) int {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 1
	}
	n := 0
	switch format {
	case "tiff":
		at, ok := r.(io.ReaderAt)
		if !ok {
			at = seekReader{r}
		}
		n = tiffPages(at)
	case "gif":
		n = gifFrames(bufio.NewReader(r))
	}
	return max(n, 1)
}

// tiffPages follows the chain of a TIFF's directories (TIFF 6.0, section 2) up
// to where it ends, breaks or comes back.
func tiffPages(r io.ReaderAt) (pages int) {
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 'M' {
		order = binary.BigEndian
	}
	seen := map[uint32]bool{}
	for at := order.Uint32(head[4:]); at != 0 && !seen[at] && len(seen) < maxFrames; {
		seen[at] = true
		var count [2]byte
		if _, err := r.ReadAt(count[:], int64(at)); err != nil {
			return pages
		}
		directory := make([]byte, 12*int(order.Uint16(count[:]))+4) // 12 bytes a field, then where the next one is
		if _, err := r.ReadAt(directory, int64(at)+2); err != nil {
			return pages
		}
		const newSubfileType, reduced = 254, 1
		isPage := true
		for f := directory[:len(directory)-4]; len(f) > 0; f = f[12:] {
			if order.Uint16(f) == newSubfileType {
				isPage = order.Uint32(f[8:])&reduced == 0
			}
		}
		if isPage {
			pages++
		}
		at = order.Uint32(directory[len(directory)-4:])
	}
	return pages
}

// gifFrames counts a GIF's image descriptors (GIF89a, section 20) up to where
// the file ends or breaks.
func gifFrames(r *bufio.Reader) (frames int) {
	skip := func(n int) error {
		_, err := r.Discard(n)
		return err
	}
	blocks := func() error {
		for {
			n, err := r.ReadByte()
			if err != nil || n == 0 {
				return err
			}
			if err := skip(int(n)); err != nil {
				return err
			}
		}
	}
	colours := func(flags byte) error {
		if flags&0x80 == 0 {
			return nil
		}
		return skip(3 << (flags&7 + 1))
	}
	var screen [13]byte
	if _, err := io.ReadFull(r, screen[:]); err != nil || colours(screen[10]) != nil {
		return 0
	}
	for frames < maxFrames {
		kind, err := r.ReadByte()
		if err != nil {
			return frames
		}
		switch kind {
		case 0x21: // an extension: its label, then blocks
			err = errors.Join(skip(1), blocks())
		case 0x2c: // an image: its place, its colours, the codes' size, then blocks
			var image [9]byte
			if _, err = io.ReadFull(r, image[:]); err == nil {
				if err = errors.Join(colours(image[8]), skip(1), blocks()); err == nil {
					frames++
				}
			}
		default: // the end
			return frames
		}
		if err != nil {
			return frames
		}
	}
	return frames
}
