package widgets

import (
	"fmt"
	"image"
	"testing"
)

func TestPictureDrawsEachScale(t *testing.T) {
	grey := image.NewRGBA(image.Rect(0, 0, 301, 199))
	for i := range grey.Pix {
		grey.Pix[i] = []uint8{10, 200, 30, 255}[i%4]
	}
	p := NewPyramid(grey)
	dst := image.NewRGBA(image.Rect(0, 0, 160, 90))
	back := [4]uint8{1, 2, 3, 255}
	for _, scale := range []float64{0.01, 0.1, 0.3, 0.5, 0.99, 1, 1.7, 3, 12} {
		for _, quick := range []bool{false, true} {
			p.drawInto(dst, 20, 10, scale, back, nil, quick)
			inside, outside := dst.RGBAAt(20, 10), dst.RGBAAt(19, 9)
			if inside.R != 10 || inside.G != 200 || inside.B != 30 || outside.R != 1 || outside.B != 3 {
				t.Errorf("scale %v, quick %v: inside %v, outside %v", scale, quick, inside, outside)
			}
		}
	}
}

func TestPictureAveragesAChessboard(t *testing.T) {
	board := image.NewRGBA(image.Rect(0, 0, 512, 512))
	for y := range 512 {
		for x := range 512 {
			if (x+y)%2 == 0 {
				copy(board.Pix[board.PixOffset(x, y):], []uint8{255, 255, 255, 255})
			}
		}
	}
	dst := image.NewRGBA(image.Rect(0, 0, 64, 64))
	NewPyramid(board).drawInto(dst, 0, 0, 0.125, [4]uint8{}, nil, false)
	for i := 0; i < len(dst.Pix); i += 4 {
		if dst.Pix[i] < 126 || dst.Pix[i] > 129 {
			t.Fatalf("pixel %d is %d: not an even grey", i/4, dst.Pix[i])
		}
	}
}

func TestPictureOfNothing(t *testing.T) {
	if NewPyramid(nil) != nil || NewPyramid(image.NewRGBA(image.Rect(0, 0, 0, 5))) != nil {
		t.Error("an image without pixels gives a picture")
	}
	var p *Pyramid
	dst := image.NewRGBA(image.Rect(0, 0, 8, 8))
	p.drawInto(dst, 0, 0, 1, [4]uint8{9, 9, 9, 255}, nil, false)
	if dst.Pix[0] != 9 {
		t.Error("no picture is not drawn as backdrop")
	}
}

// What the window's thread does for one frame of a 50-megapixel image in a window of 1920 x 1080.
func BenchmarkPictureFrame(b *testing.B) {
	p := NewPyramid(image.NewRGBA(image.Rect(0, 0, 8660, 5774)))
	dst := image.NewRGBA(image.Rect(0, 0, 1500, 900))
	for _, scale := range []float64{0.15, 0.6, 1, 4} {
		for _, quick := range []bool{false, true} {
			b.Run(fmt.Sprintf("scale=%v/quick=%v", scale, quick), func(b *testing.B) {
				for range b.N {
					p.drawInto(dst, -200, -100, scale, [4]uint8{}, nil, quick)
				}
			})
		}
	}
}

// Making the smaller versions of a 50-megapixel image, off the window's thread.
func BenchmarkPictureMake(b *testing.B) {
	img := image.NewRGBA(image.Rect(0, 0, 8660, 5774))
	for range b.N {
		NewPyramid(img)
	}
}
