package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// photo is a JPEG of w x h pixels with some detail.
func photo(b *testing.B, w, h int) []byte {
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			src.SetRGBA(x, y, color.RGBA{uint8(x ^ y), uint8(x * y >> 8), uint8(x + y), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, src, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	data := photo(b, 640, 480)
	for b.Loop() {
		if _, _, err := Decode(bytes.NewReader(data), "", Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkThumbnail12MP(b *testing.B) {
	data := photo(b, 4000, 3000)
	for b.Loop() {
		if _, _, err := DecodeScaled(bytes.NewReader(data), "", 256, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResize(b *testing.B) {
	src := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for b.Loop() {
		Resize(src, 320, 240)
	}
}

func BenchmarkToRGB(b *testing.B) {
	img, err := jpeg.Decode(bytes.NewReader(photo(b, 640, 480)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		toRGB(img)
	}
}
