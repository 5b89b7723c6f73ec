package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hugePNG is a PNG that announces w x h pixels and has none.
func hugePNG(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		binary.Write(&b, binary.BigEndian, uint32(len(body)))
		b.WriteString(kind)
		b.Write(body)
		binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), body...)))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c})
	chunk("IEND", nil)
	return b.Bytes()
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata/parity/decode", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestErrors(t *testing.T) {
	good := fixture(t, "sub420.jpg")
	many := append([]byte{}, good[:len(good)-2]...)
	many = append(many, bytes.Repeat([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}, maxScans+1)...)
	twelve := append([]byte{}, good...)
	twelve[bytes.Index(twelve, []byte{0xff, 0xc0})+4] = 12
	flipped := append([]byte{}, fixture(t, "rgb.png")...)
	flipped[len(flipped)/2] ^= 0xff
	tests := []struct {
		name   string
		data   []byte
		limits Limits
		kind   error
		want   string
	}{
		{"empty", nil, Limits{}, ErrEmpty, "is empty (0 bytes)"},
		{"text", []byte("this is no picture\n"), Limits{}, ErrNotImage, "is text, not an image"},
		{"text in Greek", []byte("αυτό δεν είναι εικόνα"), Limits{}, ErrNotImage, "is text, not an image"},
		{"web page", []byte("<!DOCTYPE html><html>404</html>"), Limits{}, ErrNotImage, "is a web page, not an image"},
		{"pdf", []byte("%PDF-1.7\n%\xff\xff"), Limits{}, ErrNotImage, "is a PDF document"},
		{"zeros", make([]byte, 4096), Limits{}, ErrNotImage, "is filled with zero bytes"},
		{"lfs", []byte("version https://git-lfs.github.com/spec/v1\n"), Limits{}, ErrNotImage, "Git LFS"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), Limits{}, ErrUnsupported, "is a HEIC photo"},
		{"avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), Limits{}, ErrBroken, "is damaged"},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), Limits{}, ErrUnsupported, "is an SVG drawing"},
		{"12 bit", twelve, Limits{}, ErrUnsupported, "12 bits"},
		{"cut JPEG", good[:len(good)/2], Limits{}, ErrBroken, "is damaged: the file ends too early"},
		{"cut in the headers", good[:30], Limits{}, ErrBroken, "is damaged"},
		{"two bytes of PNG", fixture(t, "rgb.png")[:10], Limits{}, ErrBroken, "is damaged"},
		{"flipped", flipped, Limits{}, ErrBroken, "is damaged"},
		{"20,000 x 20,000", hugePNG(20000, 20000), Limits{}, ErrTooLarge, "is too large: 20000 x 20000 pixels, and at most 250 million"},
		{"overflow", hugePNG(1<<31-1, 1<<31-1), Limits{}, ErrTooLarge, "is too large"},
		{"no width", hugePNG(0, 20), Limits{}, ErrBroken, "is damaged"},
		{"too many bytes", good, Limits{MaxBytes: 100}, ErrTooLarge, "is too large"},
		{"scans", many, Limits{}, ErrTooLarge, "scans"},
		{"webp without picture", []byte("RIFF\x04\x00\x00\x00WEBP"), Limits{}, ErrBroken, "is damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Decode(bytes.NewReader(tt.data), "photo.jpg", tt.limits)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, tt.kind) {
				t.Fatalf("got %v, want %v", err, tt.kind)
			}
			if !strings.HasPrefix(err.Error(), "photo.jpg ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%q does not say %q", err, tt.want)
			}
		})
	}
}

// TestReadError keeps the cause of a failing disk.
func TestReadError(t *testing.T) {
	_, _, err := Decode(failing{}, "photo.jpg", Limits{})
	if !errors.Is(err, ErrRead) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, fs.ErrPermission }
func (failing) Seek(_ int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return 1000, nil
	}
	return 0, nil
}

// TestPanic turns a decoder's panic into an error.
func TestPanic(t *testing.T) {
	f := func() (err error) {
		defer finish("x.png", &err)
		panic("out of range")
	}
	if err := f(); !errors.Is(err, ErrBroken) || !strings.Contains(err.Error(), "x.png") {
		t.Errorf("got %v", err)
	}
}

