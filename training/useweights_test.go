package training

import (
	"context"
	"errors"
	"testing"

	"viewfinder/storage/domain"
)

// A version that is ready changes to the last iteration's weights and back to the best one's: to the very files that a training with the option
// keep would have ended with, with their figures.
func TestUseWeights(t *testing.T) {
	if testing.Short() {
		t.Skip("trains three networks")
	}
	long := func(o *Options) { o.Iterations, o.LearningRate, o.Schedule = 40, 0.1, "constant" }
	train := func(keep string) (string, string, State) {
		dir := newRun(t, domain.Classification, set(func(o *Options) { long(o); o.Keep = keep }))
		if err := Execute(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		return dir, readModel(t, dir), mustInspect(t, dir)
	}
	dir, best, before := train(KeepBest)
	_, last, lastState := train(KeepLast)
	if before.BestIteration == 40 || before.KeptIteration != before.BestIteration || lastState.KeptIteration != 40 || lastState.BestIteration != before.BestIteration {
		t.Fatalf("best %+v, last %+v", before, lastState)
	}
	for _, c := range []struct {
		which, model string
		want         State
	}{{KeepLast, last, lastState}, {KeepLast, last, lastState}, {KeepBest, best, before}} {
		if err := UseWeights(context.Background(), dir, c.which, nil); err != nil {
			t.Fatal(err)
		}
		s := mustInspect(t, dir)
		if readModel(t, dir) != c.model || s.KeptIteration != c.want.KeptIteration || s.Headline != c.want.Headline || s.HeadlineName != c.want.HeadlineName {
			t.Errorf("%s: %+v, want %+v", c.which, s, c.want)
		}
		if s.Status != domain.StatusReady || s.BestIteration != before.BestIteration || !s.EndedAt.Equal(before.EndedAt) {
			t.Errorf("%s changed more: %+v", c.which, s)
		}
	}
	if events, err := ReadEvents(dir); err != nil || events[len(events)-1].Kind != KindUsed || events[len(events)-3].Kind != KindEnded {
		t.Errorf("two changes are told: %+v, %v", events[len(events)-3:], err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := UseWeights(ctx, dir, KeepLast, nil); !errors.Is(err, context.Canceled) || readModel(t, dir) != best {
		t.Errorf("cancelled: %v", err)
	}
	if err := UseWeights(context.Background(), newRun(t, domain.Classification, nil), KeepLast, nil); !errors.Is(err, ErrNotReady) {
		t.Errorf("before the end: %v", err)
	}
}
