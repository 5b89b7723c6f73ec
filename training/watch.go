package training

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// watched remembers what was read of each folder's events, so that looking at a long training once a second costs only what is new.
var watched watches

// maxWatched bounds how many folders are remembered.
const maxWatched = 256

type watches struct {
	mu   sync.Mutex
	dirs map[string]*watch
}

// watch is what is known of one folder's events.
type watch struct {
	info   os.FileInfo // of the file that was read
	offset int64       // whole lines that were read, in bytes
	h      *History
}

// state returns the folder's state by its events.
func (w *watches) state(dir string) (State, error) {
	key, err := filepath.Abs(dir)
	if err != nil {
		return State{}, fmt.Errorf("finding the training's folder: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.dirs[key]
	if d == nil {
		if w.dirs == nil || len(w.dirs) >= maxWatched {
			w.dirs = map[string]*watch{}
		}
		d = &watch{}
		w.dirs[key] = d
	}
	if err := d.update(key); err != nil {
		delete(w.dirs, key)
		return State{}, err
	}
	s := d.h.State
	s.Steps, s.Warnings = slices.Clone(s.Steps), slices.Clone(s.Warnings)
	return s, nil
}

// update reads the lines that came since the last time; all of them where the file is another one or was cut.
func (d *watch) update(dir string) error {
	f, err := openRegular(filepath.Join(dir, EventsFile))
	if errors.Is(err, fs.ErrNotExist) {
		d.reset(nil)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the training's events: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("reading the training's events: %w", err)
	}
	if d.info == nil || !os.SameFile(d.info, info) || info.Size() < d.offset {
		d.reset(info)
	}
	if _, err := f.Seek(d.offset, io.SeekStart); err != nil {
		return fmt.Errorf("reading the training's events: %w", err)
	}
	l := newLines(f)
	err = scanLines(l, d.h.Add)
	d.offset += l.read
	return err
}

func (d *watch) reset(info os.FileInfo) {
	d.info, d.offset, d.h = info, 0, &History{stateOnly: true}
	d.h.init()
}
