package pictures

import (
	"fmt"
	"image"
	"os"

	"viewfinder/training/picture"
)

// DecodeFile decodes an image file, upright.
func DecodeFile(path string) (*image.RGBA, error) {
	return picture.DecodeFile(path, picture.Limits{})
}

// FileThumbnail is a small picture of an image file, its longest side px pixels at most.
func FileThumbnail(path string, px int) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	defer f.Close()
	small, _, err := picture.DecodeScaled(f, path, px, picture.Limits{})
	return small, err
}
