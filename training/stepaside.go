package training

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// asideFile's time of change says when a person's hands were last at work beside a training.
const asideFile = "aside"

const (
	asideFor  = 150 * time.Millisecond // how long after that the trainer computes nothing
	asideMost = 5 * time.Second        // how long at most, and
	asideTurn = 500 * time.Millisecond // how long it then computes all the same
	asideLook = 10 * time.Millisecond
)

// StepAside has the training in dir leave the processor alone for a moment, within some milliseconds: a person is drawing, dragging or scrolling, and
// what is drawn for them needs it. It is called again as long as they do; the training goes on by itself. The result is the same.
func StepAside(dir string) error {
	path, now := filepath.Join(dir, asideFile), time.Now()
	err := os.Chtimes(path, now, now)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.WriteFile(path, nil, 0o644)
	}
	if err != nil {
		return fmt.Errorf("asking the training to yield the CPU: %w", err)
	}
	return nil
}

// aside keeps a trainer's computing back while a person's hands are at work.
type aside struct {
	file  string
	since time.Time   // when the hands began; zero while they rest
	now   atomic.Bool // nothing is to be computed
}

// watch looks for hands until ctx ends.
func (a *aside) watch(ctx context.Context) {
	defer a.now.Store(false)
	tick := time.NewTicker(asideLook)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			a.now.Store(a.hold(now, a.hands()))
		}
	}
}

// hold says whether nothing is to be computed now, where it is looked for hands again and again.
func (a *aside) hold(now time.Time, hands bool) bool {
	if !hands {
		a.since = time.Time{}
		return false
	}
	if a.since.IsZero() {
		a.since = now
	}
	return now.Sub(a.since)%(asideMost+asideTurn) < asideMost
}

// hands says whether StepAside was called a moment ago. Where the clock was moved, nothing is waited for.
func (a *aside) hands() bool {
	info, err := os.Stat(a.file)
	if err != nil {
		return false
	}
	age := time.Since(info.ModTime())
	return age > -asideFor && age < asideFor
}

// gate waits as long as a person's hands are at work.
func (a *aside) gate() {
	for a.now.Load() {
		time.Sleep(asideLook / 2)
	}
}
