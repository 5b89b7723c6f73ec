package training

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// A training waits while it is asked to yield, computes for a moment if that never ends, and continues when it does.
func TestYieldingTime(t *testing.T) {
	begin := time.Unix(1_700_000_000, 0)
	var y yielding
	for _, c := range []struct {
		after time.Duration
		asked bool
		want  bool
	}{
		{0, false, false},
		{10 * time.Millisecond, true, true},
		{4 * time.Second, true, true},
		{5*time.Second + 20*time.Millisecond, true, false}, // its turn
		{5*time.Second + 400*time.Millisecond, true, false},
		{5*time.Second + 520*time.Millisecond, true, true},
		{10 * time.Second, true, true},
		{10*time.Second + 600*time.Millisecond, true, false},
		{10*time.Second + 700*time.Millisecond, false, false},
		{10*time.Second + 710*time.Millisecond, true, true}, // from the beginning
	} {
		if got := y.hold(begin.Add(c.after), c.asked); got != c.want {
			t.Errorf("after %v, asked %v: it waits is %v", c.after, c.asked, got)
		}
	}
}

func TestYieldCPU(t *testing.T) {
	dir := t.TempDir()
	y := &yielding{file: filepath.Join(dir, yieldFile)}
	if y.asked() {
		t.Error("asked before anybody did")
	}
	for range 2 {
		if err := YieldCPU(dir); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		age  time.Duration
		want bool
	}{"rested": {time.Second, false}, "the clock was moved back": {-time.Hour, false}} {
		at := time.Now().Add(-c.age)
		if err := os.Chtimes(y.file, at, at); err != nil {
			t.Fatal(err)
		}
		if y.asked() != c.want {
			t.Errorf("%s: asked is %v", name, !c.want)
		}
	}
	if err := YieldCPU(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was asked")
	}
}

// The end of a training is not waited for in vain.
func TestNobodyWaitsOnceWatchingEnds(t *testing.T) {
	y := &yielding{file: filepath.Join(t.TempDir(), yieldFile)}
	y.now.Store(true)
	through := make(chan struct{})
	go func() { y.gate(); close(through) }()
	select {
	case <-through:
		t.Fatal("the gate is open while the CPU is yielded")
	case <-time.After(50 * time.Millisecond):
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	y.watch(ctx)
	select {
	case <-through:
	case <-time.After(10 * time.Second):
		t.Fatal("the gate stays shut")
	}
}

// Whoever works beside it, the weights are the same.
func TestYieldingChangesNoWeights(t *testing.T) {
	long := func(o *Options) { o.Iterations, o.Threads = 60, 2 }
	want, _ := undisturbed(t, domain.Classification, long)
	dir := newRun(t, domain.Classification, set(long))
	ended := make(chan error, 1)
	go func() { ended <- Execute(context.Background(), dir) }()
	for n := 0; ; n++ {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			if readModel(t, dir) != want {
				t.Error("other weights beside a person's work")
			}
			return
		case <-time.After(20 * time.Millisecond):
			if n/20%2 == 0 { // 0.4 s of work, 0.4 s of rest
				if err := YieldCPU(dir); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
