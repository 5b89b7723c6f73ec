package data

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// photo writes a JPEG of w x h pixels of smooth colours with some noise, and returns its path and hash.
func photo(t *testing.T, w, h int) Item {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			n := r.IntN(20)
			img.SetRGBA(x, y, color.RGBA{uint8(x*200/w + n), uint8(y*200/h + n), uint8((x+y)*100/(w+h) + n), 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(out.Bytes())
	return Item{Image: path, SHA256: hex.EncodeToString(sum[:])}
}

// A sample is the same to the bit whether it is kept or decoded again, alone or beside other crops of its file, in a batch or a set.
func TestSamplesAreTheSameHoweverTheyAreDecoded(t *testing.T) {
	whole := photo(t, 800, 600)
	small, large := whole, whole
	small.Crop = &domain.Box{XMin: 0.4, YMin: 0.4, XMax: 0.5, YMax: 0.5}
	large.Crop = &domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.9, YMax: 0.8}
	items := []Item{whole, small, large}
	for _, f := range []Frame{{Height: 48, Width: 64}, {Height: 48, Width: 48, Pad: true}, {Height: 48, Width: 64, Whole: true}} {
		kept, _, err := Load(context.Background(), items, f, Budget{Memory: 1 << 20}, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := Load(context.Background(), items, f, Budget{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		stream := make([]float32, 3*f.bytes())
		NewStream(items, f).FillBatch(0, 3, stream, func(i int, err error) { t.Error(i, err) })
		set := make([]float32, 3*f.bytes())
		kept.FillBatch(0, 3, set, func(i int, err error) { t.Error(i, err) })
		for i := range stream {
			if stream[i] != set[i] {
				t.Fatalf("%+v: sample %d of a stream differs from that of a set", f, i/f.bytes())
			}
		}
		for i, it := range items {
			a, err := kept.pixels(i, kept.Buffer())
			if err != nil {
				t.Fatal(err)
			}
			b, err := again.pixels(i, again.Buffer())
			if err != nil {
				t.Fatal(err)
			}
			alone, _, err := Load(context.Background(), []Item{it}, f, Budget{Memory: 1 << 20}, nil)
			if err != nil {
				t.Fatal(err)
			}
			c, err := alone.pixels(0, alone.Buffer())
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) || !bytes.Equal(a, c) {
				t.Errorf("%+v: sample %d differs when it is decoded again or alone", f, i)
			}
		}
	}
}

// A frame of before sees what Go's decoder makes of the file at full size; one of today nearly the same.
func TestDecodedAsBefore(t *testing.T) {
	it := photo(t, 800, 600)
	content, err := os.ReadFile(it.Image)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := picture.DecodeAsBefore(bytes.NewReader(content), it.Image, picture.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Frame{{Height: 48, Width: 64, Whole: true}, {Height: 48, Width: 64}, {Height: 64, Width: 64, Pad: true}} {
		fitted, _ := Fit(img, nil, f)
		want := make([]byte, f.bytes())
		rgb(want, fitted)
		set, _, err := Load(context.Background(), []Item{it}, f, Budget{Memory: 1 << 20}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := set.pixels(0, set.Buffer())
		if err != nil {
			t.Fatal(err)
		}
		most := 0
		for i := range want {
			most = max(most, int(want[i])-int(got[i]), int(got[i])-int(want[i]))
		}
		if f.Whole && most != 0 || most > 4 {
			t.Errorf("%+v: differs by %d levels", f, most)
		}
	}
}

func TestNeed(t *testing.T) {
	f, padded := Frame{Height: 100, Width: 200}, Frame{Height: 200, Width: 200, Pad: true}
	tenth := &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 0.6, YMax: 0.6}
	for _, c := range []struct {
		f          Frame
		w, h       int
		crop       *domain.Box
		wide, high int
	}{
		{f, 4000, 3000, nil, 400, 200},
		{padded, 4000, 1000, nil, 400, 100},
		{f, 4000, 3000, tenth, 4000, 2000},
		{f, 300, 3000, nil, 300, 200},
		{f, 4000, 3000, &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 0.5, YMax: 0.5}, 4000, 3000},
	} {
		if w, h := c.f.need(c.w, c.h, c.crop); w-c.wide > 1 || h-c.high > 1 || w < c.wide || h < c.high {
			t.Errorf("%+v: %d x %d", c, w, h)
		}
	}
}
