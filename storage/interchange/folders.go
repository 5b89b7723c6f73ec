package interchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"

	"viewfinder/storage/domain"
)

// Folders is the name of this format.
const Folders Format = "folders"

// foldersFormat is Folders' definition.
var foldersFormat = Definition{
	Name: Folders, Title: "folders as concepts",
	Summary:  "one folder a concept; train/ and val/ above them are splits",
	Files:    "`CONCEPT/image.jpg`, or `train/CONCEPT/image.jpg` and `val/CONCEPT/image.jpg`",
	Holds:    Holds{Tasks: []domain.Task{domain.Classification}, Splits: true},
	Only:     "holds one concept an image and suits classification",
	Instead:  "csv",
	Known:    ByFolders,
	importer: foldersImporter{},
	exporter: func() exporter { return &foldersExporter{} },
}

// foldersImporter reads classification data laid out as one folder a concept.
// Every image below a concept's folder, at any depth, carries it. Where all
// folders at the top are named after splits (train, val, valid, validation,
// test), the concepts' folders lie within these; test counts as val. Images
// beside the concepts' folders are taken without annotation.
type foldersImporter struct{}

// Recognises a folder that has images in at least two folders of its own, or,
// within folders named after splits, in any.
func (f foldersImporter) Recognises(root *os.Root, file string) bool {
	if file != "" {
		return false
	}
	top, err := list(root, "")
	if err != nil {
		return false
	}
	if splits := splitFolders(top); len(splits) > 0 {
		for _, s := range splits {
			if countConcepts(root, s) > 0 {
				return true
			}
		}
		return false
	}
	return countConcepts(root, "") >= 2
}

// countConcepts counts the folders in dir that hold an image themselves.
func countConcepts(root *os.Root, dir string) int {
	n := 0
	entries, _ := list(root, dir)
	for _, e := range entries {
		if !e.dir {
			continue
		}
		inner, _ := list(root, path.Join(dir, e.name))
		for _, i := range inner {
			if !i.dir && isImageName(i.name) {
				n++
				break
			}
		}
	}
	return n
}

// splitFolders returns the names of the folders at the top if all of them are
// named after splits, one of which is train or val.
func splitFolders(top []entry) []string {
	var names []string
	own := false
	for _, e := range top {
		if !e.dir {
			continue
		}
		_, isTest, ok := splitName(e.name)
		if !ok {
			return nil
		}
		own = own || !isTest
		names = append(names, e.name)
	}
	if !own {
		return nil
	}
	return names
}

func (foldersImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Classification}
	if file != "" {
		return h, fmt.Errorf("%s is a file; the format %q wants a folder that holds one folder a concept", file, Folders)
	}
	top, err := list(root, "")
	if err != nil {
		return h, err
	}
	var concepts conceptList
	images, tests := 0, 0
	read := func(dir, split string, isTest bool) error {
		visit := func(concept string) func(string) error {
			return func(p string) error {
				images++
				if isTest {
					tests++
				}
				r := Record{File: p, ImagePath: p, Split: split}
				if concept != "" {
					r.HasAnnotation, r.Concepts = true, []string{concept}
				}
				return yield(r)
			}
		}
		entries, err := list(root, dir)
		if err != nil && dir != "" {
			problem(Problem{File: dir, Reason: "the folder was skipped: " + err.Error()})
			return nil
		}
		for _, e := range entries {
			p := path.Join(dir, e.name)
			switch {
			case e.err != nil:
				problem(Problem{File: p, Reason: e.err.Error()})
			case e.dir:
				concept, err := conceptName(e.name)
				if err != nil {
					problem(Problem{File: p, Reason: "the folder was skipped: " + err.Error()})
					continue
				}
				concepts.add(concept)
				if err := walkImages(ctx, root, p, visit(concept), problem); err != nil {
					return err
				}
			case isImageName(e.name):
				if err := visit("")(p); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	}
	if splits := splitFolders(top); len(splits) > 0 {
		for _, s := range splits {
			split, isTest, _ := splitName(s)
			if err := read(s, split, isTest); err != nil {
				return h, err
			}
		}
	} else if err := read("", "", false); err != nil {
		return h, err
	}
	h.Concepts, h.Notes = concepts.names, testNote(tests)
	if images == 0 {
		return h, errors.New("the folder holds no image (.jpg, .png, .webp, .bmp, .tif, .gif)")
	}
	return h, nil
}
