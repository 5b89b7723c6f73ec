package interchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"viewfinder/storage/wholefile"
)

// Outgoing is one image to be exported: what is said about it, and its bytes.
// ImagePath of the record is not used; the exporter gives the image its place.
// Boxes are in fractions, and Width and Height must be set where there are any.
type Outgoing struct {
	Record
	Name string                        // the image's own file name; made unique and harmless
	Ext  string                        // ending for its format, such as ".jpg"; "" takes Name's
	Open func() (io.ReadCloser, error) // the image's bytes
}

// ExportSummary is what an export did.
type ExportSummary struct {
	Images   int
	Problems []Problem // what the format could not hold, by image
}

// exporter writes one format. The images are copied by Export: place says
// where one goes, add is called with ImagePath set to where it went.
type exporter interface {
	begin(f *exportFolder, h Header) error
	place(r Record) (dir string)
	add(r Record, problem func(reason string)) error
	end() error
}

// Export writes records, in their order, to the folder target, which must not
// exist or be empty. The header's ViewType and Concepts (Views for the Studio
// format) describe what is exported. It is written beside and renamed, so
// that target is complete or absent. progress is called after each image.
func Export(ctx context.Context, target string, format Format, h Header, records iter.Seq2[Outgoing, error], progress func(done int)) (ExportSummary, error) {
	sum, err := export(ctx, target, format, h, records, progress)
	if err != nil {
		return sum, fmt.Errorf("exporting to %s: %w", target, err)
	}
	return sum, nil
}

func export(ctx context.Context, target string, format Format, h Header, records iter.Seq2[Outgoing, error], progress func(done int)) (sum ExportSummary, err error) {
	definition, _ := Lookup(format)
	if !definition.Writes() {
		return sum, fmt.Errorf("there is no export format %q", format)
	}
	if err := definition.suits(h.ViewType); err != nil {
		return sum, err
	}
	if entries, err := os.ReadDir(target); err == nil && len(entries) > 0 {
		return sum, errors.New("the folder is not empty; choose a new one")
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return sum, err
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return sum, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+".partial-*")
	if err != nil {
		return sum, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(temp)
		}
	}()
	f := &exportFolder{dir: temp, taken: map[string]bool{}}
	e := definition.exporter()
	if err := e.begin(f, h); err != nil {
		return sum, err
	}
	for out, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return sum, err
		}
		r := out.Record
		if r.ImagePath, err = f.copyImage(e.place(r), out); err != nil {
			return sum, fmt.Errorf("copying the image %s: %w", out.Name, err)
		}
		err = e.add(r, func(reason string) {
			sum.Problems = append(sum.Problems, Problem{File: r.ImagePath, Reason: reason})
		})
		if err != nil {
			return sum, err
		}
		sum.Images++
		if progress != nil {
			progress(sum.Images)
		}
	}
	if err := e.end(); err != nil {
		return sum, err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return sum, err
	}
	os.Remove(target) // empty, or not there
	return sum, wholefile.Rename(temp, target)
}
