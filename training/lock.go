package training

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// takeLock makes this process the folder's trainer. ErrBusy where another one is. Inspect looks at the lock by taking it for an instant, so
// a refusal counts only if it lasts.
func takeLock(dir string) (*flock.Flock, error) {
	l := flock.New(filepath.Join(dir, lockFile), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	for try := 0; ; try++ {
		ok, err := l.TryLock()
		switch {
		case err != nil:
			return nil, fmt.Errorf("locking the training's folder: %w", err)
		case ok:
			return l, nil
		case try >= 20:
			_ = l.Close()
			return nil, ErrBusy
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// alive reports whether a trainer holds the folder.
func alive(dir string) (bool, error) {
	path := filepath.Join(dir, lockFile)
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return false, fmt.Errorf("looking at the training's lock: %w", err)
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := l.TryRLock()
	if err != nil {
		return false, fmt.Errorf("looking at the training's lock: %w", err)
	}
	return !free, l.Close()
}
