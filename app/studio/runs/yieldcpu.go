package runs

import (
	"log/slog"
	"time"

	"viewfinder/training"
)

// yieldAgain is how often the trainings are told at most; a trainer waits a little longer than that each time.
const yieldAgain = 50 * time.Millisecond

// YieldCPU has the project's training leave the processors to what is drawn for a person: it is called for each movement of their hands, on any
// goroutine, and returns at once. The training goes on by itself as soon as they rest, and in between for half a second of every five.
func (rs *Runs) YieldCPU() {
	t := rs.trainings
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.followers) == 0 || now.Sub(t.aside) < yieldAgain {
		return
	}
	t.aside = now
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
