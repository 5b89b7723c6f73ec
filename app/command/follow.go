package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"viewfinder/app/studio"
)

// How long an interrupted command waits for the trainer to keep its state, and how often it looks whether a version that waits may start.
const (
	stopPatience = 2 * time.Minute
	queuePause   = time.Second
)

// follow prints a training's events until it has ended. The project is not held meanwhile, so that other commands and the window can use it. If
// the command is interrupted, the training is stopped with its state kept (stop), or left alone.
func (s *session) follow(ctx context.Context, project, dir string, stop bool) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	go s.pushQueue(inner, project, dir)
	teller := newTeller(s.progress())
	err := studio.FollowRun(inner, dir, teller.tell)
	s.progress().end()
	switch {
	case ctx.Err() != nil && stop:
		return s.stopRun(dir)
	case ctx.Err() != nil:
		return fmt.Errorf("%w: the training goes on without this command", errInterrupted)
	case errors.Is(err, studio.ErrInterrupted):
		return errors.New("the trainer died without saying why (out of memory, or killed): the last checkpoint is kept; `viewfinder resume` goes on from there")
	}
	return err
}

// pushQueue starts the version when its turn comes, as long as no window does.
func (s *session) pushQueue(ctx context.Context, project, dir string) {
	ticker := time.NewTicker(queuePause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		state, err := studio.InspectRun(dir)
		if err == nil && state.Alive {
			return // it has begun
		}
		p, err := studio.Open(ctx, project)
		if err != nil {
			continue // somebody else has the project open, and looks after the queue
		}
		if err := errors.Join(p.Sync(ctx), p.Close()); err != nil && ctx.Err() == nil {
			slog.Warn("the queue could not be looked after", "error", err)
		}
	}
}

// stopRun stops a training and waits until its state is kept.
func (s *session) stopRun(dir string) error {
	state, err := studio.InspectRun(dir)
	if err == nil && !state.Alive {
		return fmt.Errorf("%w: the version was created and waits; `viewfinder resume` or the window starts it", errInterrupted)
	}
	if err := studio.StopRun(dir); err != nil {
		return err
	}
	s.progress().say("Stopping; what was learnt is being kept (Ctrl-C again to leave at once)")
	if err := waitEnded(context.Background(), dir, stopPatience); err != nil {
		return err
	}
	return fmt.Errorf("%w: the training was stopped, its state is kept; `viewfinder resume` goes on there", errInterrupted)
}

// waitEnded waits until no trainer works in a run folder.
func waitEnded(ctx context.Context, dir string, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		state, err := studio.InspectRun(dir)
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
func (t *teller) tell(e studio.Event) {
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
			t.line.say("Going on from iteration %d", e.Iteration)
		}
	case "ended":
		if e.Message != "" {
			t.line.say("%s: %s", e.State, e.Message)
		}
	}
}

func (t *teller) step(e studio.Event) {
	if t.steps[e.Step] != e.State {
		t.steps[e.Step] = e.State
		t.line.say("%s: %s", e.Step, e.State)
	}
	if e.State == "running" && e.Progress > 0 && e.Step != "train" {
		t.line.show(fmt.Sprintf("%s: %.0f %%", e.Step, 100*e.Progress), false)
	}
}

func batchText(e studio.Event) string {
	text := fmt.Sprintf("iteration %d/%d, loss %.4f", e.Iteration, e.Iterations, e.Values[studio.CurveBatchLoss])
	if speed := e.Values["images_per_s"]; speed > 0 {
		text += fmt.Sprintf(", %.0f images/s", speed)
	}
	if left := e.Values["seconds_left"]; left > 0 {
		text += ", " + seconds(left) + " left"
	}
	return text
}

func metricsText(values map[string]float64) string {
	var parts []string
	for _, curve := range []struct {
		name, short string
		share       bool
	}{
		{studio.CurveTrainLoss, "loss train", false},
		{studio.CurveValLoss, "val", false},
		{studio.CurveTrainAccuracy, "accuracy train", true},
		{studio.CurveValAccuracy, "val", true},
	} {
		value, ok := values[curve.name]
		switch {
		case ok && curve.share:
			parts = append(parts, curve.short+" "+percent(value))
		case ok:
			parts = append(parts, fmt.Sprintf("%s %.4f", curve.short, value))
		}
	}
	return strings.Join(parts, ", ")
}
