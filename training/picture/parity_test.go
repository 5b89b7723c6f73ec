package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readPNG decodes a fixture without this package.
func readPNG(t *testing.T, path string) *image.RGBA {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	dst := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			dst.Set(x, y, img.At(x, y))
		}
	}
	return dst
}

// difference returns the mean and the greatest difference in levels.
func difference(t *testing.T, a, b *image.RGBA) (mean float64, most int) {
	t.Helper()
	if a.Rect != b.Rect {
		t.Fatalf("size %v, want %v", a.Rect, b.Rect)
	}
	sum, n := 0, 0
	for y := range a.Rect.Dy() {
		for x := 0; x < 4*a.Rect.Dx(); x++ {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			if d < 0 {
				d = -d
			}
			sum += d
			n++
			most = max(most, d)
		}
	}
	return float64(sum) / float64(n), most
}

// TestDecodeAsPIL compares with what PIL's convert("RGB") gives, see
// testdata/generate.py. Lossless formats must agree to the bit.
func TestDecodeAsPIL(t *testing.T) {
	files, _ := filepath.Glob("testdata/parity/decode/*")
	tested := 0
	for _, path := range files {
		if _, err := os.Stat(path + ".png"); err != nil {
			continue
		}
		tested++
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, info, err := Decode(bytes.NewReader(data), path, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			probed, err := Probe(bytes.NewReader(data), path, Limits{})
			if err != nil || probed != info {
				t.Errorf("Probe: %+v, %v; Decode: %+v", probed, err, info)
			}
			if info.Width != got.Rect.Dx() || info.Height != got.Rect.Dy() {
				t.Errorf("info %+v, picture %v", info, got.Rect)
			}
			mean, most := difference(t, got, readPNG(t, path+".png"))
			t.Logf("mean %.3f, most %d", mean, most)
			// JPEG and lossy WebP: decoders may round differently.
			wantMean, wantMost := 0.0, 0
			switch {
			case strings.HasSuffix(path, ".jpg"):
				wantMean, wantMost = 0.5, 4
			case strings.HasSuffix(path, "lossy.webp"):
				wantMean, wantMost = 0.5, 4
			}
			if mean > wantMean || most > wantMost {
				t.Errorf("differs from PIL by %.3f on average, %d at most; want at most %g, %d", mean, most, wantMean, wantMost)
			}
		})
	}
	if tested < 30 {
		t.Errorf("only %d fixtures were found", tested)
	}
}

// TestResizeAsPIL holds Resize to PIL's BILINEAR, bit by bit.
func TestResizeAsPIL(t *testing.T) {
	source := readPNG(t, "testdata/parity/resize/source.png")
	files, _ := filepath.Glob("testdata/parity/resize/*x*.png")
	if len(files) < 10 {
		t.Fatal("fixtures are missing")
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var w, h int
			if _, err := fmt.Sscanf(filepath.Base(path), "%dx%d.png", &w, &h); err != nil {
				t.Fatal(err)
			}
			mean, most := difference(t, Resize(source, w, h), readPNG(t, path))
			if most != 0 {
				t.Errorf("differs from PIL by %.4f on average, %d at most", mean, most)
			}
		})
	}
}
