package picture

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzDecode holds that any bytes give a picture within the limits or an *Error.
func FuzzDecode(f *testing.F) {
	files, _ := filepath.Glob("testdata/parity/decode/*")
	for _, path := range files {
		if data, err := os.ReadFile(path); err == nil && !strings.Contains(path, ".png.png") && len(data) < 8192 {
			f.Add(data)
		}
	}
	f.Add([]byte(nil))
	f.Add(rareBMP(false))
	f.Add(rareBMP(true))
	f.Add(hugePNG(20000, 20000))
	limits := Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 16}
	f.Fuzz(func(t *testing.T, data []byte) {
		img, info, err := Decode(bytes.NewReader(data), "f", limits)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Kind == nil || e.Reason == "" {
				t.Fatalf("not an *Error: %v", err)
			}
			return
		}
		if img.Rect.Dx() != info.Width || img.Rect.Dy() != info.Height || int64(info.Width)*int64(info.Height) > limits.MaxPixels {
			t.Fatalf("picture %v, info %+v", img.Rect, info)
		}
		if _, _, err := DecodeScaled(bytes.NewReader(data), "f", 5, limits); err != nil {
			t.Fatalf("decoded whole, but scaled: %v", err)
		}
	})
}

// FuzzOrientation holds that any directory gives an orientation.
func FuzzOrientation(f *testing.F) {
	f.Add([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x08\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("MM\x00*\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientationOf(bytes.NewReader(data), int64(len(data))); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}
