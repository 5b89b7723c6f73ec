package runs

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// How often a watched project looks at its trainings, and how often at most it announces that one has new events.
const (
	watchPause = 500 * time.Millisecond
	tellPause  = 200 * time.Millisecond
)

// follower collects the events of one training.
type follower struct {
	mu      sync.Mutex
	history *training.History
	events  int
	stop    context.CancelFunc
}

// watch syncs the versions again and again, and follows those in training.
func (t *trainings) watch(ctx context.Context) {
	ticker := time.NewTicker(watchPause)
	defer ticker.Stop()
	for {
		if err := t.syncAll(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("the trainings could not be looked after", "error", err)
		}
		t.followActive(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// followActive follows each version that is being trained, and lets go of the others.
func (t *trainings) followActive(ctx context.Context) {
	rows, err := t.runs.store.Versions(ctx, 0)
	if err != nil {
		return
	}
	for _, row := range rows {
		active := row.Status.Active() && row.Status != domain.StatusQueued
		t.mu.Lock()
		f := t.followers[row.UID]
		if active && f == nil {
			f = &follower{history: &training.History{}}
			t.followers[row.UID] = f
			var inner context.Context
			inner, f.stop = context.WithCancel(ctx)
			id, dir := row.ID, t.runs.store.RunDir(row.UID)
			t.runs.session.Background(func(context.Context) { t.follow(inner, f, id, dir) })
		}
		t.mu.Unlock()
		if !active && f != nil {
			t.forget(row.UID)
			t.runs.session.Tell(session.Change{Kind: session.ChangeRun, Version: row.ID})
		}
	}
}

// follow feeds a follower and announces, not too often, that there is something new.
func (t *trainings) follow(ctx context.Context, f *follower, id int64, dir string) {
	fresh := make(chan struct{}, 1)
	t.runs.session.Background(func(context.Context) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-fresh:
				t.runs.session.Tell(session.Change{Kind: session.ChangeRun, Version: id})
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(tellPause):
			}
		}
	})
	err := training.Follow(ctx, dir, func(e training.Event) {
		f.mu.Lock()
		f.history.Add(e)
		f.events++
		f.mu.Unlock()
		select {
		case fresh <- struct{}{}:
		default:
		}
	})
	if err != nil && ctx.Err() == nil {
		slog.Debug("following a training ended", "error", err)
	}
}

// forget ends following a training.
func (t *trainings) forget(uid string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.followers[uid]; f != nil {
		f.stop()
		delete(t.followers, uid)
	}
}

// history is a copy of what a follower has collected; nil if nobody follows this training, or nothing came yet.
func (t *trainings) history(uid string) *training.History {
	t.mu.Lock()
	f := t.followers[uid]
	t.mu.Unlock()
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.events == 0 {
		return nil
	}
	h := *f.history
	h.Points = make(map[string][]training.Point, len(f.history.Points))
	for name, points := range f.history.Points {
		h.Points[name] = slices.Clone(points)
	}
	h.State.Steps = slices.Clone(f.history.State.Steps)
	h.State.Warnings = slices.Clone(f.history.State.Warnings)
	return &h
}

// Attend keeps the versions' records in step with their run folders, follows what is being trained and starts what waits, until ctx ends.
func (rs *Runs) AttendTrainings(ctx context.Context) { rs.trainings.watch(ctx) }
