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
)

// Yield takes a record. An error it returns ends the reading and is returned
// by Read as it is.
type Yield func(Record) error

// Report takes a problem.
type Report func(Problem)

// Importer reads one format. Its methods are given the root of a source, a
// folder that cannot be left, and the path of the file within it that the
// user named ("" where it was the folder).
type Importer interface {
	// Recognises says whether the source looks like this format; cheap.
	Recognises(root *os.Root, file string) bool
	// Read yields the records in a fixed order.
	Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error)
}

// Source is a folder or file of images and annotations, opened for import.
type Source struct {
	path   string // as given
	dir    string // the root folder
	file   string // below dir; "" where path is a folder
	root   *os.Root
	format *Definition
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
	if s.root, err = os.OpenRoot(s.dir); err != nil {
		return nil, fmt.Errorf("opening %s for import: %w", path, reasonOf(err))
	}
	for _, d := range bySureness() {
		if d.Name == format || format == "" && d.importer.Recognises(s.root, s.file) {
			s.format = d
			return s, nil
		}
	}
	s.root.Close()
	if format != "" {
		return nil, fmt.Errorf("there is no import format %q; formats are %v", format, Formats())
	}
	return nil, fmt.Errorf("%s holds no images and no annotations in a known format %v", path, Formats())
}

// Format tells the source's format.
func (s *Source) Format() Format { return s.format.Name }

// Root is the folder that image paths are relative to.
func (s *Source) Root() string { return s.dir }

// Name is a name for what is imported: the folder's, or the file's without its
// ending, unless that is a word such as "labels", which says nothing.
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

// Read yields the source's records in a fixed order and reports problems.
// The header is complete when it returns. Reading twice is allowed; Scan does
// so to know what comes.
func (s *Source) Read(ctx context.Context, yield Yield, problem Report) (Header, error) {
	if problem == nil {
		problem = func(Problem) {}
	}
	h, err := s.format.importer.Read(ctx, s.root, s.file, yield, problem)
	h.Format = s.Format()
	if h.Name == "" {
		h.Name = s.Name()
	}
	return h, err
}

// Summary is what Scan found.
type Summary struct {
	Header
	Records  int // images
	Problems int
}

// Scan reads the source once, images unopened, and says what it holds: with
// its view type and all of its concepts, declared ones first, then in order of
// appearance.
func (s *Source) Scan(ctx context.Context) (Summary, error) {
	var sum Summary
	var seen conceptList
	h, err := s.Read(ctx, func(r Record) error {
		sum.Records++
		for _, c := range r.Concepts {
			seen.add(c)
		}
		for _, b := range r.Boxes {
			seen.add(b.Concept)
		}
		return nil
	}, func(Problem) { sum.Problems++ })
	sum.Header = h
	var all conceptList
	for _, c := range append(h.Concepts, seen.names...) {
		all.add(c)
	}
	sum.Concepts = all.names
	return sum, err
}

// Open opens a record's image. The file is a regular one below the root.
func (s *Source) Open(r Record) (*os.File, error) {
	name, err := safePath(r.ImagePath)
	if err != nil {
		return nil, err
	}
	info, err := s.root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, reasonOf(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path.Base(name))
	}
	f, err := s.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, reasonOf(err)
	}
	return f, nil
}

// Close releases the source's folder.
func (s *Source) Close() error { return s.root.Close() }

// reasonOf puts the system's commonest refusals into words; the original error
// stays wrapped.
func reasonOf(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &systemError{"there is no such file", err}
	case errors.Is(err, fs.ErrPermission):
		return &systemError{"you have no right to read it", err}
	}
	var p *fs.PathError
	if errors.As(err, &p) && p.Err != nil && p.Err.Error() == "path escapes from parent" {
		return &systemError{"it leads out of the folder that is imported (a link or ..)", err}
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
