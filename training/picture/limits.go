package picture

import "fmt"

// Limits bound what a hostile file can make the program allocate. A field
// that is zero or negative takes its default.
type Limits struct {
	MaxBytes  int64 // size of the file
	MaxPixels int64 // width times height
}

// The default limits.
const (
	DefaultMaxBytes  = 256 << 20
	DefaultMaxPixels = 250_000_000
	// maxSide is what fits the fields of all formats and keeps products of
	// two sides far from overflow.
	maxSide = 1 << 20
	// maxScans bounds the work of a progressive JPEG: each scan visits every
	// block of the picture, however few bytes it has. Real files have about 10.
	maxScans = 200
)

func (l Limits) withDefaults() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = DefaultMaxPixels
	}
	return l
}

// checkBytes refuses empty and oversized files.
func (l Limits) checkBytes(size int64) error {
	if size == 0 {
		return fail(ErrEmpty, "is empty (0 bytes)", nil)
	}
	if size > l.MaxBytes {
		return fail(ErrTooLarge, fmt.Sprintf("is too large: %d MB, and at most %d MB are read", size>>20, l.MaxBytes>>20), nil)
	}
	return nil
}

// checkPixels refuses pictures without area and those above the limit.
func (l Limits) checkPixels(w, h int) error {
	if w <= 0 || h <= 0 {
		return fail(ErrBroken, fmt.Sprintf("is damaged: its size is given as %d x %d pixels", w, h), nil)
	}
	if w > maxSide || h > maxSide || int64(w)*int64(h) > l.MaxPixels {
		return fail(ErrTooLarge, fmt.Sprintf("is too large: %d x %d pixels, and at most %d million pixels are read; make it smaller first",
			w, h, l.MaxPixels/1_000_000), nil)
	}
	return nil
}

// Info is what the headers of a file state.
type Info struct {
	Format      string // jpeg, png, webp, avif, bmp, tiff or gif
	Width       int    // pixels, after Orientation has been applied
	Height      int
	Orientation int // EXIF's 1 to 8; 1 where the file has none
}
