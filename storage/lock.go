package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"viewfinder/storage/wholefile"
)

// projectLock is held while a project is open. The system gives the lock back when the process ends in whatever
// way, so that it is never stale. Who holds it stands in a file beside, since a locked file cannot be read on Windows.
type projectLock struct {
	flock *flock.Flock
	note  string
}

type lockNote struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

func acquireLock(dir string) (*projectLock, error) {
	l := &projectLock{flock: flock.New(filepath.Join(dir, "lock")), note: filepath.Join(dir, "lock.json")}
	ok, err := l.flock.TryLock()
	if err != nil {
		return nil, explain("locking the project "+dir, err)
	}
	if !ok {
		held := &LockedError{Dir: dir}
		if b, err := readSmall(l.note); err == nil {
			var note lockNote
			if json.Unmarshal(b, &note) == nil {
				held.PID, held.Host, held.Since = note.PID, note.Host, note.Since
			}
		}
		return nil, held
	}
	if err := l.writeNote(); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// writeNote notes who has the project open. It is a courtesy to others: on a full disk, where it cannot be written, a person must be able to open
// the project to make room.
func (l *projectLock) writeNote() error {
	if info, err := os.Lstat(l.note); err == nil && !info.Mode().IsRegular() {
		slog.Warn("who has the project open is not noted: lock.json is not a regular file", "file", l.note)
		return nil
	}
	host, _ := os.Hostname()
	b, err := json.Marshal(lockNote{PID: os.Getpid(), Host: host, Since: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = wholefile.WriteLoosely(l.note, append(b, '\n'))
	}
	if err == nil {
		return nil
	}
	if err = explain("noting who has the project open", err); !errors.Is(err, ErrDiskFull) {
		return err // nothing else could be written either
	}
	os.Remove(l.note) // half a note is useless
	slog.Warn("who has the project open could not be noted", "error", err)
	return nil
}

func (l *projectLock) release() error {
	os.Remove(l.note)
	if err := l.flock.Close(); err != nil {
		return fmt.Errorf("giving the project's lock back: %w", err)
	}
	return nil
}
