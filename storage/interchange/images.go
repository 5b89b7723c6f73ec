package interchange

import "context"

// Images is the name of this format.
const Images Format = "images"

// imagesFormat is the definition of images alone.
var imagesFormat = Definition{
	Name: Images, Title: "images",
	Summary:  "images without annotations",
	Files:    "images, in any folders",
	Loses:    "pages of a TIFF and frames of a GIF beyond the first, which are counted; JPEG 2000, JPEG XL, HEIC, camera raw files and drawings (SVG) are not read, and are named",
	Holds:    Holds{Unannotated: true},
	Known:    ByNothing,
	importer: imagesImporter{},
	naming:   keepPath,
	exporter: func() exporter { return imagesExporter{} },
}

// imagesImporter takes one image file, or every image of a folder and of the
// folders in it, without annotations. Folders named after splits are splits.
type imagesImporter struct{}

// Recognises takes what no other format took: a folder or an image file.
func (imagesImporter) Recognises(f *Folder) (bool, error) {
	return f.File == "" || isImageName(f.File), nil
}

func (imagesImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	if f.File != "" { // named by the user: whatever its ending, it is tried
		return Header{}, yield(Record{File: f.File, ImagePath: f.File})
	}
	n := 0
	err := f.walkImages(ctx, "", func(p string) error {
		n++
		return yield(Record{File: p, ImagePath: p, Split: splitOfPath(p)})
	}, problem)
	if err == nil && n == 0 {
		err = &emptyError{noImages}
	}
	return Header{}, err
}
