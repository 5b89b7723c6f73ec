package interchange

import (
	"context"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// Folders is the name of this format.
const Folders Format = "folders"

// foldersFormat is Folders' definition.
var foldersFormat = Definition{
	Name: Folders, Title: "folders as concepts",
	Summary:  "one folder per concept; train/, val/ and test/ above them are splits",
	Files:    "`CONCEPT/image.jpg`, or `train/CONCEPT/image.jpg` and the same in `val/` and `test/`",
	Holds:    Holds{Tasks: []domain.Task{domain.Classification}, Splits: true, Unannotated: true},
	Only:     "holds one concept an image and suits classification",
	Instead:  "csv",
	Known:    ByFolders,
	importer: foldersImporter{},
	exporter: func() exporter { return &foldersExporter{} },
}

// foldersImporter reads classification data laid out as one folder a concept.
// Every image below a concept's folder, at any depth, carries it. Folders named
// after splits (train, val, valid, validation, test) are splits, and the
// concepts' folders lie within these. Folders of a layout
// (images, JPEGImages, labels) are no concepts: the concepts' folders may lie
// in those of images. Images beside the concepts' folders are taken without annotation.
type foldersImporter struct{}

// conceptFolder is a folder whose images have one concept; those of "" have
// no annotation and lie in the folder itself.
type conceptFolder struct {
	dir, concept string
	split        string
	deep         bool // images in the folders below count, too
}

// Recognises a folder that has images in at least two folders of its own, or,
// within folders named after splits, in any.
func (foldersImporter) Recognises(f *Folder) (bool, error) {
	if f.File != "" {
		return false, nil
	}
	concepts, inSplit := 0, false
	for _, c := range conceptFolders(f, func(Problem) {}) {
		if c.concept != "" && holdsImage(f, c.dir) {
			concepts++
			inSplit = inSplit || c.split != ""
		}
	}
	return concepts >= 2 || concepts == 1 && inSplit, nil
}

// holdsImage reports whether an image lies in the folder itself.
func holdsImage(f *Folder, dir string) bool {
	entries, _ := f.list(dir)
	for _, e := range entries {
		if !e.dir && isImageName(e.name) {
			return true
		}
	}
	return false
}

// conceptFolders lists the folders whose images have a concept, and those
// whose images have none, in the order of the entries.
func conceptFolders(f *Folder, problem Report) []conceptFolder {
	var found []conceptFolder
	var look func(dir, split string, depth int)
	look = func(dir, split string, depth int) {
		entries, err := f.list(dir)
		if err != nil {
			problem(Problem{File: dir, Reason: "the folder was skipped: " + err.Error()})
			return
		}
		splits, concepts := 0, 0
		for _, e := range entries {
			if !e.dir {
				continue
			}
			if s, ok := splitName(e.name); ok && s != "" && split == "" {
				splits++
			} else if !isStructure(e.name, entries) {
				concepts++
			}
		}
		found = append(found, conceptFolder{dir: dir, split: split})
		for _, e := range entries {
			p := path.Join(dir, e.name)
			s, ok := splitName(e.name)
			isSplit := ok && s != "" && split == ""
			switch {
			case !e.dir:
			case isSplit && concepts > 0 && splits == 1 && !holdsFolders(f, p):
				// One folder named after a split, beside concepts: whatever it is, it is no concept.
				problem(Problem{File: p, Reason: "the folder's name is a split's, not a concept's: its images are not annotated"})
				found = append(found, conceptFolder{dir: p, split: s, deep: true})
			case isSplit && depth < 4:
				look(p, s, depth+1)
			case isImageFolder(e.name) && depth < 4:
				look(p, split, depth+1)
			case isStructure(e.name, entries), isSplit:
				found = append(found, conceptFolder{dir: p, split: split, deep: true})
			case splits > 0 && splitsHoldConcepts(f, dir, entries):
				found = append(found, conceptFolder{dir: p, deep: true}) // beside train and val
			default:
				concept, err := conceptName(e.name)
				if err != nil {
					problem(Problem{File: p, Reason: "the folder was skipped: " + err.Error()})
					continue
				}
				found = append(found, conceptFolder{p, concept, split, true})
			}
		}
	}
	look("", "", 0)
	return found
}

// holdsFolders reports whether a folder has folders that may be concepts.
func holdsFolders(f *Folder, dir string) bool {
	entries, _ := f.list(dir)
	for _, e := range entries {
		if e.dir {
			return true
		}
	}
	return false
}

// splitsHoldConcepts reports whether folders named after splits hold folders.
func splitsHoldConcepts(f *Folder, dir string, entries []entry) bool {
	for _, e := range entries {
		if s, ok := splitName(e.name); e.dir && ok && s != "" && holdsFolders(f, path.Join(dir, e.name)) {
			return true
		}
	}
	return false
}

func (foldersImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Classification}
	if f.File != "" {
		return h, fmt.Errorf("%s is a file; the format %q wants a folder that holds one folder a concept", f.File, Folders)
	}
	if _, err := f.list(""); err != nil {
		return h, err
	}
	var concepts conceptList
	images := 0
	for _, c := range conceptFolders(f, problem) {
		visit := func(p string) error {
			images++
			r := Record{File: p, ImagePath: p, Split: c.split}
			if c.concept != "" {
				r.HasAnnotation, r.Concepts = true, []string{c.concept}
			}
			return yield(r)
		}
		if c.concept != "" {
			concepts.add(c.concept)
		}
		if c.deep {
			if err := f.walkImages(ctx, c.dir, visit, problem); err != nil {
				return h, err
			}
			continue
		}
		entries, _ := f.list(c.dir)
		for _, e := range entries {
			p := path.Join(c.dir, e.name)
			switch {
			case e.err != nil:
				problem(Problem{File: p, Reason: e.err.Error()})
			case !e.dir && isImageName(e.name):
				if err := visit(p); err != nil {
					return h, err
				}
			}
		}
		if err := ctx.Err(); err != nil {
			return h, err
		}
	}
	h.Concepts = concepts.names
	if images == 0 {
		return h, &emptyError{noImages}
	}
	return h, nil
}

// noImages is the reason for refusing a folder without images; it lists the supported endings.
var noImages = "the folder contains no image (" + strings.Join([]string{".jpg", ".png", ".webp", ".bmp", ".tif", ".gif"}, ", ") + ")"
