package interchange

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// How far a data set is looked for from the folder that was named.
const (
	levelsBelow = 4
	levelsAbove = 2
)

// recognise opens the root and finds the source's format and the data sets in
// it: in the folder that was named; else below it, the nearest, of which there
// may be several, such as one a split; else, where the folder's name says that
// it is a part of a data set (images, labels, train), above it.
func (s *Source) recognise(format Format) error {
	if err := s.setRoot(s.dir, ""); err != nil {
		return err
	}
	var asked []*Definition
	for _, d := range byCertainty() {
		if d.Name == format || format == "" {
			asked = append(asked, d)
		}
	}
	if len(asked) == 0 {
		return fmt.Errorf("there is no import format %q; formats are %v", format, Formats())
	}
	if s.file != "" {
		return s.recogniseFile(asked, format)
	}
	plain := func(d *Definition) bool { return d.Known == ByNothing }
	annotated := slices.DeleteFunc(slices.Clone(asked), plain)
	found := s.recogniseHere(annotated) || s.recogniseBelow(annotated)
	if found && s.holdsNoImage() {
		found = s.moveUp(annotated) || found
	}
	if !found && isPart(filepath.Base(absolute(s.dir))) {
		found = s.recogniseAbove(annotated)
	}
	if found {
		return nil
	}
	here := &Folder{tree: s.tree}
	for _, d := range asked {
		if format != "" { // the user chose it
			s.format, s.parts = d, []*Folder{here}
			return nil
		}
		if plain(d) {
			if ok, _ := d.importer.Recognises(here); ok {
				s.format, s.parts = d, []*Folder{here}
				return nil
			}
		}
	}
	return fmt.Errorf("%s holds no images and no annotations in a known format %v", s.path, Formats())
}

// setRoot opens the root; only is the folder below it that was named.
func (s *Source) setRoot(dir, only string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("opening %s for import: %w", s.path, reasonOf(err))
	}
	s.Close()
	s.dir, s.only, s.tree = dir, only, &sourceTree{root: root, opened: map[string]bool{}}
	return nil
}

// recogniseHere asks each format about the folder that was named.
func (s *Source) recogniseHere(asked []*Definition) bool {
	here := &Folder{tree: s.tree}
	for _, d := range asked {
		if d.Known == ByFolders && s.below(slices.DeleteFunc(slices.Clone(asked), func(d *Definition) bool { return d.Known != ByContent })) {
			return true // boxes in the concepts' folders hold more than these
		}
		if s.ask(d, here) {
			s.format, s.parts = d, []*Folder{here}
			return true
		}
	}
	return false
}

// ask asks one format about one folder and keeps its reasons.
func (s *Source) ask(d *Definition, f *Folder) bool {
	ok, err := d.importer.Recognises(f)
	if err != nil {
		p := Problem{File: f.at("."), Reason: err.Error()}
		var in *fileError
		if errors.As(err, &in) {
			p = Problem{File: f.at(in.file), Line: in.line, Reason: "cannot be read as " + d.Title + ": " + in.err.Error()}
		}
		if !slices.Contains(s.refused, p) {
			s.refused = append(s.refused, p)
		}
	}
	return ok
}

// fileError is an error with the file and the line that it is about.
type fileError struct {
	file string
	line int // 0 where it is not known
	err  error
}

func (e *fileError) Error() string { return fmt.Sprintf("%s: %v", e.file, e.err) }
func (e *fileError) Unwrap() error { return e.err }

// recogniseBelow looks for data sets in the folders below.
func (s *Source) recogniseBelow(asked []*Definition) bool { return s.below(asked) }

func (s *Source) below(asked []*Definition) bool {
	here := &Folder{tree: s.tree}
	for _, level := range here.folders(levelsBelow) {
		if len(level) > 2000 {
			return false // folders of concepts or of recordings, not of data sets
		}
		for _, d := range asked {
			var parts []*Folder
			for _, name := range level {
				if f := here.sub(name); s.ask(d, f) {
					parts = append(parts, f)
				}
			}
			if len(parts) == 0 || d.Known == ByFolders && len(parts) > 1 {
				continue
			}
			s.format, s.parts = d, append(parts, s.besideParts(d, here, level, parts)...)
			if len(parts) == 1 && !isPart(parts[0].dir) {
				s.notes = append(s.notes, fmt.Sprintf("the data set lies in %s", parts[0].dir))
			}
			return true
		}
	}
	return false
}

