package training

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
)

// A run trained once more gives the same weights to the bit, with another number of threads too; another seed's are named as different.
func TestReproduce(t *testing.T) {
	ctx := context.Background()
	short := func(o *Options) { o.Iterations = 6; o.Threads = 1 }
	dir := newRun(t, domain.Classification, set(short))
	again := filepath.Join(filepath.Dir(dir), "again")
	if _, err := Reproduce(ctx, dir, again); !errors.Is(err, ErrNotReady) {
		t.Errorf("before the end: %v", err)
	}
	if err := Execute(ctx, dir); err != nil {
		t.Fatal(err)
	}
	if err := CopyRun(dir, again); err != nil {
		t.Fatal(err)
	}
	run, err := ReadRun(again)
	if err != nil {
		t.Fatal(err)
	}
	run.Options.Threads = 2
	if err := WriteRun(again, run); err != nil {
		t.Fatal(err)
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Reproduce(stopped, dir, again); err == nil {
		t.Error("it went on though it was ended")
	}
	r, err := Reproduce(ctx, dir, again)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Same || r.Tensors == 0 || r.Iteration != r.Again || r.Device == "" {
		t.Errorf("once more: %+v", r)
	}
	other := filepath.Join(filepath.Dir(dir), "other")
	run.Options.Seed++
	if err := CopyRun(dir, other); err != nil {
		t.Fatal(err)
	}
	if err := WriteRun(other, run); err != nil {
		t.Fatal(err)
	}
	if r, err = Reproduce(ctx, dir, other); err != nil {
		t.Fatal(err)
	}
	if r.Same || len(r.Differing) == 0 || r.MaxDifference == 0 {
		t.Errorf("another seed: %+v", r)
	}
}
