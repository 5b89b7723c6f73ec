package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"viewfinder/storage/interchange"
)

// pending is an image that has no line yet.
type pending struct {
	state  fileState
	since  time.Time // when it was first seen in this state
	failed time.Time // when it could not be read for the first time in this state; zero: it was not tried
	next   time.Time // when it is tried again
}

// fileState tells a file that changed from one that did not.
type fileState struct {
	size int64
	mod  time.Time
}

func (s fileState) same(t fileState) bool { return s.size == t.size && s.mod.Equal(t.mod) }

// path is a name in the folder as the system's.
func (w *watcher) path(name string) string { return filepath.Join(w.In, filepath.FromSlash(name)) }

// scan looks at the folder: what is new or changed becomes pending, what went away does not stay.
func (w *watcher) scan(now time.Time) {
	root, err := filepath.EvalSymlinks(w.In)
	if err == nil {
		_, err = os.ReadDir(root) // WalkDir would say nothing of a share that answers late
	}
	if err != nil {
		w.notices.lost()
		w.trouble("the folder cannot be read (%v)", err)
		return
	}
	w.notices.follow(root)
	skip := []string{resolved(w.SortInto), resolved(w.Aside)}
	seen := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			w.trouble("%s cannot be read (%v)", path, err)
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			if path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains(skip, path)) {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") || !interchange.IsImageName(d.Name()):
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // it went away just now
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return nil
		}
		name = filepath.ToSlash(name)
		state := fileState{info.Size(), info.ModTime()}
		if done, ok := w.journal.find(name); ok && done.put == "" && done.state.same(state) {
			return nil
		}
		seen[name] = true
		if p := w.pending[name]; p == nil || !p.state.same(state) {
			w.pending[name] = &pending{state: state, since: now, next: now.Add(w.settle)}
		}
		return nil
	})
	if err != nil {
		w.trouble("the folder cannot be read (%v)", err)
		return
	}
	for name := range w.pending {
		if !seen[name] {
			delete(w.pending, name)
		}
	}
}

// portion is how many images are predicted, written and synced together.
const portion = 16

// ready lists the images that have settled, in the order of their names; wake is when the next has, zero where there is none.
func (w *watcher) ready(now time.Time) (names []string, wake time.Time) {
	for name, p := range w.pending {
		switch {
		case !now.Before(p.next):
			names = append(names, name)
		case wake.IsZero() || p.next.Before(wake):
			wake = p.next
		}
	}
	slices.Sort(names)
	return names, wake
}
