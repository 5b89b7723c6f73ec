package transfer

import (
	"archive/zip"
	"context"
	"errors"
	"image"
	"io"
	"path"
	"path/filepath"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/training/picture"
)

// FoundImage is one of the first images of a source, as it would be imported.
type FoundImage struct {
	Name     string
	Picture  *image.RGBA // at most FirstSide pixels; nil where it cannot be read
	Reason   string      // why not
	Concepts []string    // of the whole image
	Boxes    []FoundBox
}

// FoundBox is an annotated box, in fractions of the upright image.
type FoundBox struct {
	domain.Box
	Concept string
}

// FirstSide is the longer side of the pictures of FirstImages.
const FirstSide = 240

// maxFirstBytes bounds an image that is read out of an archive for FirstImages.
const maxFirstBytes = 256 << 20

// firstImages decodes the records' images at reduced size, with their boxes. open opens a record's image.
func firstImages(ctx context.Context, records []interchange.Record, open func(interchange.Record) (interchange.ImageFile, error)) []FoundImage {
	var all []FoundImage
	for _, r := range records {
		if ctx.Err() != nil {
			break
		}
		one := FoundImage{Name: r.ImagePath, Concepts: r.Concepts}
		if err := one.read(r, open); err != nil {
			one.Reason = err.Error()
			var broken *picture.Error
			if errors.As(err, &broken) {
				one.Reason = broken.Reason
			}
		}
		all = append(all, one)
	}
	return all
}

func (f *FoundImage) read(r interchange.Record, open func(interchange.Record) (interchange.ImageFile, error)) error {
	file, err := open(r)
	if err != nil {
		return err
	}
	defer file.Close()
	pix, info, err := picture.DecodeScaled(file, r.ImagePath, FirstSide, picture.Limits{})
	if err != nil {
		return err
	}
	f.Picture = pix
	r.Boxes = append([]interchange.Box(nil), r.Boxes...)
	r.Resolve(info.Width, info.Height, info.Orientation, func(ImportProblem) {}) // counted where all is read
	for _, b := range r.Boxes {
		f.Boxes = append(f.Boxes, FoundBox{b.Box, b.Concept})
	}
	return nil
}

// zippedImages opens images of a ZIP archive by their paths below a folder of it.
func zippedImages(file, below string) (open func(interchange.Record) (interchange.ImageFile, error), closing func() error, err error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, err
	}
	entries := map[string]*zip.File{}
	for _, f := range archive.File {
		entries[path.Clean(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	return func(r interchange.Record) (interchange.ImageFile, error) {
		f := entries[path.Join(filepath.ToSlash(below), r.ImagePath)]
		if f == nil {
			return nil, errors.New("it is not in the archive")
		}
		in, err := f.Open()
		if err != nil {
			return nil, err
		}
		defer in.Close()
		data, err := io.ReadAll(io.LimitReader(in, maxFirstBytes+1))
		if err == nil && len(data) > maxFirstBytes {
			err = errors.New("it is too large to be shown before it is imported")
		}
		return interchange.InMemory(data), err
	}, archive.Close, nil
}
