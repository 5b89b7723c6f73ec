package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"testing"
)

// pages is a TIFF of directories without pictures, each with one field NewSubfileType; the last leads on to next.
func pages(order binary.AppendByteOrder, next uint32, kinds ...uint32) []byte {
	b := []byte("II")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM")
	}
	b = order.AppendUint32(order.AppendUint16(b, 42), 8)
	for i, kind := range kinds {
		b = order.AppendUint16(b, 1)
		b = order.AppendUint16(order.AppendUint16(b, 254), 4)
		b = order.AppendUint32(order.AppendUint32(b, 1), kind)
		if i < len(kinds)-1 {
			b = order.AppendUint32(b, uint32(len(b)+4))
		} else {
			b = order.AppendUint32(b, next)
		}
	}
	return b
}

// animation is a GIF of n frames, the second with colours of its own.
func animation(t testing.TB, n int) []byte {
	t.Helper()
	var g gif.GIF
	for i := range n {
		colours := color.Palette{color.Black, color.White}
		if i == 1 {
			colours = append(colours, color.RGBA{R: 255, A: 255})
		}
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 20, 10), colours))
		g.Delay = append(g.Delay, 5)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFrames(t *testing.T) {
	var plain bytes.Buffer
	if err := png.Encode(&plain, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	three := animation(t, 3)
	for _, c := range []struct {
		name, format string
		data         []byte
		want         int
	}{
		{"one page", "tiff", pages(binary.LittleEndian, 0, 0), 1},
		{"three pages", "tiff", pages(binary.LittleEndian, 0, 0, 2, 2), 3},
		{"the other order of bytes", "tiff", pages(binary.BigEndian, 0, 0, 0), 2},
		{"a thumbnail is no page", "tiff", pages(binary.LittleEndian, 0, 0, 1), 1},
		{"a chain that comes back", "tiff", pages(binary.LittleEndian, 8, 0, 0), 2},
		{"a chain that leaves the file", "tiff", pages(binary.LittleEndian, 1<<31, 0, 0), 2},
		{"cut off", "tiff", pages(binary.LittleEndian, 0, 0, 0)[:30], 1},
		{"one frame", "gif", animation(t, 1), 1},
		{"three frames", "gif", three, 3},
		{"cut off within the last", "gif", three[:len(three)-4], 2},
		{"nothing", "gif", nil, 1},
		{"nothing", "tiff", nil, 1},
		{"another format", "png", plain.Bytes(), 1},
	} {
		if got := Frames(bytes.NewReader(c.data), c.format); got != c.want {
			t.Errorf("%s (%s): %d, want %d", c.name, c.format, got, c.want)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(pages(binary.LittleEndian, 8, 0, 1), "tiff")
	f.Add(animation(f, 2), "gif")
	f.Fuzz(func(t *testing.T, data []byte, format string) {
		if n := Frames(bytes.NewReader(data), format); n < 1 || n > maxFrames {
			t.Errorf("%d", n)
		}
	})
}
