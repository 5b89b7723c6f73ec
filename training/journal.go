package training

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// maxEventBytes bounds a line of events.jsonl; a longer one is skipped.
const maxEventBytes = 1 << 20

// reserveFile holds room on the disk: when it is full, giving that up lets the last events still be written.
const (
	reserveFile  = ".reserve"
	reserveBytes = 64 << 10
)

// journal appends to events.jsonl. Its methods may be called from several goroutines.
type journal struct {
	mu  sync.Mutex
	dir string
	f   *os.File
	now func() time.Time
	err error // the first failure to write

	ticked time.Time
}

// openJournal opens the folder's events for appending. A line that a killed trainer left unfinished is cut off first.
func openJournal(dir string) (*journal, error) {
	path := filepath.Join(dir, EventsFile)
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("opening the training's events: %s is not a regular file: %v", path, info.Mode().Type())
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("opening the training's events: %w", err)
	}
	j := &journal{dir: dir, f: f, now: time.Now}
	if err := j.repair(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("repairing the training's events: %w", err)
	}
	if err := j.reserve(); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("writing into the training's folder: %w", err)
	}
	return j, nil
}

// repair truncates the file after its last whole line and goes to its end.
func (j *journal) repair() error {
	size, err := j.f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	end := size
	buf := make([]byte, 64<<10)
	for end > 0 {
		start := max(0, end-int64(len(buf)))
		b := buf[:end-start]
		if _, err := j.f.ReadAt(b, start); err != nil {
			return err
		}
		if k := bytes.LastIndexByte(b, '\n'); k >= 0 {
			end = start + int64(k) + 1
			break
		}
		end = start
	}
	if end != size {
		if err := j.f.Truncate(end); err != nil {
			return err
		}
	}
	_, err = j.f.Seek(end, io.SeekStart)
	return err
}

func (j *journal) reserve() error {
	path := filepath.Join(j.dir, reserveFile)
	if info, err := os.Stat(path); err == nil && info.Size() == reserveBytes {
		return nil
	}
	return os.WriteFile(path, bytes.Repeat([]byte("room for the last events\n\n\n\n\n\n\n\n"), reserveBytes/32), 0o644)
}

// add appends the event; sync makes it last through a loss of power. The first failure is kept; failure returns it.
func (j *journal) add(e Event, sync bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Time = j.now().UTC().Truncate(time.Millisecond)
	for name, v := range e.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) { // JSON has no such numbers
			delete(e.Values, name)
		}
	}
	b, err := json.Marshal(e)
	if err == nil {
		err = j.write(append(b, '\n'))
	}
	if err == nil && sync {
		err = j.f.Sync()
	}
	if err != nil && j.err == nil {
		j.err = fmt.Errorf("writing the training's events: %w", err)
		slog.Error("writing an event", "err", err, "kind", e.Kind)
	}
}

// write appends one line; when the disk is full it gives up the reserve and tries again.
func (j *journal) write(line []byte) error {
	at, err := j.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err = j.f.Write(line); err == nil {
		return nil
	}
	if rerr := os.Remove(filepath.Join(j.dir, reserveFile)); rerr != nil {
		return err
	}
	if terr := j.f.Truncate(at); terr != nil {
		return err
	}
	if _, serr := j.f.Seek(at, io.SeekStart); serr != nil {
		return err
	}
	_, err = j.f.Write(line)
	return err
}

// tick appends an event of progress alone, at most five a second.
func (j *journal) tick(e Event) {
	j.mu.Lock()
	now := j.now()
	due := now.Sub(j.ticked).Abs() > 200*time.Millisecond
	if due {
		j.ticked = now
	}
	j.mu.Unlock()
	if due {
		j.add(e, false)
	}
}

// sync makes what was appended last through a loss of power.
func (j *journal) sync() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.f.Sync(); err != nil && j.err == nil {
		j.err = fmt.Errorf("writing the training's events: %w", err)
	}
}

func (j *journal) failure() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// close gives the file back; a run that is over needs no reserve.
func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	_ = os.Remove(filepath.Join(j.dir, reserveFile))
	_ = j.f.Close()
}

// parseEvent reads one line, of before the curves had keys too; false if it is none.
func parseEvent(line []byte) (Event, bool) {
	var e Event
	line = bytes.TrimSpace(line)
	if len(line) == 0 || len(line) > maxEventBytes || json.Unmarshal(line, &e) != nil || e.Kind == "" {
		return Event{}, false
	}
	withKeys(e.Values)
	return e, true
}

// readEvents calls f with each whole line of the folder's events; none is no error.
func readEvents(dir string, f func(Event)) error {
	file, err := openRegular(filepath.Join(dir, EventsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the training's events: %w", err)
	}
	defer file.Close()
	return scanEvents(file, f)
}

func scanEvents(r io.Reader, f func(Event)) error { return scanLines(newLines(r), f) }

// scanLines calls f with each whole line that is there.
func scanLines(l *lines, f func(Event)) error {
	for {
		line, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the training's events: %w", err)
		}
		if e, ok := parseEvent(line); ok {
			f(e)
		}
	}
}

// lines cuts a growing file into whole lines: what follows the last newline is kept until the rest of it is there.
type lines struct {
	r    *bufio.Reader
	half []byte
	skip bool  // the line is too long and is skipped
	read int64 // bytes of whole lines so far
	part int64 // bytes of the line that is not whole yet
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns the next whole line, valid until the next call, or io.EOF when there is none yet.
func (l *lines) next() ([]byte, error) {
	for {
		part, err := l.r.ReadSlice('\n')
		l.part += int64(len(part))
		if len(l.half)+len(part) > maxEventBytes {
			l.skip, l.half = true, l.half[:0]
		}
		if !l.skip {
			l.half = append(l.half, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err != nil:
			return nil, err
		}
		l.read, l.part = l.read+l.part, 0
		if l.skip {
			l.skip, l.half = false, l.half[:0]
			continue
		}
		line := l.half
		l.half = l.half[len(l.half):]
		return line, nil
	}
}
