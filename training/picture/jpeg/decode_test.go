package jpeg

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	std "image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("../testdata/reduced/*.jpg")
	if len(files) < 20 {
		t.Fatalf("only %d fixtures", len(files))
	}
	all := map[string][]byte{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = data
	}
	return all
}

// At full size the planes are those of Go's decoder within 2 levels.
func TestWholeAsGo(t *testing.T) {
	for name, data := range fixtures(t) {
		want, err := std.Decode(bytes.NewReader(data))
		if err != nil {
			t.Logf("%s is not read by Go: %v", name, err)
			continue
		}
		got, err := Decode(data, 1, 1<<20)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Bounds() != want.Bounds() {
			t.Errorf("%s: %v, want %v", name, got.Bounds(), want.Bounds())
			continue
		}
		w, wide := want.(*image.YCbCr)
		g, _ := got.(*image.YCbCr)
		most := 0
		for y := range want.Bounds().Dy() {
			for x := range want.Bounds().Dx() {
				if wide && g != nil && w.SubsampleRatio == g.SubsampleRatio {
					most = max(most, apart(w.Y[w.YOffset(x, y)], g.Y[g.YOffset(x, y)]),
						apart(w.Cb[w.COffset(x, y)], g.Cb[g.COffset(x, y)]), apart(w.Cr[w.COffset(x, y)], g.Cr[g.COffset(x, y)]))
					continue
				}
				if wide {
					continue // unlike subsampling: TestReducedAsPIL sees to that
				}
				a, b := color.NRGBAModel.Convert(want.At(x, y)).(color.NRGBA), color.NRGBAModel.Convert(got.At(x, y)).(color.NRGBA)
				most = max(most, apart(a.R, b.R), apart(a.G, b.G), apart(a.B, b.B))
			}
		}
		if most > 2 {
			t.Errorf("%s differs from Go's decoder by %d levels", name, most)
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// A block whose coefficients lie in the upper left is transformed in a shorter way, with the same result to the bit.
func TestShorterTransforms(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		last := r.IntN(lowest + 1)
		var b [64]int16
		for k := range last + 1 {
			b[zigzag[k]] = int16(r.IntN(400) - 200)
		}
		if r.IntN(2) == 0 {
			b[0] = int16(r.IntN(2000) - 1000)
		}
		for _, size := range []int{1, 2, 4, 8} {
			var short, long [64]uint8
			one, two := b, b
			inverse(&one, last, size, short[:], 8)
			inverse(&two, 63, size, long[:], 8)
			if short != long {
				t.Fatalf("%d x %d, last %d: %v, want %v", size, size, last, short, long)
			}
			if one != [64]int16{} || two != [64]int16{} {
				t.Fatal("the block is not empty for the next")
			}
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range [][5]int{{4000, 3000, 256, 192, 8}, {4000, 3000, 500, 375, 8}, {4000, 3000, 501, 375, 4}, {4000, 3000, 1000, 751, 2},
		{4000, 3000, 2001, 1, 1}, {100, 100, 200, 200, 1}, {9, 9, 2, 2, 8}, {1, 1, 1, 1, 8}} {
		if got := Scale(c[0], c[1], c[2], c[3]); got != c[4] {
			t.Errorf("%v: %d", c, got)
		}
	}
	if Reduced(4001, 8) != 501 || Reduced(1, 8) != 1 || Reduced(16, 4) != 4 {
		t.Error("sizes are not rounded up")
	}
}

// A file that is cut anywhere is refused unless all of its picture is there, and never makes the decoder panic.
func TestCut(t *testing.T) {
	for _, name := range []string{"s22.jpg", "restart.jpg", "progressive.jpg", "cmyk.jpg"} {
		data := fixtures(t)[name]
		for n := 0; n < len(data)-2; n += 5 {
			_, err := Decode(data[:n], 1+n%2, 1<<20)
			// Scans of a progressive picture may be missing: what is there is a picture. The last bits of the data may be padding.
			if err == nil && name != "progressive.jpg" && n < len(data)-4 {
				t.Errorf("%s: %d of %d bytes are taken for a picture", name, n, len(data))
			}
		}
	}
}

func TestRefused(t *testing.T) {
	data := fixtures(t)["s22.jpg"]
	if _, err := Decode(data, 1, 75*53-1); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond the pixels allowed: %v", err)
	}
	if _, err := Decode(data, 3, 1<<20); err == nil {
		t.Error("a third was decoded")
	}
	frame := bytes.Index(data, []byte{0xff, sof0})
	changed := func(at int, b byte) []byte {
		c := bytes.Clone(data)
		c[frame+at] = b
		return c
	}
	for what, c := range map[string][]byte{
		"arithmetic coding": changed(1, 0xc9), "lossless": changed(1, 0xc3), "12 bits": changed(4, 12), "no height": func() []byte {
			c := changed(5, 0)
			c[frame+6] = 0
			return c
		}(), "two components": changed(9, 2), "two thirds of the width": changed(14, 0x31),
	} {
		if _, err := Decode(c, 1, 1<<20); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Scan upon scan of a few bytes each.
	progressive := fixtures(t)["progressive.jpg"]
	scan := bytes.Index(progressive, []byte{0xff, sos})
	end := scan + 2 + bytes.Index(progressive[scan+2:], []byte{0xff, dht})
	many := bytes.Clone(progressive[:scan])
	for range maxScans + 1 {
		many = append(many, progressive[scan:end]...)
	}
	if _, err := Decode(many, 8, 1<<20); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d scans: %v", maxScans+1, err)
	}
}

// FuzzDecode holds that any bytes give a picture of the right size or an error, at each scale.
func FuzzDecode(f *testing.F) {
	for _, data := range fixtures(f) {
		f.Add(data)
	}
	f.Add([]byte{0xff, soi, 0xff, eoi})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, scale := range []int{1, 2, 4, 8} {
			img, err := Decode(data, scale, 1<<16)
			if err != nil {
				continue
			}
			config, err := std.DecodeConfig(bytes.NewReader(data))
			if err == nil && (img.Bounds().Dx() != Reduced(config.Width, scale) || img.Bounds().Dy() != Reduced(config.Height, scale)) {
				t.Fatalf("%v at 1/%d of %d x %d", img.Bounds(), scale, config.Width, config.Height)
			}
			b := img.Bounds()
			img.At(b.Max.X-1, b.Max.Y-1)
		}
	})
}
