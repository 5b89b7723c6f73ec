package training

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Follow calls f with every event from the first on as it is written (void ones too: give them to a History), and returns when the run has
// ended, ctx is done, or the trainer's process exited unexpectedly (ErrInterrupted). A run that has not started yet is waited for.
func Follow(ctx context.Context, dir string, f func(Event)) error {
	tail := newTail(filepath.Join(dir, EventsFile))
	defer tail.close()
	var last string // kind of the last start or end
	var dead time.Time
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		// Liveness first, as in Inspect.
		live, err := alive(dir)
		if err != nil {
			return err
		}
		if err := tail.read(ctx, func(e Event) {
			if e.Kind == KindStarted || e.Kind == KindEnded {
				last = e.Kind
			}
			f(e)
		}); err != nil {
			return err
		}
		switch {
		case live || last == "" || tail.again:
			dead = time.Time{}
		case last == KindEnded:
			return nil
		case dead.IsZero():
			dead = time.Now()
		case time.Since(dead) > 5*pollInterval:
			return ErrInterrupted
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// tail reads what comes to a growing file of events. It keeps no half line from one time to the next: a trainer that takes over a folder cuts
// off the line that a killed one left unfinished, and writes its own in that place.
type tail struct {
	path   string
	file   *os.File
	was    os.FileInfo // the file that offset is in
	lets   bool        // the file is let go between two reads
	offset int64       // whole lines that were read, in bytes
	torn   int64       // where a line could not be read the last time, plus 1: it is tried once more
	again  bool        // such a line was found, and what follows it is still to be read
}

// newTail is the tail of a file. On Windows it keeps the file open only while it reads: a folder in which somebody has a file open cannot be renamed,
// moved or deleted there, and whoever watches a training must not keep others from that. Elsewhere it stays open, so that no other file gets its number.
func newTail(path string) *tail { return &tail{path: path, lets: runtime.GOOS == "windows"} }

func (t *tail) close() {
	if t.file != nil {
		_ = t.file.Close()
		t.file = nil
	}
}

// read calls f with the whole lines that have come. No file is no error.
func (t *tail) read(ctx context.Context, f func(Event)) error {
	t.again = false
	if err := t.open(); err != nil || t.file == nil {
		return err
	}
	if t.lets {
		defer t.close()
	}
	if _, err := t.file.Seek(t.offset, io.SeekStart); err != nil {
		return fmt.Errorf("following the training: %w", err)
	}
	from, l := t.offset, newLines(t.file)
	for ctx.Err() == nil {
		line, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("following the training: %w", err)
		}
		e, ok := parseEvent(line)
		if !ok && t.torn != t.offset+1 { // it may have been cut and written anew in this very moment
			t.torn, t.again = t.offset+1, true
			return nil
		}
		t.offset = from + l.read
		if ok {
			f(e)
		}
	}
	return ctx.Err()
}

// open opens the file, again where another one has taken its place or it was cut shorter than what was read.
func (t *tail) open() error {
	if t.file != nil {
		now, err := os.Stat(t.path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("following the training: %w", err)
		}
		before, err := t.file.Stat()
		if err == nil && os.SameFile(before, now) && now.Size() >= t.offset {
			return nil
		}
		t.close()
	}
	file, err := openRegular(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("following the training: %w", err)
	}
	now, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return fmt.Errorf("following the training: %w", err)
	}
	if t.was == nil || !os.SameFile(t.was, now) || now.Size() < t.offset {
		t.offset, t.torn = 0, 0
	}
	t.file, t.was = file, now
	return nil
}

// CountEvents counts the events that a run folder has by now, void ones too: as many as Follow passes on before anything new. A folder without
// events has none.
func CountEvents(dir string) (n int, err error) {
	err = readEvents(dir, func(Event) { n++ })
	return n, err
}
