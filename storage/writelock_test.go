package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// waits returns once n writers wait for the project.
func waits(t *testing.T, p *Project, n int32) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); p.write.waiting.Load() < n; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d writers wait, want %d", p.write.waiting.Load(), n)
		}
	}
}

// Whoever waits for the lock gives up at the deadline, and writes nothing afterwards.
func TestAWriterGivesUpAtItsDeadline(t *testing.T) {
	p := newProject(t)
	images := addImages(t, p, 1)
	view, concepts := addView(t, p, "V", domain.Tagging, 0, "a")
	before := dump(t, p)
	for name, write := range map[string]func(context.Context) error{
		"an annotation": func(ctx context.Context) error { return p.Annotate(ctx, view.ID, images[0].ID, 0, whole(concepts...)) },
		"a setting":     func(ctx context.Context) error { return p.SetSetting(ctx, "late", "yes") },
		"undo":          func(ctx context.Context) error { _, err := p.Undo(ctx); return err },
	} {
		p.write.Lock()
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- write(ctx) }()
		waits(t, p, 1)
		cancel()
		select {
		case err := <-done:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s waits on after its context has ended", name)
		}
		p.write.Unlock()
	}
	sameDump(t, "after writers that gave up", before, dump(t, p))
	if _, there, err := p.Setting(context.Background(), "late"); err != nil || there {
		t.Errorf("the setting was written: %v, %v", there, err)
	}
	ok(t, p.Annotate(context.Background(), view.ID, images[0].ID, 0, whole(concepts...))) // the lock is free
}

// A batch lets others write between its portions. Undo takes back in the order in which it was written, and redo brings all of it again.
func TestOthersWriteBetweenPortions(t *testing.T) {
	p := newProject(t)
	ctx := context.Background()
	images := addImages(t, p, 6)
	view, concepts := addView(t, p, "V", domain.Classification, 0, "a", "b")
	states := []string{dump(t, p)}
	done := make(chan error, 1)
	ok(t, p.Batch(ctx, "import", func(b *Batch) error {
		for i := range 2 {
			ok(t, b.Annotate(view.ID, images[i].ID, 0, whole(concepts[0])))
			ok(t, b.Yield()) // nobody waits
		}
		go func() { done <- p.Annotate(ctx, view.ID, images[5].ID, 0, whole(concepts[1])) }()
		waits(t, p, 1)
		ok(t, b.Yield())
		select {
		case err := <-done:
			ok(t, err)
		case <-time.After(20 * time.Second):
			t.Fatal("the annotation waits for the end of the batch")
		}
		ok(t, b.Annotate(view.ID, images[2].ID, 0, whole(concepts[0])))
		ok(t, b.Flush())
		return b.Annotate(view.ID, images[3].ID, 0, whole(concepts[1]))
	}))
	states = append(states, "", "", dump(t, p))
	for i, want := range []string{"import", "Set concept b on frame_6.png", "import"} {
		step, err := p.Undo(ctx)
		ok(t, err)
		if step.Label != want {
			t.Errorf("undo %d takes back %q, want %q", i, step.Label, want)
		}
		n := must[int](t)(p.Count(ctx, Query{View: view.ID, State: StateAnnotated}))
		if annotated := []int{3, 2, 0}[i]; n != annotated {
			t.Errorf("after undo %d %d are annotated, want %d", i, n, annotated)
		}
	}
	sameDump(t, "all undone", states[0], dump(t, p))
	for range 3 {
		_, err := p.Redo(ctx)
		ok(t, err)
	}
	sameDump(t, "all redone", states[3], dump(t, p))
}

// Undo during a batch takes back what the person did, not what the batch did since.
func TestUndoDuringABatch(t *testing.T) {
	p := newProject(t)
	ctx := context.Background()
	images := addImages(t, p, 3)
	view, concepts := addView(t, p, "V", domain.Classification, 0, "a")
	meanwhile := func(b *Batch, f func() error) {
		t.Helper()
		done := make(chan error, 1)
		go func() { done <- f() }()
		waits(t, p, 1)
		ok(t, b.Yield())
		ok(t, <-done)
	}
	ok(t, p.Batch(ctx, "import", func(b *Batch) error {
		ok(t, b.Annotate(view.ID, images[0].ID, 0, whole(concepts...)))
		meanwhile(b, func() error { return p.Annotate(ctx, view.ID, images[2].ID, 0, whole(concepts...)) })
		ok(t, b.Annotate(view.ID, images[1].ID, 0, whole(concepts...)))
		meanwhile(b, func() error {
			step, err := p.Undo(ctx)
			if err == nil && step.Label != "Set concept a on frame_3.png" {
				err = fmt.Errorf("undo took back %q", step.Label)
			}
			return err
		})
		return nil
	}))
	for i, want := range []bool{true, true, false} {
		d := must[Datapoint](t)(p.Datapoint(ctx, Key{View: view.ID, Image: images[i].ID}))
		if d.Annotated != want {
			t.Errorf("image %d: annotated %v, want %v", i, d.Annotated, want)
		}
	}
	for range 2 {
		if step, err := p.Undo(ctx); err != nil || step.Label != "import" {
			t.Errorf("undo afterwards: %q, %v", step.Label, err)
		}
	}
	if n := must[int](t)(p.Count(ctx, Query{View: view.ID, State: StateAnnotated})); n != 0 {
		t.Errorf("%d are still annotated", n)
	}
}

// A project that is closed between two portions ends the batch.
func TestClosedBetweenPortions(t *testing.T) {
	p := newProject(t)
	images := addImages(t, p, 1)
	view, concepts := addView(t, p, "V", domain.Classification, 0, "a")
	err := p.Batch(context.Background(), "import", func(b *Batch) error {
		ok(t, b.Annotate(view.ID, images[0].ID, 0, whole(concepts...)))
		done := make(chan error, 1)
		go func() { done <- p.Close() }()
		waits(t, p, 1)
		if err := b.Yield(); err != nil {
			ok(t, <-done)
			return err
		}
		return errors.New("the batch goes on in a closed project")
	})
	if !errors.Is(err, ErrClosed) {
		t.Errorf("%v", err)
	}
}
