package interchange

import (
	"fmt"
	"path"
	"strings"
)

// foldersExporter writes what foldersImporter reads: train/CONCEPT/image.jpg.
// Images that are not annotated, or have no split, lie one level higher.
type foldersExporter struct {
	names map[string]string // concept to folder
}

func (e *foldersExporter) begin(f *exportFolder, h Header) error {
	e.names = map[string]string{}
	taken := map[string]bool{}
	for _, c := range h.Concepts {
		stem := folderName(c)
		name := stem
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", stem, n)
		}
		taken[strings.ToLower(name)] = true
		e.names[c] = name
		for _, split := range []string{Train, Val} { // so that one without images is known
			if err := f.mkdir(path.Join(split, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// folderName is a concept's folder; one that would be taken for a part of a
// data set's layout gets another name.
func folderName(concept string) string {
	name := fileName(concept)
	if isImageFolder(name) || isLabelFolder(name) {
		name += "_"
	}
	return name
}

func (e *foldersExporter) place(r Record) string {
	split := r.Split
	if split == "" {
		split = Train
	}
	if !r.HasAnnotation || len(r.Concepts) == 0 {
		return split
	}
	name, ok := e.names[r.Concepts[0]]
	if !ok {
		name = folderName(r.Concepts[0])
	}
	return path.Join(split, name)
}

func (e *foldersExporter) add(r Record, problem func(string)) error {
	if len(r.Concepts) > 1 {
		problem(fmt.Sprintf("only the first of its %d concepts was kept: a folder holds one", len(r.Concepts)))
	}
	if len(r.Concepts) > 0 && path.Base(path.Dir(r.ImagePath)) != r.Concepts[0] {
		problem(fmt.Sprintf("the concept %q was written as %q: its name is not possible for a folder", r.Concepts[0], path.Base(path.Dir(r.ImagePath))))
	}
	return nil
}

func (e *foldersExporter) end() error { return nil }
