package trainings

import (
	"context"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/training/machine"
)

// Preferences are what a person chose for all projects, and what the program does outside of the page.
type Preferences struct {
	// PauseOnBattery reports whether the queue is paused while the machine runs on its battery; Set keeps another choice.
	PauseOnBattery    func() bool
	SetPauseOnBattery func(bool)
	// Ended tells, outside of the window, that a training has come to its end; nil = it is told nowhere.
	Ended func(runs.Version)
}

func (p Preferences) pausesOnBattery() bool { return p.PauseOnBattery != nil && p.PauseOnBattery() }

// batteryPause is how often at most the system is asked whether it runs on battery.
const batteryPause = 15 * time.Second

// powerLook is how often the page looks by itself; a bit more, so that the system is asked each time.
const powerLook = batteryPause + time.Second

// power remembers where the machine's power comes from. Its methods belong to the loader's goroutine, which there is one of.
type power struct {
	asked time.Time
	onIt  bool
	ask   func() bool
}

// look asks the system, not too often, and pauses or continues the queue where that is wished.
func (w *power) look(ctx context.Context, p Project, pauses bool) (onBattery bool, err error) {
	if w.ask == nil {
		w.ask = machine.OnBattery
	}
	if w.asked.IsZero() || time.Since(w.asked) > batteryPause {
		w.asked, w.onIt = time.Now(), w.ask()
	}
	return w.onIt, p.PauseOnBattery(ctx, w.onIt, pauses)
}

// ended finds the trainings that ran when the page was last read, and have come to their end since by themselves.
func ended(ctx context.Context, p Project, running map[int64]bool, queue []runs.Version) (over []runs.Version, now map[int64]bool) {
	now = map[int64]bool{}
	for _, v := range queue {
		if v.Running() {
			now[v.ID] = true
		}
	}
	for id := range running {
		if now[id] {
			continue
		}
		v, err := p.Version(ctx, id)
		if err != nil {
			continue // deleted
		}
		switch v.Status {
		case domain.StatusReady, domain.StatusFailed, domain.StatusInterrupted:
			over = append(over, v)
		}
	}
	return over, now
}
