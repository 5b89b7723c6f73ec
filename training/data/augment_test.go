package data

import (
	"bytes"
	"math"
	"reflect"
	"testing"

	"viewfinder/storage/domain"
)

var testFrame = Frame{Height: 64, Width: 96}

// scene is a frame with dark ground and a bright rectangle at the box.
func scene(f Frame, b domain.Box32) []byte {
	pix := make([]byte, f.bytes())
	for y := range f.Height {
		for x := range f.Width {
			if float32(x)+0.5 > b.XMin*float32(f.Width) && float32(x)+0.5 < b.XMax*float32(f.Width) &&
				float32(y)+0.5 > b.YMin*float32(f.Height) && float32(y)+0.5 < b.YMax*float32(f.Height) {
				i := (y*f.Width + x) * 3
				pix[i], pix[i+1], pix[i+2] = 240, 230, 220
			}
		}
	}
	return pix
}

// bounds finds the bright rectangle again.
func bounds(f Frame, pix []byte) domain.Box32 {
	b := domain.Box32{XMin: 2, YMin: 2, XMax: -1, YMax: -1}
	for y := range f.Height {
		for x := range f.Width {
			if pix[(y*f.Width+x)*3] > 120 {
				b.XMin, b.XMax = min(b.XMin, float32(x)/float32(f.Width)), max(b.XMax, float32(x+1)/float32(f.Width))
				b.YMin, b.YMax = min(b.YMin, float32(y)/float32(f.Height)), max(b.YMax, float32(y+1)/float32(f.Height))
			}
		}
	}
	return b
}

func TestBoxesFollowThePixels(t *testing.T) {
	box := domain.Box32{XMin: 0.3, YMin: 0.25, XMax: 0.6, YMax: 0.7, Class: 4}
	src := scene(testFrame, box)
	for _, names := range [][]string{
		{}, {FlipHorizontal}, {FlipVertical}, {FlipHorizontal, FlipVertical}, {Zoom}, {Shift}, {Rotation}, {Zoom, Shift, FlipHorizontal},
		{FlipHorizontal, FlipVertical, Zoom, Shift, Rotation},
	} {
		a, err := NewAugmenter(names, testFrame)
		if err != nil {
			t.Fatal(err)
		}
		for iteration := range 40 {
			d := a.Draw(1, iteration, 0)
			out := make([]byte, len(src))
			a.Pixels(d, out, src)
			got := a.Boxes(d, []domain.Box32{box})
			if len(got) != 1 || got[0].Class != 4 {
				t.Fatalf("%v: boxes %v", names, got)
			}
			seen := bounds(testFrame, out)
			for _, side := range [][2]float32{{got[0].XMin, seen.XMin}, {got[0].XMax, seen.XMax}, {got[0].YMin, seen.YMin}, {got[0].YMax, seen.YMax}} {
				if math.Abs(float64(side[0]-side[1])) > 0.04 {
					t.Fatalf("%v, draw %d: box %+v, pixels %+v", names, iteration, got[0], seen)
				}
			}
		}
	}
}

func TestEachAugmentationDoesSomethingAndIsAFunctionOfSeedIterationAndIndex(t *testing.T) {
	src := scene(testFrame, domain.Box32{XMin: 0.2, YMin: 0.1, XMax: 0.5, YMax: 0.6})
	for _, name := range Augmentations {
		a, err := NewAugmenter([]string{name}, testFrame)
		if err != nil {
			t.Fatal(err)
		}
		changed, differs := 0, 0
		work := make([]byte, len(src))
		var before []byte
		for iteration := range 20 {
			x, y := make([]float32, len(src)), make([]float32, len(src))
			a.Apply(a.Draw(9, iteration, 3), x, src, work)
			a.Apply(a.Draw(9, iteration, 3), y, src, work)
			if !reflect.DeepEqual(x, y) {
				t.Fatalf("%s: two runs of one draw differ", name)
			}
			pix := make([]byte, len(src))
			a.Pixels(a.Draw(9, iteration, 3), pix, src)
			want := make([]float32, len(src))
			Normalise(want, pix)
			if !reflect.DeepEqual(x, want) {
				t.Fatalf("%s: the preview and the network's input differ", name)
			}
			if !bytes.Equal(pix, src) {
				changed++
			}
			if !bytes.Equal(pix, before) {
				differs++
			}
			before = pix
		}
		if changed < 4 || differs < 4 {
			t.Errorf("%s: %d of 20 draws changed the picture, %d were new", name, changed, differs)
		}
	}
}

func TestHiddenAndLostBoxesAreLeftOut(t *testing.T) {
	a := &Augmenter{frame: testFrame}
	d := Draw{cut: true, cx0: 0, cy0: 0, cx1: 48, cy1: 64}
	boxes := []domain.Box32{{XMin: 0.1, YMin: 0.1, XMax: 0.4, YMax: 0.4}, {XMin: 0.6, YMin: 0.1, XMax: 0.9, YMax: 0.4}}
	if got := a.Boxes(d, boxes); len(got) != 1 || got[0] != boxes[1] {
		t.Errorf("behind Cutout's rectangle: %v", got)
	}
	var gone Draw
	gone.warp = true
	gone.place(testFrame, 1, 0, 0.5, 0)
	if got := a.Boxes(gone, []domain.Box32{{XMin: 0.45, YMin: 0.1, XMax: 0.95, YMax: 0.4}}); len(got) != 0 {
		t.Errorf("moved out of the picture: %v", got)
	}
	if _, err := NewAugmenter([]string{"melt"}, testFrame); err == nil {
		t.Error("an unknown name was taken")
	}
}

func TestDrawsAreFair(t *testing.T) {
	a, _ := NewAugmenter([]string{FlipHorizontal}, testFrame)
	n := 0
	for i := range 2000 {
		if a.Draw(0, i/32, i%32).flipH {
			n++
		}
	}
	if n < 900 || n > 1100 {
		t.Errorf("%d of 2000 were flipped", n)
	}
}

func TestNormalise(t *testing.T) {
	out := make([]float32, 6)
	Normalise(out, []byte{0, 128, 255, 10, 20, 30})
	for i, v := range []byte{0, 128, 255, 10, 20, 30} {
		want := (float32(v)/255 - Mean[i%3]) / Deviation[i%3]
		if out[i] != want {
			t.Errorf("value %d: %v, want %v", i, out[i], want)
		}
	}
}

func TestTheFastPathOfWarpingIsTheSlowOne(t *testing.T) {
	a, _ := NewAugmenter([]string{Zoom, Shift, Rotation}, testFrame)
	src := make([]byte, testFrame.bytes())
	for i := range src {
		src[i] = byte(i * i >> 3)
	}
	for iteration := range 20 {
		d := a.Draw(2, iteration, 0)
		fast, slow := make([]byte, len(src)), make([]byte, len(src))
		warp(fast, src, testFrame.Width, testFrame.Height, d.backward, false)
		s := sampler{src: src, w: testFrame.Width, h: testFrame.Height, stepX: fixed(d.backward.a), stepY: fixed(d.backward.d)}
		for y := range testFrame.Height {
			sx, sy := d.backward.at(0.5, float64(y)+0.5)
			s.fx, s.fy = fixed(sx-0.5), fixed(sy-0.5)
			for x := range testFrame.Width {
				s.outer(slow[y*testFrame.Width*3:], x)
			}
		}
		if !bytes.Equal(fast, slow) {
			t.Fatalf("draw %d differs", iteration)
		}
	}
}