// TestPlainSeeker decodes from a source that is no ReaderAt.
func TestPlainSeeker(t *testing.T) {
	for _, name := range []string{"orientation6.jpg", "lzw.tif", "orientation8.webp", "rgb.gif", "orientation6.png"} {
		r := bytes.NewReader(fixture(t, name))
		if _, _, err := Decode(struct{ io.ReadSeeker }{r}, name, Limits{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGIFFrame puts a first frame that is smaller than the picture in place.
func TestGIFFrame(t *testing.T) {
	frame := image.NewPaletted(image.Rect(2, 1, 5, 3), color.Palette{color.RGBA{200, 10, 20, 255}, color.White})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 8, Height: 6}}); err != nil {
		t.Fatal(err)
	}
	img, info, err := Decode(bytes.NewReader(b.Bytes()), "a.gif", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if info.Width != 8 || info.Height != 6 || img.RGBAAt(2, 1) != (color.RGBA{200, 10, 20, 255}) || img.RGBAAt(0, 0) != (color.RGBA{0, 0, 0, 255}) {
		t.Errorf("%+v %v %v", info, img.RGBAAt(2, 1), img.RGBAAt(0, 0))
	}
}

// TestPremultiplied undoes alpha that was multiplied into 8 and 16-bit colours.
func TestPremultiplied(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 1, 1))
	src.SetRGBA(0, 0, color.RGBA{50, 25, 100, 100})
	if got := toRGB(src).RGBAAt(0, 0); got != (color.RGBA{128, 64, 255, 255}) {
		t.Errorf("8 bit: %v", got)
	}
	deep := image.NewRGBA64(image.Rect(0, 0, 1, 1))
	deep.SetRGBA64(0, 0, color.RGBA64{0x2000, 0x1000, 0x4000, 0x8000})
	if got := toRGB(deep).RGBAAt(0, 0); got != (color.RGBA{0x40, 0x20, 0x80, 255}) {
		t.Errorf("16 bit: %v", got)
	}
}

// TestCMYKWithoutAdobe takes CMYK of other programs as it stands.
func TestCMYKWithoutAdobe(t *testing.T) {
	data := fixture(t, "cmyk.jpg")
	i := bytes.Index(data, []byte("\xff\xee\x00\x0eAdobe"))
	if i < 0 {
		t.Fatal("the fixture has no Adobe segment")
	}
	without := append(append([]byte{}, data[:i]...), data[i+16:]...)
	adobe, _, err := decode(bytes.NewReader(data), Limits{}.withDefaults(), whole)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := decode(bytes.NewReader(without), Limits{}.withDefaults(), whole)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range adobe.(*image.CMYK).Pix {
		if other.(*image.CMYK).Pix[i] != 255-v {
			t.Fatalf("sample %d is %d, want %d", i, other.(*image.CMYK).Pix[i], 255-v)
		}
	}
}

// rareBMP is a 4 x 2 bitmap of a kind that only the second decoder knows:
// 16 bits (5-6-5), or run-length coded with a palette of two.
func rareBMP(runs bool) []byte {
	var extra, pixels []byte
	bits, compression, used := uint16(16), uint32(3), uint32(0)
	if runs {
		bits, compression, used = 8, 1, 2
		extra = []byte{0, 0, 255, 0, 255, 0, 0, 0} // red, blue
		pixels = []byte{4, 1, 0, 0, 2, 0, 2, 1, 0, 1}
	} else {
		for _, mask := range []uint32{0xf800, 0x07e0, 0x001f} {
			extra = binary.LittleEndian.AppendUint32(extra, mask)
		}
		for _, v := range []uint16{0x1f, 0x1f, 0x1f, 0x1f, 0xf800, 0xf800, 0x1f, 0x1f} {
			pixels = binary.LittleEndian.AppendUint16(pixels, v)
		}
	}
	var b bytes.Buffer
	b.WriteString("BM")
	for _, v := range []any{uint32(54 + len(extra) + len(pixels)), uint32(0), uint32(54 + len(extra)), uint32(40), int32(4), int32(2),
		uint16(1), bits, compression, uint32(len(pixels)), uint32(0), uint32(0), used, uint32(0), extra, pixels} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	return b.Bytes()
}

