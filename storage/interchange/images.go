package interchange

import (
	"context"
	"errors"
	"os"
)

// Images is the name of this format.
const Images Format = "images"

// imagesFormat is the definition of images alone.
var imagesFormat = Definition{
	Name: Images, Title: "images",
	Summary:  "images without annotations",
	Files:    "images, in any folders",
	Known:    ByNothing,
	importer: imagesImporter{},
	exporter: func() exporter { return imagesExporter{} },
}

// imagesImporter takes one image file, or every image of a folder and of the
// folders in it, without annotations.
type imagesImporter struct{}

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
