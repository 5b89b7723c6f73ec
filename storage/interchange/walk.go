package interchange

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// sideFiles are endings of files that commonly lie beside images
// and are not reported.
var sideFiles = map[string]bool{
	"": true, ".txt": true, ".md": true, ".csv": true, ".tsv": true, ".json": true, ".jsonl": true, ".xml": true,
	".yaml": true, ".yml": true, ".db": true, ".ini": true, ".html": true, ".pdf": true, ".lock": true, ".cache": true,
}

// entry is one thing in a folder, links resolved.
type entry struct {
	name string
	dir  bool
	err  error // a link that leads out of the root, or nowhere
}

// list returns a folder's entries sorted by name, without hidden ones. Links
// to files below the root are files; links to folders are refused, since they
// could run in circles.
func list(root *os.Root, dir string) ([]entry, error) {
	if dir == "" {
		dir = "."
	}
	f, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, reasonOf(err)
	}
	defer f.Close()
	raw, err := f.ReadDir(maxFiles)
	if err != nil && len(raw) == 0 && !isEOF(err) {
		return nil, reasonOf(err)
	}
	all := make([]entry, 0, len(raw))
	for _, r := range raw {
		if strings.HasPrefix(r.Name(), ".") || r.Name() == "__MACOSX" {
			continue
		}
		e := entry{name: r.Name(), dir: r.IsDir()}
		if r.Type()&fs.ModeSymlink != 0 {
			info, err := root.Stat(filepath.FromSlash(path.Join(dir, r.Name())))
			switch {
			case err != nil:
				e.err = reasonOf(err)
			case info.IsDir():
				e.err = errors.New("it is a link to a folder; links are not followed")
			case !info.Mode().IsRegular():
				e.err = errors.New("it is not a regular file")
			}
		} else if !e.dir && !r.Type().IsRegular() {
			e.err = errors.New("it is not a regular file")
		}
		all = append(all, e)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all, nil
}

// walker calls visit with the path of each image below a folder, in order of
// names, and reports what it cannot look into.
type walker struct {
	ctx     context.Context
	root    *os.Root
	visit   func(string) error
	problem Report
	files   int
}

func (w *walker) walk(dir string, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	entries, err := list(w.root, dir)
	if err != nil {
		if dir == "" || dir == "." {
			return err
		}
		w.problem(Problem{File: dir, Reason: "the folder was skipped: " + err.Error()})
		return nil
	}
	for _, e := range entries {
		p := path.Join(dir, e.name)
		switch {
		case e.err != nil:
			if isImageName(e.name) || path.Ext(e.name) == "" {
				w.problem(Problem{File: p, Reason: e.err.Error()})
			}
		case e.dir && depth >= maxDepth:
			w.problem(Problem{File: p, Reason: "the folder was skipped: folders are nested too deeply"})
		case e.dir:
			if err := w.walk(p, depth+1); err != nil {
				return err
			}
		case isImageName(e.name):
			if w.files++; w.files > maxFiles {
				return errors.New("there are more than two million images in this folder; import it in parts")
			}
			if err := w.visit(p); err != nil {
				return err
			}
		case !sideFiles[strings.ToLower(path.Ext(e.name))] && !isLabelName(e.name):
			w.problem(Problem{File: p, Reason: "was skipped: its extension is not that of an image (.jpg, .png, …)"})
		}
	}
	return nil
}
