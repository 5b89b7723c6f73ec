package picture

import (
	"errors"
	"fmt"
	"image"
	"os"
)

// DecodeFile decodes the image file at path, upright and opaque. A folder, a pipe or a device is refused.
func DecodeFile(path string, l Limits) (*image.RGBA, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	defer f.Close()
	img, _, err := Decode(f, path, l)
	return img, err
}
