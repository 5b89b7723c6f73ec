package interchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"viewfinder/storage/domain"
)

// Yield takes a record. An error it returns ends the reading and is returned
// by Read as it is.
type Yield func(Record) error

// Report takes a problem.
type Report func(Problem)

// Importer reads one format.
type Importer interface {
	// Recognises reports whether the folder (or the file of it that the user
	// named) looks like this format; cheap, and by head, so that nothing
	// counts as read. An error means that something of this format lies there,
	// and why it cannot be read: the next format is asked, and the user told.
	Recognises(f *Folder) (bool, error)
	// Read yields the records in a fixed order.
	Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error)
}

// Source is a folder or file of images and annotations, opened for import.
type Source struct {
	path    string // as given
	dir     string // the root folder
	only    string // the folder below the root that was named, where the root is above it: the only images that count
	file    string // name of the file that was named; "" where path is a folder
	tree    *sourceTree
	format  *Definition
	parts   []*Folder // the data sets in it, all of the format
	refused []Problem // what formats recognised and cannot read
	notes   []string
}

// OpenSource opens what lies at path. With format "" it is recognised.
func OpenSource(path string, format Format) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening %s for import: %w", path, reasonOf(err))
	}
	s := &Source{path: path, dir: path}
	if !info.IsDir() {
		s.dir, s.file = filepath.Dir(path), filepath.Base(path)
	}
	if err := s.recognise(format); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Format returns the source's format.
func (s *Source) Format() Format { return s.format.Name }

// Root is the folder that image paths are relative to.
func (s *Source) Root() string { return s.dir }

// Name is a name for what is imported: the folder's, or the file's without its
// ending, unless that is a word such as "labels", which identifies nothing.
func (s *Source) Name() string {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		dir = s.dir
	}
	switch stem := strings.TrimSuffix(s.file, filepath.Ext(s.file)); strings.ToLower(stem) {
	case "", "labels", "label", "annotations", "_annotations", "_annotations.coco", "data", "dataset", "index", "import":
		return filepath.Base(dir)
	default:
		return stem
	}
}

// Read yields the source's records in a fixed order and reports problems, at
// the end those of label files that nobody read. The header is complete when
// it returns. Reading twice is allowed; Scan does so to know what comes.
func (s *Source) Read(ctx context.Context, yield Yield, problem Report) (Header, error) {
	if problem == nil {
		problem = func(Problem) {}
	}
	s.tree.opened, s.tree.tails = map[string]bool{}, tails{}
	h := Header{Format: s.Format(), Name: s.Name()}
	for _, p := range s.refused {
		s.tree.opened[p.File] = true
		problem(p)
		h.Lost.Files++
	}
	seen := map[string]bool{}
	var concepts conceptList
	for i, part := range s.parts {
		ph, err := s.format.importer.Read(ctx, part, s.take(part, seen, yield, problem, &h.Lost), func(p Problem) { problem(part.problem(p)) })
		if err != nil && len(s.parts) > 1 && ctx.Err() == nil && isEmpty(err) {
			problem(Problem{File: part.at("."), Reason: "was skipped: " + err.Error()})
			err = nil
		}
		for _, c := range ph.Concepts {
			concepts.add(c)
		}
		if i == 0 {
			h.ViewType, h.Views = ph.ViewType, ph.Views
			if ph.Name != "" {
				h.Name = ph.Name
			}
		} else {
			h.ViewType = widest(h.ViewType, ph.ViewType)
		}
		h.Notes = append(h.Notes, ph.Notes...)
		if err != nil {
			h.Concepts = concepts.names
			s.unread(&h, problem)
			return h, err
		}
	}
	h.Concepts = concepts.names
	h.Notes = append(append(h.Notes, s.notes...), s.tree.tails.note()...)
	h.Notes = append(h.Notes, s.unnamed(seen)...)
	s.unread(&h, problem)
	return h, nil
}

// emptyError is the error of a data set without images; where there are several, the
// others count.
type emptyError struct{ words string }

func (e *emptyError) Error() string { return e.words }

func isEmpty(err error) bool {
	var e *emptyError
	return errors.As(err, &e)
}

