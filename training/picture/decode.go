package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"io"
	"strings"

	"github.com/jsummers/gobmp"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"viewfinder/training/picture/jpeg"
)

// Probe reads the headers of the image in r and returns what they state. name
// is used in errors only. It reads little, so that thousands of files can be
// looked at; a file whose headers are right may still turn out damaged.
// Errors are *Error.
func Probe(r io.ReadSeeker, name string, l Limits) (info Info, err error) {
	defer finish(name, &err)
	_, info, err = probe(r, l.withDefaults())
	return info, err
}

// Decode reads the image in r whole and returns it as opaque RGB, upright,
// its origin at (0,0). name is used in errors only. Errors are *Error.
func Decode(r io.ReadSeeker, name string, l Limits) (pix *image.RGBA, info Info, err error) {
	defer finish(name, &err)
	img, info, err := decode(r, l.withDefaults(), whole)
	if err != nil {
		return nil, info, err
	}
	return upright(toRGB(img), info.Orientation), info, nil
}

// Reduction is the strongest reduction (8, 4, 2 or 1) that an upright picture can be decoded at and still have w x h pixels. Only
// JPEGs can be reduced.
func (i Info) Reduction(w, h int) int {
	if i.Format != "jpeg" {
		return 1
	}
	return jpeg.Scale(i.Width, i.Height, w, h)
}

// DecodeReduced decodes as Decode does, at 1/reduction of the size (see Info.Reduction): a large JPEG comes in much less time and memory.
// What cannot be reduced comes at its own size. Info has the full size.
func DecodeReduced(r io.ReadSeeker, name string, reduction int, l Limits) (pix *image.RGBA, info Info, err error) {
	defer finish(name, &err)
	img, info, err := decode(r, l.withDefaults(), func(Info) int { return reduction })
	if err != nil {
		return nil, info, err
	}
	return upright(toRGB(img), info.Orientation), info, nil
}

// DecodeAsBefore decodes as Decode did until JPEGs got a decoder of this program's own, to the bit: with Go's decoder, at full size. A
// network that learnt from such pictures goes on seeing such.
func DecodeAsBefore(r io.ReadSeeker, name string, l Limits) (pix *image.RGBA, info Info, err error) {
	defer finish(name, &err)
	img, info, err := decode(r, l.withDefaults(), patiently)
	if err != nil {
		return nil, info, err
	}
	return upright(toRGB(img), info.Orientation), info, nil
}

// whole is the reduction of a picture that is not reduced, patiently that of one that Go's own decoder reads.
func whole(Info) int     { return 1 }
func patiently(Info) int { return 0 }

// finish names the file in an error, and makes one out of a decoder's panic.
func finish(name string, err *error) {
	if p := recover(); p != nil {
		*err = fail(ErrBroken, "is damaged: its data is invalid", fmt.Errorf("decoder panicked: %v", p))
	}
	if *err == nil {
		return
	}
	var e *Error
	if !errors.As(*err, &e) {
		e = fail(ErrBroken, "is damaged: "+plain(*err), *err)
	}
	named := *e
	named.File = name
	*err = &named
}

// plain puts a decoder's error into words.
func plain(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "the file ends too early"
	}
	s := err.Error()
	for _, prefix := range []string{"invalid JPEG format: ", "png: invalid format: ", "png: ", "gif: ", "bmp: invalid format: ", "bmp: ", "tiff: invalid format: ", "tiff: ", "webp: ", "vp8: ", "vp8l: "} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return rest
		}
	}
	return s
}

// file is an opened source after its headers were read.
type file struct {
	io.ReaderAt
	size   int64
	format string
	header header
	webp   webpFile
}

func probe(r io.ReadSeeker, l Limits) (file, Info, error) {
	var f file
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return f, Info{}, fail(ErrRead, "cannot be read: "+err.Error(), err)
	}
	if err := l.checkBytes(size); err != nil {
		return f, Info{}, err
	}
	at, ok := r.(io.ReaderAt)
	if !ok {
		at = seekReader{r}
	}
	f.ReaderAt, f.size = at, size
	head := make([]byte, min(size, sniffLength))
	if n, err := at.ReadAt(head, 0); n < len(head) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return f, Info{}, fail(ErrRead, "cannot be read: "+err.Error(), err)
	}
	if f.format, err = sniff(head); err != nil {
		return f, Info{}, err
	}
	if f.header, err = f.readHeader(); err != nil {
		return f, Info{Format: f.format}, err
	}
	info := Info{Format: f.format, Width: f.header.width, Height: f.header.height, Orientation: f.header.orientation}
	if turned(info.Orientation) {
		info.Width, info.Height = info.Height, info.Width
	}
	return f, info, l.checkPixels(f.header.width, f.header.height)
}

