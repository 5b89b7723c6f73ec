package training

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// Errors of this package, for errors.Is.
var (
	// ErrStopped is what Execute returns when it was asked to stop; the state is kept.
	ErrStopped = errors.New("the training was stopped; its state is kept and it can be resumed")
	// ErrBusy is what Execute and Launch return when another trainer holds the folder.
	ErrBusy = errors.New("this training is already running")
	// ErrReady is what Execute and Launch return when there is nothing left to train.
	ErrReady = errors.New("this training is ready already")
	// ErrInterrupted is what Follow returns when the trainer's process exited unexpectedly.
	ErrInterrupted = errors.New("the training was interrupted; it can be resumed")
)

// trainer is one process's work on a run folder.
type trainer struct {
	dir     string
	run     *Run
	o       Options
	journal *journal
	store   checkpoint.Store
	saver   *saver

	digest   string           // of the run, see Run.digest
	resumed  *checkpoint.File // what to go on from, until the network is built; nil = the beginning
	progress progress         // what has been reached
	started  time.Time

	train, val *data.Set
	samples    map[*data.Set][]Sample // what Set.Origin points into
	// trainable are the samples of train that are trained on: a detection's without boxes are only evaluated.
	trainable []int
	tables    map[*data.Set]*featureTable // their features, where the head alone learns
	net       *nn.Network
	judged    *nn.Network // net, or with ema one of the averaged weights: what is evaluated and saved
	step      *nn.Trainer
	head      *head // see headAlone; nil elsewhere
	eval      *runner
	rate      *rate
	shown     shower
	wished    atomic.Int64 // processor cores, as somebody wishes now
	threads   int          // as they are used
	kept      int          // iteration of the weights that the version uses
}

// Execute trains what the folder describes until it is ready, stopped (ErrStopped) or failed; on a folder that was left before that it goes on
// from the newest whole checkpoint. SIGINT, SIGTERM, the end of ctx and RequestStop are taken as the wish to stop.
func Execute(ctx context.Context, dir string) (err error) {
	ctx, undo := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer undo()
	dir, err = filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("finding the training's folder: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, RunFile)); err != nil {
		return fmt.Errorf("%s is not a training's folder: %w", dir, err)
	}
	lock, err := takeLock(dir)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	if err := clearStop(dir); err != nil { // at once: whoever sees the lock taken may ask to stop
		return err
	}
	h, err := ReadHistory(dir)
	if err != nil {
		return err
	}
	if h.State.Status == domain.StatusReady {
		return ErrReady
	}
	j, err := openJournal(dir)
	if err != nil {
		return err
	}
	defer j.close()
	slog.Info(startMark, "pid", os.Getpid(), "folder", dir)
	t := &trainer{dir: dir, journal: j, store: checkpoint.Store{Dir: filepath.Join(dir, CheckpointsDir)}, started: time.Now(), samples: map[*data.Set][]Sample{}}
	t.saver = newSaver(t.store)
	defer t.close()
	ctx, watched := watchStop(ctx, dir)
	defer watched()
	return t.finish(t.work(ctx))
}

// work does everything between the start and the end; a panic becomes an error.
func (t *trainer) work(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic", "value", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("internal error: %v (log.txt has the details)", p)
		}
	}()
	if err := t.begin(); err != nil {
		return err
	}
	for _, s := range []struct {
		name string
		do   func(context.Context) error
	}{
		{StepPrepare, t.prepare}, {StepBuild, t.build}, {StepTrain, t.loop}, {StepEvaluate, t.evaluate}, {StepSave, t.save},
	} {
		if err := t.doStep(ctx, s.name, s.do); err != nil {
			return err
		}
	}
	return nil
}