func TestRareBMP(t *testing.T) {
	for _, runs := range []bool{false, true} {
		img, info, err := Decode(bytes.NewReader(rareBMP(runs)), "a.bmp", Limits{})
		if err != nil {
			t.Fatal(err)
		}
		red, blue := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 0, 255, 255}
		if info.Width != 4 || info.Height != 2 || img.RGBAAt(0, 0) != red || img.RGBAAt(3, 0) != blue || img.RGBAAt(0, 1) != blue {
			t.Errorf("runs %v: %+v %v", runs, info, img.Pix)
		}
	}
}

// TestNoEndOfImage reads a JPEG whose last two bytes were left out.
func TestNoEndOfImage(t *testing.T) {
	for _, name := range []string{"sub420.jpg", "progressive.jpg"} {
		data := fixture(t, name)
		got, _, err := Decode(bytes.NewReader(data[:len(data)-2]), name, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		want, _, _ := Decode(bytes.NewReader(data), name, Limits{})
		if _, most := difference(t, got, want); most != 0 {
			t.Errorf("%s differs", name)
		}
	}
}

func TestDecodeScaled(t *testing.T) {
	const w, h = 900, 601
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			src.SetRGBA(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 90, 255})
		}
	}
	var asJPEG, asPNG bytes.Buffer
	if err := jpeg.Encode(&asJPEG, src, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&asPNG, src); err != nil {
		t.Fatal(err)
	}
	want := Resize(src, 96, 64)
	for name, data := range map[string][]byte{"jpeg": asJPEG.Bytes(), "png": asPNG.Bytes()} {
		got, info, err := DecodeScaled(bytes.NewReader(data), name, 96, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if info.Width != w || info.Height != h {
			t.Errorf("%s: info %+v", name, info)
		}
		if mean, _ := difference(t, got, want); mean > 1.5 {
			t.Errorf("%s: differs from Resize by %.2f", name, mean)
		}
	}
	turnedImage, info, err := DecodeScaled(bytes.NewReader(fixture(t, "orientation6.jpg")), "x", 30, Limits{})
	if err != nil || turnedImage.Rect.Dx() != 23 || turnedImage.Rect.Dy() != 30 || info.Width != 47 {
		t.Errorf("turned: %v %+v %v", turnedImage.Rect, info, err)
	}
}

func TestRegions(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 10, 10))
	for i := range src.Pix {
		src.Pix[i] = 255
	}
	tests := []struct {
		xmin, ymin, xmax, ymax float64
		w, h                   int
	}{
		{0, 0, 1, 1, 10, 10}, {0.2, 0.3, 0.5, 0.9, 3, 6}, {0.5, 0.5, 0.5, 0.5, 1, 1}, {-1, -1, 2, 2, 10, 10}, {0.99, 0.99, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1},
	}
	for _, tt := range tests {
		c := Crop(src, tt.xmin, tt.ymin, tt.xmax, tt.ymax)
		if c.Rect.Dx() != tt.w || c.Rect.Dy() != tt.h {
			t.Errorf("%v: %v", tt, c.Rect)
		}
	}
	boxed, tr := Letterbox(Crop(src, 0, 0, 1, 0.5), 20, 20)
	if tr.Y != 5 || tr.Height != 10 || boxed.RGBAAt(10, 2) != (color.RGBA{0, 0, 0, 255}) || boxed.RGBAAt(10, 10) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("%+v %v %v", tr, boxed.RGBAAt(10, 2), boxed.RGBAAt(10, 10))
	}
	x, y := tr.ToPicture(tr.ToFrame(0.25, 0.75))
	if x != 0.25 || y != 0.75 {
		t.Errorf("to and fro: %g %g", x, y)
	}
}

// TestRealData decodes every real image, and logs how long one takes.
func TestRealData(t *testing.T) {
	root := "../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the real data are not here")
	}
	if testing.Short() {
		t.Skip("slow")
	}
	n, start := 0, time.Now()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".jpg" {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, _, err := Decode(f, path, Limits{}); err != nil {
			t.Error(err)
		}
		n++
		return nil
	})
	if err != nil || n != 984 {
		t.Errorf("%d images, want 984: %v", n, err)
	}
	t.Logf("%d images, %v each", n, time.Since(start)/time.Duration(max(n, 1)))
}
