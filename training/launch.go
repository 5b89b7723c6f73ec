package training

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"viewfinder/storage/domain"
)

// launchPatience is how long Launch waits for the trainer to take the folder: a busy machine starts programs slowly.
const launchPatience = 30 * time.Second

// ErrSlow is what Launch returns when the trainer's process lives but has not taken the folder yet.
var ErrSlow = errors.New("the trainer was started but has not begun")

// Launch starts `<this program> run DIR` as a process of its own, of low priority, that outlives this one, and returns once the trainer has
// taken the folder. On a stopped, interrupted or failed run it resumes it. ErrBusy where a trainer is at work already; ErrSlow where the process
// was started, but the machine is too busy for it to have begun yet. What the process prints goes to log.txt.
func Launch(dir string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("launching the trainer: %w", err)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("launching the trainer: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, RunFile)); err != nil {
		return fmt.Errorf("launching the trainer: %w", err)
	}
	if busy, err := alive(dir); err != nil {
		return err
	} else if busy {
		return ErrBusy
	}
	if h, err := ReadHistory(dir); err != nil {
		return err
	} else if h.State.Status == domain.StatusReady {
		return ErrReady
	}
	if err := clearStop(dir); err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Join(dir, LogFile)); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("launching the trainer: %s is not a regular file: %v", filepath.Join(dir, LogFile), info.Mode().Type())
	}
	log, err := os.OpenFile(filepath.Join(dir, LogFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("launching the trainer: %w", err)
	}
	defer log.Close()
	before := eventsSize(dir)
	cmd := exec.Command(program, "run", dir)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = dir
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("launching the trainer: %w", err)
	}
	lower(cmd.Process)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // also keeps it from staying a zombie while this process lives
	return awaitStart(dir, before, ended)
}

// awaitStart waits until the trainer wrote its first event.
func awaitStart(dir string, before int64, ended <-chan error) error {
	deadline := time.Now().Add(launchPatience)
	for time.Now().Before(deadline) {
		if eventsSize(dir) != before {
			if live, err := alive(dir); err != nil || live {
				return err
			}
		}
		select {
		case err := <-ended:
			if eventsSize(dir) != before { // it was quick, and its events hold how it ended
				return nil
			}
			if live, _ := alive(dir); live { // another trainer was quicker
				return ErrBusy
			}
			return exitedAtOnce(dir, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return fmt.Errorf("%w within %v; see %s", ErrSlow, launchPatience, filepath.Join(dir, LogFile))
}

func exitedAtOnce(dir string, err error) error {
	why := lastLine(filepath.Join(dir, LogFile))
	if why == "" && err != nil {
		why = err.Error()
	}
	if why == "" {
		why = "it exited unexpectedly"
	}
	return errors.New("the training process could not start: " + why)
}

func eventsSize(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, EventsFile))
	if err != nil {
		return -1
	}
	return info.Size()
}
