package weights

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/storage/wholefile"
	"viewfinder/training/checkpoint"
)

// Library is a folder of networks that were read, one safetensors file each, for all of a user's projects.
type Library struct{ Dir string }

// Entry is a network of a library.
type Entry struct {
	Name string // of the entry: its file's, without the ending
	Path string
	// Title, Architecture, Source, Licence and Size are the Network's.
	Title, Architecture, Source, Licence string
	Size                                 int
	Labels                               []string
	Bytes                                int64
}

const libraryEnding = ".safetensors"

// Add reads the network at path and keeps a copy, under the name of the file; where that is taken, a number is added. left are the tensors that were
// not taken. The error is Read's, or the system's where nothing can be written: then nothing was.
func (l Library) Add(path string) (e Entry, left []string, err error) {
	n, err := Read(path)
	if err != nil {
		return Entry{}, nil, err
	}
	if err := os.MkdirAll(l.Dir, 0o755); err != nil {
		return Entry{}, nil, fmt.Errorf("making the folder for weights: %w", err)
	}
	if n.Source == "" {
		n.Source = filepath.Base(path)
	}
	base := plainName(path)
	for i := 1; ; i++ {
		name := base
		if i > 1 {
			name = fmt.Sprintf("%s-%d", base, i)
		}
		file := filepath.Join(l.Dir, name+libraryEnding)
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			if err != nil {
				return Entry{}, nil, fmt.Errorf("looking for a name for the weights: %w", err)
			}
			continue
		}
		if err := WriteFile(file, n, false); err != nil {
			return Entry{}, nil, fmt.Errorf("keeping the weights: %w", err)
		}
		e, err := l.entry(name)
		return e, n.Left, err
	}
}

// plainName is a file's name without its ending, in characters that every system accepts.
func plainName(path string) string {
	base := filepath.Base(filepath.Clean(path))
	base = strings.TrimSuffix(base, filepath.Ext(base))
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, base)
	plain = strings.Trim(plain, "-.")
	if len(plain) > 60 {
		plain = plain[:60]
	}
	if plain == "" {
		return "weights"
	}
	return plain
}

// List is all networks of the library, sorted by name. What isn't a network of Add's is not listed.
func (l Library) List() ([]Entry, error) {
	files, err := os.ReadDir(l.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the weights: %w", err)
	}
	var all []Entry
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), libraryEnding)
		if !ok || !f.Type().IsRegular() {
			continue
		}
		if e, err := l.entry(name); err == nil {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Find is the entry called name. The error lists those that there are.
func (l Library) Find(name string) (Entry, error) {
	all, err := l.List()
	if err != nil {
		return Entry{}, err
	}
	names := make([]string, len(all))
	for i, e := range all {
		if e.Name == name {
			return e, nil
		}
		names[i] = e.Name
	}
	if len(all) == 0 {
		return Entry{}, fmt.Errorf("there are no weights %q: none were added yet", name)
	}
	return Entry{}, fmt.Errorf("there are no weights %q (there are %s)", name, strings.Join(names, ", "))
}

// Remove deletes the entry called name.
func (l Library) Remove(name string) error {
	e, err := l.Find(name)
	if err != nil {
		return err
	}
	if err := os.Remove(e.Path); err != nil {
		return fmt.Errorf("removing the weights: %w", err)
	}
	return wholefile.SyncFolder(l.Dir)
}

// entry reads a file's metadata.
func (l Library) entry(name string) (Entry, error) {
	path := filepath.Join(l.Dir, name+libraryEnding)
	info, err := os.Stat(path)
	if err != nil {
		return Entry{}, err
	}
	meta, err := checkpoint.ReadMetadata(path)
	if err != nil {
		return Entry{}, err
	}
	var n Network
	if err := n.noted(meta); err != nil {
		return Entry{}, err
	}
	return Entry{
		Name: name, Path: path, Title: n.Title, Architecture: meta[metaArchitecture], Source: n.Source, Licence: n.Licence, Size: n.Size, Labels: n.Labels,
		Bytes: info.Size(),
	}, nil
}
