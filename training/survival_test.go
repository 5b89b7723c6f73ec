package training

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"viewfinder/storage/domain"
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

func eventCount(t *testing.T, dir string) int {
	t.Helper()
	n, err := CountEvents(dir)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func undisturbed(t *testing.T, task domain.Task, change func(*Options)) (model string, events []Event) {
	t.Helper()
	dir := newRun(t, task, set(change))
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

// kills is how often each training is killed; VIEWFINDER_KILLS=200 makes a long test of it.
func kills(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("VIEWFINDER_KILLS")); err == nil {
		return n
	}
	if testing.Short() {
		return 2
	}
	return 4
}

func TestKilledAtAnyMomentItEndsWithTheSameWeights(t *testing.T) {
	for _, c := range []struct {
		name   string
		task   domain.Task
		change func(*Options)
	}{
		{"small_cnn", domain.Classification, slower},
		{"mobilenet_v2_035", domain.Tagging, func(o *Options) {
			o.Iterations, o.Architecture, o.Optimizer, o.LearningRate, o.Balance = 40, "mobilenet_v2_035", "adamw", 1e-3, BalanceSampling
			o.EMA, o.Dropout = 0.9, 0.2
		}},
		{"detector", domain.Detection, func(o *Options) { o.Iterations, o.Resizer = 40, "64x64" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && !c.task.ExactlyOne() {
				t.Skip("one network is enough for a short test")
			}
			survive(t, c.task, c.change)
		})
	}
}

// survive kills trainings again and again, each until it is ready, and holds their ends against the undisturbed one.
func survive(t *testing.T, task domain.Task, change func(*Options)) {
	want, events := undisturbed(t, task, change)
	killed, trainings := 0, 0
	for killed < kills(t) && trainings < 2*kills(t) {
		dir := newRun(t, task, set(change))
		killed += killUntilReady(t, dir, len(events), kills(t)-killed)
		trainings++
		if readModel(t, dir) != want {
			t.Errorf("training %d: other weights than those of the undisturbed training", trainings)
		}
		got, err := ReadEvents(dir)
		if err != nil || !reflect.DeepEqual(figures(got), figures(events)) {
			t.Errorf("training %d: other metrics than those of the undisturbed training: %v, %v, %v", trainings, err, figures(got), figures(events))
		}
	}
	t.Logf("%d kills at random moments in %d trainings, %d resumes", killed, trainings, killed)
}

// killUntilReady trains a run that is killed at most so often, each time after a random number of events, up to a third of those that a whole
// training has, and returns how often it was.
func killUntilReady(t *testing.T, dir string, whole, most int) (killed int) {
	for killed < most && mustInspect(t, dir).Status != domain.StatusReady {
		until := 1 + eventCount(t, dir) + rand.IntN(max(1, whole/3)) // killed before its first event it would have to wait as before
		if err := Launch(dir); err != nil {
			t.Fatal(err)
		}
		await(t, dir, func(s State) bool { return eventCount(t, dir) >= until || s.Status == domain.StatusReady })
		p, err := os.FindProcess(pid(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		_ = p.Kill()
		s := await(t, dir, func(s State) bool { return !s.Alive })
		if s.Status == domain.StatusReady {
			return killed
		}
		killed++
		if s.Status != domain.StatusInterrupted || s.Error == "" || !s.Status.Resumable() {
			t.Fatalf("after a kill: %+v", s)
		}
	}
	if s := mustInspect(t, dir); s.Status != domain.StatusReady {
		if err := Launch(dir); err != nil {
			t.Fatal(err)
		}
		if err := Launch(dir); !errors.Is(err, ErrBusy) && !errors.Is(err, ErrReady) {
			t.Errorf("launched twice: %v", err)
		}
	}
	var h History
	if err := Follow(context.Background(), dir, h.Add); err != nil || h.State.Status != domain.StatusReady {
		t.Fatalf("%v, %+v", err, h.State)
	}
	return killed
}

func TestStopKeepsTheStateAndResumeGoesOn(t *testing.T) {
	want, _ := undisturbed(t, domain.Classification, slower)
	dir := newRun(t, domain.Classification, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 20 || s.Status == domain.StatusReady })
	if err := RequestStop(dir); err != nil {
		t.Fatal(err)
	}
	s := await(t, dir, func(s State) bool { return !s.Alive })
	if s.Status != domain.StatusStopped || s.BestIteration == 0 {
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
	want, _ := undisturbed(t, domain.Classification, slower)
	dir := newRun(t, domain.Classification, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	store := checkpoint.Store{Dir: filepath.Join(dir, CheckpointsDir)}
	await(t, dir, func(s State) bool { return s.Iteration > 40 || s.Status == domain.StatusReady })
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
	dir := newRun(t, domain.Tagging, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 3 || s.Status == domain.StatusReady })
	p, err := os.FindProcess(pid(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if s := await(t, dir, func(s State) bool { return !s.Alive }); s.Status != domain.StatusStopped || s.Iteration < 3 {
		t.Errorf("%+v", s)
	}
}
