//go:build measure

package bench

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// benchPictures makes JPEG files to measure with: a few images are encoded, and each file is one of them with a comment that makes its content its own.
type benchPictures struct {
	width, height int
	files         [][]byte
}

// newBenchPictures encodes n images: smooth shades with fine grain, whose files are about as large as those of photos.
func newBenchPictures(width, height, n int) (*benchPictures, error) {
	b := &benchPictures{width: width, height: height}
	for k := range n {
		random := rand.New(rand.NewPCG(uint64(k), uint64(width)))
		img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
		fx, fy := 2+random.Float64()*9, 2+random.Float64()*9
		column := make([]float64, width)
		for x := range column {
			column[x] = math.Sin(fx * float64(x) / float64(width) * math.Pi)
		}
		for y := range height {
			row := math.Sin(fy * float64(y) / float64(height) * math.Pi)
			line := img.Y[y*img.YStride : y*img.YStride+width]
			for x := range line {
				line[x] = uint8(128 + 90*column[x]*row + float64(random.Uint32()>>28))
			}
		}
		for i := range img.Cb {
			img.Cb[i], img.Cr[i] = uint8(96+k*13%64), uint8(120+k*29%64)
		}
		var file bytes.Buffer
		if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 85}); err != nil {
			return nil, err
		}
		b.files = append(b.files, file.Bytes())
	}
	return b, nil
}

// file is the file of image i.
func (b *benchPictures) file(i int) []byte {
	plain := b.files[i%len(b.files)]
	comment := binary.BigEndian.AppendUint32([]byte{0xff, 0xfe, 0, 6}, uint32(i))
	return append(append(append(make([]byte, 0, len(plain)+len(comment)), plain[:2]...), comment...), plain[2:]...)
}

// benchContent gives the files of a large project: small images, and at the end (by name as well) photos of 12 megapixels and two of 50.
func benchContent(images int) (name func(int) string, content func(int) ([]byte, string, int, int, error), err error) {
	small, err := newBenchPictures(320, 240, 60)
	if err != nil {
		return nil, nil, err
	}
	photos, err := newBenchPictures(4000, 3000, 4)
	if err != nil {
		return nil, nil, err
	}
	large, err := newBenchPictures(8660, 5774, 1)
	if err != nil {
		return nil, nil, err
	}
	plain := max(1, images-Photos-LargePhotos)
	name = func(i int) string {
		switch {
		case i < plain:
			return fmt.Sprintf("camera %d/IMG_%06d.jpg", i%7, i*7919%plain)
		case i < plain+Photos:
			return Photo(i - plain)
		}
		return LargePhoto(i - plain - Photos)
	}
	content = func(i int) ([]byte, string, int, int, error) {
		b := small
		switch {
		case i >= plain+Photos:
			b = large
		case i >= plain:
			b = photos
		}
		return b.file(i), "jpeg", b.width, b.height, nil
	}
	return name, content, nil
}

// How many photos of 12 and of 50 megapixels a measured project has.
const (
	Photos      = 40
	LargePhotos = 2
)

// Photo is the name of a photo of 12 megapixels in a measured project.
func Photo(i int) string { return fmt.Sprintf("photo %02d.jpg", i) }

// LargePhoto is the name of one of 50 megapixels.
func LargePhoto(i int) string { return fmt.Sprintf("survey %d.jpg", i) }
