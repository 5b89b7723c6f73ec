package runs

import (
	"log/slog"
	"time"

	"viewfinder/training"
)

// yieldAgain is how often the trainings are asked at most; a trainer waits a little longer than that each time.
const yieldAgain = 50 * time.Millisecond

// YieldCPU has the project's training yield the CPU to the window: it is called each time a person draws, drags or scrolls, on any
// goroutine, and returns at once. The training continues by itself as soon as the calls end, and in between for half a second of every five.
func (rs *Runs) YieldCPU() {
	t := rs.trainings
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.followers) == 0 || now.Sub(t.yielded) < yieldAgain {
		return
	}
	t.yielded = now
	dirs := make([]string, 0, len(t.followers))
	for uid := range t.followers {
		dirs = append(dirs, rs.store.RunDir(uid))
	}
	go func() {
		for _, dir := range dirs {
			if err := training.YieldCPU(dir); err != nil {
				slog.Debug("the training was not told", "error", err)
			}
		}
	}()
}
