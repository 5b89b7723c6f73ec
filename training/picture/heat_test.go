package picture

import (
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var updateHeat = flag.Bool("update-heat", false, "write the golden picture of the heat map anew")

// TestHeatGolden: a map of 2 x 3 over a picture of stripes, padded above and below.
func TestHeatGolden(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for y := range 40 {
		for x := range 60 {
			v := uint8(90)
			if (x/5+y/5)%2 == 0 {
				v = 170
			}
			copy(src.Pix[src.PixOffset(x, y):], []uint8{v, v, v, 255})
		}
	}
	frame := Transform{X: 0, Y: 10, Width: 60, Height: 40, FrameWidth: 60, FrameHeight: 60}
	got := Heat(src, []float32{0, 0.5, 2, -1, 0, 1}, 2, 3, frame, 2, 0.8)
	path := filepath.Join("testdata", "heat.png")
	if *updateHeat {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, got); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	for y := range 40 {
		for x := range 60 {
			r, g, b, _ := want.At(x, y).RGBA()
			p := got.Pix[got.PixOffset(x, y):]
			for c, v := range []uint32{r, g, b} {
				if d := int(v>>8) - int(p[c]); d < -1 || d > 1 { // a processor may round the last bit otherwise
					t.Fatalf("pixel %d,%d channel %d: %d, the golden picture has %d", x, y, c, p[c], v>>8)
				}
			}
		}
	}
}

// TestHeatLeavesThePicture: nothing is highlighted where there is nothing to show, and a broken map changes nothing.
func TestHeatLeavesThePicture(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 7, 5))
	for i := range src.Pix {
		src.Pix[i] = uint8(i) | 255*uint8((i%4)/3)
	}
	frame := Transform{Width: 7, Height: 5, FrameWidth: 7, FrameHeight: 5}
	for name, c := range map[string]struct {
		values  []float32
		h, w    int
		top     float32
		opacity float64
	}{
		"no opacity":   {[]float32{1, 2, 3, 4}, 2, 2, 4, 0},
		"no top":       {[]float32{1, 2, 3, 4}, 2, 2, 0, 1},
		"too few":      {[]float32{1}, 2, 2, 1, 1},
		"not a number": {[]float32{1}, 1, 1, float32(nan()), 1},
	} {
		got := Heat(src, c.values, c.h, c.w, frame, c.top, c.opacity)
		for i, v := range got.Pix {
			if v != src.Pix[i] {
				t.Errorf("%s: byte %d is %d, was %d", name, i, v, src.Pix[i])
				break
			}
		}
	}
}

func nan() float64 { var zero float64; return zero / zero }
