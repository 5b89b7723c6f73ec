package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// How long an interrupted command waits for the trainer to keep its state, and how often it looks whether a version that waits may start.
const (
	stopPatience = 2 * time.Minute
	queuePause   = time.Second
)

// followed is a version that a command follows. The project is not held meanwhile, so that other commands and the window can use it.
type followed struct {
	project string // its folder
	id      int64
	dir     string // the run folder
	stop    bool   // whether interrupting the command stops the training, with its state kept, or leaves it alone
	seen    int    // so many events are not printed again
}

// follow prints a version's events until its training has ended.
func (s *session) follow(ctx context.Context, f followed) error {
	err := s.awaitTurn(ctx, f)
	if err == nil {
		teller, told := newTeller(s.progress()), 0
		err = runs.FollowRun(ctx, f.dir, func(e runs.Event) {
			if told++; told > f.seen {
				teller.tell(e)
			}
		})
	}
	s.progress().end()
	switch {
	case ctx.Err() != nil && f.stop:
		return s.stopFollowed(f)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: the training continues without this command", errInterrupted)
	case errors.Is(err, runs.ErrInterrupted):
		return errors.New("the training process exited unexpectedly (out of memory, or killed): the last checkpoint is kept; `viewfinder resume` continues from there")
	}
	return err
}

// awaitTurn waits until a version is no longer queued, and starts it when its turn comes, unless a window does.
func (s *session) awaitTurn(ctx context.Context, f followed) error {
	before, _ := runs.InspectRun(f.dir) // an error comes back below
	for announced := false; ; {
		now, err := runs.InspectRun(f.dir)
		if err != nil {
			return err
		}
		if now.Alive || now.Status != before.Status || !now.EndedAt.Equal(before.EndedAt) {
			return nil // it has begun, and may have ended already
		}
		queued, err := turn(ctx, f)
		if !queued {
			return err
		}
		if !announced {
			announced = true
			s.progress().say("Queued: another version is training, or the queue is paused (see `viewfinder queue`)")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(queuePause):
		}
	}
}

// turn looks after the queue and reports whether the version still waits in it.
func turn(ctx context.Context, f followed) (queued bool, err error) {
	p, err := studio.Open(ctx, f.project)
	if errors.Is(err, studio.ErrLocked) {
		return true, nil // somebody else has the project open, and looks after the queue
	}
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := p.Sync(ctx); err != nil {
		return false, err
	}
	v, err := p.Version(ctx, f.id)
	return v.Status == domain.StatusQueued, err
}

// stopFollowed stops a training and waits until its state is kept, or takes the version off the queue.
func (s *session) stopFollowed(f followed) error {
	ctx := context.Background() // the command's own has ended
	state, err := runs.InspectRun(f.dir)
	if err != nil {
		return err
	}
	if !state.Alive {
		err := s.with(ctx, f.project, func(p *studio.Project) error {
			v, err := p.Version(ctx, f.id)
			if err == nil && v.Status.Active() {
				err = p.Stop(ctx, f.id)
			}
			return err
		})
		if err != nil {
			return err
		}
		return fmt.Errorf("%w: the version was removed from the queue; `viewfinder resume` puts it back", errInterrupted)
	}
	if err := runs.StopRun(f.dir); err != nil {
		return err
	}
	s.progress().say("Stopping and saving the progress (Ctrl-C again to leave at once)")
	if err := waitEnded(ctx, f.dir, stopPatience); err != nil {
		return err
	}
	return fmt.Errorf("%w: the training was stopped and its state saved; `viewfinder resume` continues there", errInterrupted)
}

// waitEnded waits until no trainer works in a run folder.
func waitEnded(ctx context.Context, dir string, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		state, err := runs.InspectRun(dir)
		if err != nil {
			return err
		}
		if !state.Alive {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.New("the trainer was asked to stop, but has not ended yet")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// teller prints events for people.
type teller struct {
	line  *line
	steps map[string]string
}

func newTeller(l *line) *teller { return &teller{line: l, steps: map[string]string{}} }

// tell prints one event: steps, metrics, warnings and facts on lines that stay, batches on the progress line.
func (t *teller) tell(e runs.Event) {
	switch e.Kind {
	case "step":
		t.step(e)
	case "batch":
		t.line.show(batchText(e), false)
	case "metrics":
		t.line.say("  iteration %d: %s", e.Iteration, metricsText(e.Values))
	case "warning":
		t.line.say("  warning: %s", e.Message)
	case "log":
		t.line.say("  %s", e.Message)
	case "started":
		if e.Iteration > 0 {
			t.line.say("Resuming from iteration %d", e.Iteration)
		}
	case "ended":
		if e.Message != "" {
			t.line.say("%s: %s", e.State, e.Message)
		}
	}
}

func (t *teller) step(e runs.Event) {
	if t.steps[e.Step] != e.State {
		t.steps[e.Step] = e.State
		t.line.say("%s: %s", e.Step, e.State)
	}
	if e.State == "running" && e.Progress > 0 && e.Step != "train" {
		t.line.show(fmt.Sprintf("%s: %.0f%%", e.Step, 100*e.Progress), false)
	}
}

func batchText(e runs.Event) string {
	text := fmt.Sprintf("iteration %d/%d, loss %.4f", e.Iteration, e.Iterations, e.Values[runs.CurveBatchLoss])
	if speed := e.Values["images_per_s"]; speed > 0 {
		text += fmt.Sprintf(", %.0f images/s", speed)
	}
	if left := e.Values["seconds_left"]; left > 0 {
		text += ", " + words.Seconds(left) + " left"
	}
	return text
}

func metricsText(values map[string]float64) string {
	var parts []string
	figure := ""
	for _, c := range runs.Curves() {
		value, ok := values[c.Key]
		if !ok || c.Over == runs.OverBatch || c.Over == "" {
			continue
		}
		text := c.Over
		if c.Figure != figure {
			figure = c.Figure
			text = figure + " " + text
		}
		if figure == runs.FigureAccuracy {
			text += " " + words.Percent(value)
		} else {
			text += fmt.Sprintf(" %.4f", value)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