// take completes a record of a part, and drops what does not count.
func (s *Source) take(part *Folder, seen map[string]bool, yield Yield, problem Report, lost *Lost) Yield {
	return func(r Record) error {
		r.File, r.ImagePath = part.at(r.File), part.at(r.ImagePath)
		if s.only != "" && !strings.HasPrefix(r.ImagePath, s.only+"/") {
			return nil
		}
		if seen[r.ImagePath] && len(s.parts) > 1 {
			problem(Problem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: "the image was named by another file already, which counts"})
			return nil
		}
		seen[r.ImagePath] = true
		if r.Split == "" && part.dir != "" {
			r.Split = splitOfPath(part.dir + "/x")
		}
		r.settle(lost)
		return yield(r)
	}
}

// problem names files as from the root.
func (f *Folder) problem(p Problem) Problem {
	if p.File != "" {
		p.File = f.at(p.File)
	}
	if rest, rooted := strings.CutPrefix(p.Record, "/"); rooted && f.dir != "" {
		p.Record = rest
	}
	return p
}

// widest is the task that suits two data sets.
func widest(a, b domain.Task) domain.Task {
	switch {
	case a == "":
		return b
	case b == "" || a == b:
		return a
	case a.HasBoxes() || b.HasBoxes():
		return domain.Detection
	}
	return domain.Tagging
}

// Summary is what Scan found.
type Summary struct {
	Header
	Records  int // images
	Marked   int // of them annotated
	Boxes    int
	First    []Record // the first few
	Problems int
	Reported []Problem // the first hundred of them
}

// firstRecords is how many records a Summary keeps.
const firstRecords = 9

// Scan reads the source once, without opening the images, and returns what it holds: with
// its view type and all of its concepts, declared ones first, then in order of
// appearance.
func (s *Source) Scan(ctx context.Context) (Summary, error) {
	var sum Summary
	var seen conceptList
	h, err := s.Read(ctx, func(r Record) error {
		sum.Records++
		if len(sum.First) < firstRecords {
			sum.First = append(sum.First, r)
		}
		if r.HasAnnotation || len(r.Views) > 0 {
			sum.Marked++
		}
		sum.Boxes += len(r.Boxes)
		for _, v := range r.Views {
			for _, region := range v.Regions {
				if region.Box != nil {
					sum.Boxes++
				}
			}
		}
		for _, c := range r.Concepts {
			seen.add(c)
		}
		for _, b := range r.Boxes {
			seen.add(b.Concept)
		}
		return nil
	}, func(p Problem) {
		if sum.Problems++; len(sum.Reported) < 100 {
			sum.Reported = append(sum.Reported, p)
		}
	})
	sum.Header = h
	var all conceptList
	for _, c := range append(h.Concepts, seen.names...) {
		all.add(c)
	}
	sum.Concepts = all.names
	return sum, err
}

// Open opens a record's image. The file is a regular one below the root.
func (s *Source) Open(r Record) (ImageFile, error) {
	if r.embedded != nil {
		data, err := r.embedded()
		if err != nil {
			return nil, err
		}
		return InMemory(data), nil
	}
	name, err := safePath(r.ImagePath)
	if err != nil {
		return nil, err
	}
	info, err := s.tree.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, reasonOf(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path.Base(name))
	}
	f, err := s.tree.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, reasonOf(err)
	}
	return f, nil
}

// Close releases the source's folder.
func (s *Source) Close() error {
	if s.tree == nil {
		return nil
	}
	return s.tree.root.Close()
}

// reasonOf describes the system's most common errors; the original error
// stays wrapped.
func reasonOf(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &systemError{"there is no such file", err}
	case errors.Is(err, fs.ErrPermission):
		return &systemError{"permission denied", err}
	}
	var p *fs.PathError
	if errors.As(err, &p) && p.Err != nil && p.Err.Error() == "path escapes from parent" {
		return &systemError{"it leads outside the imported folder (a link or ..)", err}
	}
	return err
}

type systemError struct {
	words string
	err   error
}

func (e *systemError) Error() string { return e.words }
func (e *systemError) Unwrap() error { return e.err }

// conceptList keeps names in order of appearance, each once.
type conceptList struct {
	names []string
	index map[string]int
}

func (l *conceptList) add(name string) int {
	if i, ok := l.index[name]; ok {
		return i
	}
	if l.index == nil {
		l.index = map[string]int{}
	}
	l.index[name] = len(l.names)
	l.names = append(l.names, name)
	return len(l.names) - 1
}

// keep leaves out the names that are not to be kept.
func (l *conceptList) keep(is func(name string) bool) {
	kept := conceptList{}
	for _, n := range l.names {
		if is(n) {
			kept.add(n)
		}
	}
	*l = kept
}
