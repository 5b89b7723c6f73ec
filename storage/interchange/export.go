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

// Outgoing is one image to be exported: its annotations and its bytes.
// ImagePath of the record is not used; the exporter gives the image its place.
// Boxes are in fractions, and Width and Height must be set where there are any.
type Outgoing struct {
	Record
	Name string                        // the image's own file name, with folders (slashes) where it has some; made unique and harmless
	Ext  string                        // ending for its format, such as ".jpg"; "" takes Name's
	Open func() (io.ReadCloser, error) // the image's bytes
	Path string                        // the image's file, where it can be linked to; "" where not
}

// ExportOptions are the choices of an export.
type ExportOptions struct {
	// Apart copies images that are not annotated to a folder of their own where
	// the format has no place for them; else they are left out. In the data
	// set itself others would take them for hard negatives.
	Apart    bool
	Images   ImageMode      // copied, linked or left out
	Progress func(done int) // called after each image, if it is not nil
}

func (o ExportOptions) report(sum ExportSummary) {
	if o.Progress != nil {
		o.Progress(sum.Images + sum.LeftOut)
	}
}

// notAnnotatedFolder is the folder of ExportOptions.Apart.
const notAnnotatedFolder = "not annotated"

// ExportSummary is what an export did.
type ExportSummary struct {
	Images   int
	Renamed  int       // images that could not keep their names, or lost folders; a file lists them
	LeftOut  int       // images that are not annotated, and were left out or copied apart
	Notes    []string  // what concerns the whole
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
// that target is complete or absent.
func Export(ctx context.Context, target string, format Format, h Header, records iter.Seq2[Outgoing, error], options ExportOptions) (ExportSummary, error) {
	sum, err := export(ctx, target, format, h, records, options)
	if err != nil {
		return sum, fmt.Errorf("exporting to %s: %w", target, err)
	}
	return sum, nil
}

func export(ctx context.Context, target string, format Format, h Header, records iter.Seq2[Outgoing, error], options ExportOptions) (sum ExportSummary, err error) {
	definition, _ := Lookup(format)
	if !definition.Writes() {
		return sum, fmt.Errorf("there is no export format %q", format)
	}
	if err := definition.suits(h.ViewType); err != nil {
		return sum, err
	}
	if options.Images == LeaveImages && !definition.NamesImages() {
		return sum, fmt.Errorf("the format %s is nothing but the images: they cannot be left out", format)
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
	f := &exportFolder{dir: temp, title: filepath.Base(target), images: options.Images, naming: definition.naming, taken: map[string]bool{}}
	defer func() {
		if err != nil {
			f.abandon()
		}
	}()
	var held Content
	var apart []string
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
		held.Count(definition, r)
		if definition.Omits(r) {
			sum.LeftOut++
			if options.Apart {
				p, err := f.addImage(notAnnotatedFolder, out)
				if err != nil {
					return sum, fmt.Errorf("copying the image %s: %w", out.Name, err)
				}
				apart = append(apart, p)
			}
			options.report(sum)
			continue
		}
		if r.ImagePath, err = f.addImage(e.place(r), out); err != nil {
			return sum, fmt.Errorf("copying the image %s: %w", out.Name, err)
		}
		err = e.add(r, func(reason string) {
			sum.Problems = append(sum.Problems, Problem{File: r.ImagePath, Reason: reason})
		})
		if err != nil {
			return sum, err
		}
		sum.Images++
		options.report(sum)
	}
	if err := e.end(); err != nil {
		return sum, err
	}
	if len(apart) > 0 && options.Images == LeaveImages {
		if err := f.writeLines(notAnnotatedFolder+".txt", apart); err != nil {
			return sum, err
		}
	}
	if err := f.list(); err != nil {
		return sum, err
	}
	sum.Renamed = len(f.renamed)
	sum.Notes = append(definition.NotHeld(held, options), f.notes()...)
	if err := os.Chmod(temp, 0o755); err != nil {
		return sum, err
	}
	os.Remove(target) // empty, or not there
	return sum, wholefile.Rename(temp, target)
}
