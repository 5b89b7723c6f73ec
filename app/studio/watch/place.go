package watch

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"viewfinder/app/studio/predict"
	"viewfinder/storage/interchange"
	"viewfinder/storage/wholefile"
)

// folderOf is the folder that a concept's images go into.
func (w *watcher) folderOf(concept string) string {
	if concept == "" {
		return filepath.Join(w.SortInto, "without concept")
	}
	return filepath.Join(w.SortInto, interchange.FileName(concept))
}

// free is where an image goes in a folder: under its own name, or that with a number where another image has it.
func (w *watcher) free(dir string, im *image, taken map[string]bool) string {
	name := filepath.Base(im.path)
	ending := filepath.Ext(name)
	for n := 1; ; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", name[:len(name)-len(ending)], n, ending))
		}
		// The same picture may lie there already: it takes its own place.
		if !taken[path] && (!isThere(path) || sameContent(path, im.hash)) {
			taken[path] = true
			return path
		}
	}
}

func isThere(path string) bool { _, err := os.Lstat(path); return err == nil }

func sameContent(path, hash string) bool {
	h, err := predict.FileHash(path)
	return err == nil && h == hash
}

// put moves an image that has its line to where the line says; "" leaves it. It reports false, and has noted why, where that is not possible now; the next look
// at the folder finds the image again.
func (w *watcher) put(name, to string) bool {
	if to == "" {
		return true
	}
	from := w.path(name)
	if err := move(from, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.trouble("%s cannot be moved (%v)", name, err)
		return false
	}
	return true
}

// move gives a file its new place, also on another disk. It does not wait for the disk: the line says where the image belongs. A file of other content that took the place meanwhile is not replaced.
func move(from, to string) error {
	if isThere(to) {
		hash, err := predict.FileHash(from)
		if err != nil {
			return err
		}
		if !sameContent(to, hash) {
			return fmt.Errorf("another file took its place, %s", to)
		}
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := wholefile.Move(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	err = wholefile.Fill(to, func(out io.Writer) error { _, err := io.Copy(out, f); return err })
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	_ = os.Chtimes(to, info.ModTime(), info.ModTime()) // a date that cannot be kept is no reason to stay
	return os.Remove(from)
}