// besideParts are data sets of a format in the folders of splits beside those
// that were recognised, where they lie deeper than in these.
func (s *Source) besideParts(d *Definition, here *Folder, level []string, parts []*Folder) (more []*Folder) {
	if d.Known != ByContent || slices.ContainsFunc(parts, func(f *Folder) bool { return !isSplit(path.Base(f.dir)) }) {
		return nil
	}
	for _, name := range level {
		if !isSplit(path.Base(name)) || slices.ContainsFunc(parts, func(f *Folder) bool { return f.dir == name }) {
			continue
		}
		for _, below := range here.sub(name).folders(levelsBelow) {
			found := len(more)
			for _, inner := range below {
				if f := here.sub(path.Join(name, inner)); s.ask(d, f) {
					more = append(more, f)
				}
			}
			if len(more) > found {
				break
			}
		}
	}
	return more
}

// isSplit reports whether a folder's name is that of a split.
func isSplit(name string) bool {
	split, ok := splitName(name)
	return ok && split != ""
}

// isPart reports whether a folder's name says that it is a part of a data set.
func isPart(name string) bool {
	return isSplit(name) || isImageFolder(name) || isLabelFolder(name) || objData.MatchString(fold(name))
}

// holdsNoImage reports whether there is no image below the root.
func (s *Source) holdsNoImage() bool { return len(s.tree.indexed().stems) == 0 }

// moveUp makes the folder above the root, where that has images: those of
// annotations that lie in a folder of their own. Their folder stays where they
// are looked for.
func (s *Source) moveUp(asked []*Definition) bool {
	before := *s
	dir := absolute(s.dir)
	for range levelsAbove {
		up := filepath.Dir(dir)
		if up == dir || !isPart(filepath.Base(dir)) {
			break
		}
		trial := &Source{path: s.path, file: s.file}
		if trial.setRoot(up, "") != nil {
			break
		}
		inner, err := filepath.Rel(up, absolute(before.dir))
		if err != nil || trial.holdsNoImage() || len(trial.tree.indexed().files) > maxAbove {
			trial.Close()
			dir = up
			continue
		}
		inner = filepath.ToSlash(inner)
		s.Close()
		s.dir, s.tree = trial.dir, trial.tree
		for i, p := range before.parts {
			f := (&Folder{tree: s.tree}).sub(inner + "/" + p.dir)
			f.File = p.File
			s.parts[i] = f
		}
		return true
	}
	return false
}

// maxAbove is how many files may lie below a folder that was not named itself.
const maxAbove = 200_000

// recogniseAbove looks for the data set that the folder is a part of.
func (s *Source) recogniseAbove(asked []*Definition) bool {
	named := absolute(s.dir)
	up := named
	for range levelsAbove {
		if !isPart(filepath.Base(up)) || filepath.Dir(up) == up {
			return false
		}
		up = filepath.Dir(up)
		inner, err := filepath.Rel(up, named)
		if err != nil {
			return false
		}
		trial := &Source{path: s.path}
		if trial.setRoot(up, filepath.ToSlash(inner)) != nil {
			return false
		}
		certain := slices.DeleteFunc(slices.Clone(asked), func(d *Definition) bool { return d.Known != ByContent && d.Known != ByTable })
		if trial.recogniseHere(certain) && len(trial.tree.indexed().files) <= maxAbove {
			s.Close()
			trial.notes = append(trial.notes, fmt.Sprintf("the annotations were read from the folder above, %s", filepath.Base(up)))
			*s = *trial
			return true
		}
		trial.Close()
	}
	return false
}

// recogniseFile finds the format of a file that was named.
func (s *Source) recogniseFile(asked []*Definition, format Format) error {
	f := &Folder{tree: s.tree, File: s.file}
	for _, d := range asked {
		if d.Name != format && !s.ask(d, f) {
			continue
		}
		s.format, s.parts = d, []*Folder{f}
		if d.Known != ByNothing && s.holdsNoImage() {
			s.moveUp(asked)
		}
		return nil
	}
	if len(s.refused) > 0 {
		return errors.New(s.refused[0].String())
	}
	return fmt.Errorf("%s holds no images and no annotations in a known format %v", s.path, Formats())
}

// absolute is a path from the system's root.
func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return strings.TrimRight(dir, "/")
}