func (f *file) readHeader() (h header, err error) {
	h.orientation = 1
	whole := io.NewSectionReader(f, 0, f.size)
	var config image.Config
	switch f.format {
	case "jpeg":
		return jpegHeader(f, f.size)
	case "png":
		return pngHeader(f, f.size)
	case "webp":
		f.webp, err = webpHeader(f, f.size)
		return f.webp.header, err
	case "avif":
		return avifHeader(f, f.size)
	case "gif":
		config, err = gif.DecodeConfig(whole)
	case "bmp":
		config, err = bmp.DecodeConfig(whole)
		if errors.Is(err, bmp.ErrUnsupported) {
			whole.Seek(0, io.SeekStart)
			config, err = gobmp.DecodeConfig(whole)
		}
	case "tiff":
		h.orientation = orientationOf(f, f.size)
		config, err = tiff.DecodeConfig(whole)
	}
	h.width, h.height = config.Width, config.Height
	return h, unsupported(f.format, err)
}

// decode returns the picture in whatever colours it is stored, not yet turned. reduce returns the part of its size that will do, for
// those kinds that can be decoded so (see whole and patiently); any other comes whole.
func decode(r io.ReadSeeker, l Limits, reduce func(Info) int) (image.Image, Info, error) {
	f, info, err := probe(r, l)
	if err != nil {
		return nil, info, err
	}
	data := make([]byte, f.size)
	if n, err := f.ReadAt(data, 0); n < len(data) {
		if err == nil || errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, info, fail(ErrRead, "cannot be read: "+err.Error(), err)
	}
	var img image.Image
	scale := 1
	switch f.format {
	case "jpeg":
		if scale = reduce(info); scale == 0 {
			scale = 1
			img, err = patientJPEG(data, f.header)
		} else {
			img, err = decodeJPEG(data, f.header, scale)
		}
	case "png":
		img, err = png.Decode(bytes.NewReader(data))
	case "webp":
		img, err = decodeWebP(data, f.webp)
	case "avif":
		img, err = decodeAVIF(data)
	case "gif":
		img, err = decodeGIF(data, f.header)
	case "bmp":
		img, err = bmp.Decode(bytes.NewReader(data))
		if errors.Is(err, bmp.ErrUnsupported) {
			img, err = gobmp.Decode(bytes.NewReader(data)) // run-length coding, 16 bit, bit fields
		}
	case "tiff":
		if img, err = tiff.Decode(bytes.NewReader(data)); err == nil && reduce(info) != 0 {
			turnFax(img, f)
		}
	}
	if err != nil {
		return nil, info, unsupported(f.format, err)
	}
	if b := img.Bounds(); (b.Dx() != f.header.width || b.Dy() != f.header.height) &&
		(b.Dx() != jpeg.Reduced(f.header.width, scale) || b.Dy() != jpeg.Reduced(f.header.height, scale)) {
		return nil, info, fail(ErrBroken, "is damaged: its sizes contradict each other", nil)
	}
	return img, info, nil
}

// unsupported distinguishes what a decoder does not know from what is damaged.
func unsupported(format string, err error) error {
	var t tiff.UnsupportedError
	var b gobmp.UnsupportedError
	switch {
	case errors.As(err, &t):
		return fail(ErrUnsupported, "is a TIFF of a kind that is not read here ("+string(t)+"); save it as PNG", err)
	case errors.As(err, &b):
		return fail(ErrUnsupported, "is a BMP of a kind that is not read here ("+string(b)+"); save it as PNG", err)
	}
	return err
}

// decodeGIF draws the first frame, which may be smaller, on the whole picture.
func decodeGIF(data []byte, h header) (image.Image, error) {
	frame, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, h.width, h.height)
	if frame.Bounds() == canvas {
		return frame, nil
	}
	img := image.NewRGBA(canvas)
	draw.Draw(img, frame.Bounds(), toRGB(frame), image.Point{}, draw.Src)
	return img, nil
}

// seekReader makes a ReaderAt of what can only seek.
type seekReader struct{ r io.ReadSeeker }

func (s seekReader) ReadAt(p []byte, offset int64) (int, error) {
	if _, err := s.r.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	return io.ReadFull(s.r, p)
}
