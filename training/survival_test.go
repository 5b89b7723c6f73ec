package training

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"syscall"
	"testing"
	"time"

	"viewfinder/training/checkpoint"
)

// slower makes a training long enough to be killed in its midst.
func slower(o *Options) { o.Iterations, o.Threads = 120, 1 }

// pid reads the trainer's process id from its log.
func pid(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, LogFile))
	if err != nil {
		t.Fatal(err)
	}
	return lastPID(b)
}

// await waits until the state satisfies ok.
func await(t *testing.T, dir string, ok func(State) bool) State {
	t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) {
		if s := mustInspect(t, dir); ok(s) {
			return s
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("waited in vain; state %+v", mustInspect(t, dir))
	return State{}
}

func undisturbed(t *testing.T) (model string, events []Event) {
	t.Helper()
	dir := newRun(t, Classification, set(slower))
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	events, err := ReadEvents(dir)
	if err != nil {
		t.Fatal(err)
	}
	return readModel(t, dir), events
}

// figures are the metrics among the events, without their times.
func figures(events []Event) map[int]map[string]float64 {
	all := map[int]map[string]float64{}
	for _, e := range events {
		if e.Kind == KindMetrics {
			if all[e.Iteration] != nil {
				return map[int]map[string]float64{-1: nil} // twice the same iteration
			}
			all[e.Iteration] = e.Values
		}
	}
	return all
}

func TestKilledAtAnyMomentItEndsWithTheSameWeights(t *testing.T) {
	want, events := undisturbed(t)
	dir := newRun(t, Classification, set(slower))
	r := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	kills := 6
	if testing.Short() {
		kills = 3
	}
	for range kills {
		if err := Launch(dir); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(r.IntN(400)) * time.Millisecond)
		p, err := os.FindProcess(pid(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		_ = p.Kill()
		s := await(t, dir, func(s State) bool { return !s.Alive })
		if s.Status == StatusReady {
			break
		}
		if s.Status != StatusInterrupted || s.Error == "" || !s.Status.Resumable() {
			t.Fatalf("after a kill: %+v", s)
		}
	}
	if s := mustInspect(t, dir); s.Status != StatusReady {
		if err := Launch(dir); err != nil {
			t.Fatal(err)
		}
		if err := Launch(dir); !errors.Is(err, ErrBusy) && !errors.Is(err, ErrReady) {
			t.Errorf("launched twice: %v", err)
		}
	}
	var h History
	if err := Follow(context.Background(), dir, h.Add); err != nil || h.State.Status != StatusReady {
		t.Fatalf("%v, %+v", err, h.State)
	}
	if readModel(t, dir) != want {
		t.Error("other weights than those of the undisturbed training")
	}
	got, err := ReadEvents(dir)
	if err != nil || !reflect.DeepEqual(figures(got), figures(events)) {
		t.Errorf("other metrics than those of the undisturbed training: %v, %v, %v", err, figures(got), figures(events))
	}
}

func TestStopKeepsTheStateAndResumeGoesOn(t *testing.T) {
	want, _ := undisturbed(t)
	dir := newRun(t, Classification, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 20 || s.Status == StatusReady })
	if err := RequestStop(dir); err != nil {
		t.Fatal(err)
	}
	s := await(t, dir, func(s State) bool { return !s.Alive })
	if s.Status != StatusStopped || s.BestIteration == 0 {
		t.Fatalf("%+v", s)
	}
	if m, err := Open(dir); err != nil {
		t.Errorf("what was learnt cannot be used: %v", err)
	} else {
		m.Close()
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Execute(ctx, dir); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped before anything began: %v", err)
	}
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if readModel(t, dir) != want {
		t.Error("other weights than those of the undisturbed training")
	}
}

func TestACheckpointCutShortGivesWayToTheOneBefore(t *testing.T) {
	want, _ := undisturbed(t)
	dir := newRun(t, Classification, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	store := checkpoint.Store{Dir: filepath.Join(dir, CheckpointsDir)}
	await(t, dir, func(s State) bool { return s.Iteration > 40 || s.Status == StatusReady })
	if err := RequestStop(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return !s.Alive })
	all, err := store.Iterations()
	if err != nil || len(all) < 2 {
		t.Fatalf("%v, %v", all, err)
	}
	newest, _ := filepath.Glob(filepath.Join(store.Dir, "*.safetensors"))
	path := newest[len(newest)-1]
	if info, err := os.Stat(path); err != nil || os.Truncate(path, info.Size()-7) != nil {
		t.Fatal(err)
	}
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if s := mustInspect(t, dir); len(s.Warnings) != 1 {
		t.Errorf("warnings %q", s.Warnings)
	}
	if readModel(t, dir) != want {
		t.Error("other weights than those of the undisturbed training")
	}
}

func TestASignalStopsLikeARequest(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no SIGTERM there")
	}
	dir := newRun(t, Tagging, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 3 || s.Status == StatusReady })
	p, err := os.FindProcess(pid(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if s := await(t, dir, func(s State) bool { return !s.Alive }); s.Status != StatusStopped || s.Iteration < 3 {
		t.Errorf("%+v", s)
	}
}