// begin reads the run and its newest checkpoint and records that the trainer took the folder.
func (t *trainer) begin() error {
	run, err := ReadRun(t.dir)
	if err != nil {
		t.journal.add(Event{Kind: KindStarted}, true)
		return err
	}
	t.run, t.o, t.digest = run, run.Options, run.digest()
	file, iteration, skipped, err := t.store.Newest(func(f *checkpoint.File) error { return t.accept(f) })
	if err != nil {
		t.journal.add(Event{Kind: KindStarted, Iterations: t.o.Iterations}, true)
		return err
	}
	started := Event{Kind: KindStarted, Iteration: iteration, Iterations: t.o.Iterations}
	if file != nil {
		t.resumed = file
		if t.progress, err = parseProgress(file.Metadata); err != nil { // accept read it already
			return err
		}
		t.progress.announce(&started)
	}
	t.journal.add(started, true)
	for _, err := range skipped {
		from := "continues from the one before"
		if file == nil {
			from = "starts over"
		}
		t.warn(0, fmt.Sprintf("A checkpoint could not be used, so the training %s: %v.", from, err))
	}
	slog.Info("training", "name", run.Name, "task", run.Task, "from", iteration, "iterations", t.o.Iterations)
	return nil
}

// doStep runs one of the five steps and records its state.
func (t *trainer) doStep(ctx context.Context, name string, do func(context.Context) error) error {
	if ctx.Err() != nil {
		return ErrStopped
	}
	t.journal.add(Event{Kind: KindStep, Step: name, State: StateRunning}, false)
	err := do(ctx)
	if err == nil {
		err = t.journal.failure()
	}
	switch {
	case err == nil:
		t.journal.add(Event{Kind: KindStep, Step: name, State: StateDone, Progress: 1}, true)
	case errors.Is(err, ErrStopped) || ctx.Err() != nil && errors.Is(err, ctx.Err()):
		t.journal.add(Event{Kind: KindStep, Step: name, State: StateWaiting}, false)
		return ErrStopped
	default:
		t.journal.add(Event{Kind: KindStep, Step: name, State: StateFailed}, false)
	}
	return err
}

// watchStop returns a context that is done once a stop is requested.
func watchStop(ctx context.Context, dir string) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if stopRequested(dir) {
					cancel()
				}
			}
		}
	}()
	return ctx, cancel
}

// finish records how the training ended.
func (t *trainer) finish(err error) error {
	e := Event{Kind: KindEnded, State: EndReady, Iteration: t.progress.Iteration, Iterations: t.o.Iterations}
	t.progress.announce(&e)
	if err == nil {
		if e.Values == nil { // without val nothing was best
			e.Values, e.Name = map[string]float64{ValueHeadline: t.progress.Headline}, t.progress.HeadlineName
		}
		e.Values[ValueKeptIteration] = float64(t.kept)
	}
	switch {
	case errors.Is(err, ErrStopped):
		e.State = EndStopped
		if serr := t.keepStopped(); serr != nil {
			err, e.State, e.Message = serr, EndFailed, explain(serr)
		}
		_ = clearStop(t.dir)
	case err != nil:
		e.State, e.Message = EndFailed, explain(err)
	}
	facts := []any{"state", e.State, "iteration", e.Iteration, "seconds", math.Round(10*time.Since(t.started).Seconds()) / 10}
	if err != nil {
		facts = append(facts, "reason", err)
	}
	slog.Info("trainer ends", facts...)
	t.journal.add(e, true)
	if err == nil {
		err = t.journal.failure()
	}
	return err
}

// keepStopped makes what was learnt so far usable: the best weights until now, else the present ones.
func (t *trainer) keepStopped() error {
	if t.judged == nil || t.progress.Iteration == 0 {
		return nil
	}
	iteration, err := t.loadKept()
	if err != nil {
		return err
	}
	return saveModel(t.dir, t.run, t.judged, iteration)
}

func (t *trainer) warn(iteration int, message string) {
	slog.Warn(message)
	t.journal.add(Event{Kind: KindWarning, Iteration: iteration, Message: message}, false)
}

func (t *trainer) note(iteration int, name, message string) {
	slog.Info(message)
	t.journal.add(Event{Kind: KindLog, Iteration: iteration, Name: name, Message: message}, false)
}

func (t *trainer) close() {
	_ = t.saver.wait()
	if t.step != nil {
		t.step.Close()
	}
	if t.eval != nil {
		t.eval.close()
	}
	for _, s := range []*data.Set{t.train, t.val} {
		if s != nil {
			_ = s.Close()
		}
	}
	_ = os.Remove(filepath.Join(t.dir, cacheDir)) // only if it is empty
}
