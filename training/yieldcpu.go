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

// yieldFile is a file in the run folder whose time of change is when a person last drew, dragged or scrolled.
const yieldFile = "aside"

const (
	yieldFor  = 150 * time.Millisecond // how long after that the trainer computes nothing
	yieldMost = 5 * time.Second        // how long at most, and
	yieldTurn = 500 * time.Millisecond // how long it then computes all the same
	yieldPoll = 10 * time.Millisecond
)

// YieldCPU has the training in dir compute nothing for 150 ms, from some milliseconds on: a person is drawing, dragging or scrolling, and
// the window needs the CPU. Call it again while they do; the training continues by itself. Its result does not change.
func YieldCPU(dir string) error {
	path, now := filepath.Join(dir, yieldFile), time.Now()
	err := os.Chtimes(path, now, now)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.WriteFile(path, nil, 0o644)
	}
	if err != nil {
		return fmt.Errorf("asking the training to yield the CPU: %w", err)
	}
	return nil
}

// yielding holds a trainer's computation back while it is asked to yield the CPU.
type yielding struct {
	file  string
	since time.Time   // when it was first asked; zero while nobody asks
	now   atomic.Bool // nothing is to be computed
}

// watch looks for requests to yield until ctx ends.
func (y *yielding) watch(ctx context.Context) {
	defer y.now.Store(false)
	tick := time.NewTicker(yieldPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			y.now.Store(y.hold(now, y.asked()))
		}
	}
}

// hold reports whether nothing is to be computed now, given whether it is asked to yield. It is called at short intervals.
func (y *yielding) hold(now time.Time, asked bool) bool {
	if !asked {
		y.since = time.Time{}
		return false
	}
	if y.since.IsZero() {
		y.since = now
	}
	return now.Sub(y.since)%(yieldMost+yieldTurn) < yieldMost
}

// asked reports whether YieldCPU was called in the last 150 ms. If the clock was moved, it is false.
func (y *yielding) asked() bool {
	info, err := os.Stat(y.file)
	if err != nil {
		return false
	}
	age := time.Since(info.ModTime())
	return age > -yieldFor && age < yieldFor
}

// gate waits while the trainer yields the CPU.
func (y *yielding) gate() {
	for y.now.Load() {
		time.Sleep(yieldPoll / 2)
	}
}
