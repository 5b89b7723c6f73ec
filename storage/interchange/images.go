package interchange

import (
	"context"
	"errors"
	"os"
)

// imagesImporter takes one image file, or every image of a folder and of the
// folders in it, without annotations.
type imagesImporter struct{}

func (imagesImporter) Format() Format { return Images }

// Recognises takes what no other format took: a folder or an image file.
func (imagesImporter) Recognises(_ *os.Root, file string) bool {
	return file == "" || isImageName(file)
}

func (imagesImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	if file != "" { // named by the user: whatever its ending, it is tried
		return Header{}, yield(Record{File: file, ImagePath: file})
	}
	n := 0
	err := walkImages(ctx, root, "", func(p string) error {
		n++
		return yield(Record{File: p, ImagePath: p})
	}, problem)
	if err == nil && n == 0 {
		err = errors.New("the folder holds no image (.jpg, .png, .webp, .bmp, .tif, .gif)")
	}
	return Header{}, err
}
