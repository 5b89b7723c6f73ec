package runs

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// trainings keeps the versions' records in step with their run folders and starts what waits. The run folder is the truth about a
// training; the record repeats what a list needs.
type trainings struct {
	runs *Runs
	sync sync.Mutex // one Sync at a time

	slow      string    // uid of a version whose trainer was started, but had not begun when it was last looked at
	slowUntil time.Time // then another start is tried

	mu        sync.Mutex
	followers map[string]*follower  // by uid: the trainings that are being watched
	inspected map[string]inspection // by uid: the states of the run folders
	yielded   time.Time             // when they were last asked to yield the CPU
}

// inspection is a run folder's state when its events.jsonl had that size and time.
type inspection struct {
	size    int64
	changed time.Time
	state   training.State
}

func newTrainings(p *Runs) *trainings {
	return &trainings{runs: p, followers: map[string]*follower{}, inspected: map[string]inspection{}}
}

// inspect reads where a training stands. A folder in which nobody works and nothing changed is not read again.
func (t *trainings) inspect(uid string) (training.State, error) {
	dir := t.runs.store.RunDir(uid)
	file, err := os.Stat(filepath.Join(dir, "events.jsonl"))
	if err != nil {
		return training.Inspect(dir)
	}
	t.mu.Lock()
	known, ok := t.inspected[uid]
	t.mu.Unlock()
	if ok && !known.state.Alive && known.size == file.Size() && known.changed.Equal(file.ModTime()) {
		return known.state, nil
	}
	state, err := training.Inspect(dir)
	if err == nil {
		t.mu.Lock()
		t.inspected[uid] = inspection{file.Size(), file.ModTime(), state}
		t.mu.Unlock()
	}
	return state, err
}

// current joins a record with the present state of its run folder.
func (t *trainings) current(row storage.Version) Version {
	v := Version{Version: row}
	state, err := t.inspect(row.UID)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			slog.Debug("a run folder cannot be read", "version", row.Name, "error", err)
		}
		return v
	}
	v.Run = state
	v.Status = statusNow(row.Status, state)
	if v.Status == domain.StatusQueued {
		return v // whatever ended before is about to go on
	}
	if state.Error != "" {
		v.Error = state.Error
	}
	if state.HeadlineName != "" {
		v.Headline, v.HeadlineName = state.Headline, state.HeadlineName
	}
	if state.Device != "" {
		v.Device = state.Device
	}
	if !state.StartedAt.IsZero() {
		v.StartedAt, v.EndedAt = state.StartedAt, state.EndedAt
	}
	return v
}

// listed is current for a list: of a version that is ready the record suffices, and its folder is left alone.
func (t *trainings) listed(row storage.Version) Version {
	if row.Status == domain.StatusReady {
		return Version{Version: row, Run: training.State{
			Status: domain.StatusReady, Headline: row.Headline, HeadlineName: row.HeadlineName,
			Device: row.Device, StartedAt: row.StartedAt, EndedAt: row.EndedAt,
		}}
	}
	return t.current(row)
}

// statusNow is a version's status: the run folder's, except where the folder cannot know. A queued record stays queued until a
// trainer has it (its folder may say "stopped" when it waits to be resumed), and a record that was taken off the queue before any
// trainer touched it stays as it is.
func statusNow(recorded domain.Status, run training.State) domain.Status {
	now := run.Status
	switch {
	case run.Alive && now == domain.StatusQueued:
		return domain.StatusPreparing // a trainer has it, which has not written its first event yet
	case run.Alive, now == domain.StatusReady:
		return now
	case recorded == domain.StatusQueued, now == domain.StatusQueued:
		return recorded
	}
	return now
}

// Sync brings the records of the versions up to date with their run folders, and starts the next one in the queue if none is
// being trained. The window does so by itself after Attend; a command calls it. In a project opened to be read, whoever holds it does.
func (rs *Runs) Sync(ctx context.Context) error {
	if rs.session.ReadOnly() {
		return nil
	}
	return rs.trainings.syncAll(ctx)
}

// syncAll is one Sync, of all versions.
func (t *trainings) syncAll(ctx context.Context) error {
	t.sync.Lock()
	defer t.sync.Unlock()
	rows, err := t.runs.store.Versions(ctx, 0)
	if err != nil {
		return err
	}
	busy := false
	for _, row := range rows {
		if row.Status == domain.StatusReady { // nothing changes it any more
			continue
		}
		v := t.current(row)
		busy = busy || v.Run.Alive
		if err := t.record(ctx, row, v); err != nil {
			return err
		}
	}
	if busy {
		t.slow = ""
		return nil
	}
	if t.slow != "" && time.Now().Before(t.slowUntil) {
		return nil // its trainer may begin at any moment
	}
	t.slow = ""
	return t.startNext(ctx)
}

// record writes what differs between a version's record and its present state.
func (t *trainings) record(ctx context.Context, row storage.Version, v Version) error {
	if row.Status == v.Status && row.Error == v.Error && row.Headline == v.Headline && row.Device == v.Device &&
		sameTime(row.StartedAt, v.StartedAt) && sameTime(row.EndedAt, v.EndedAt) {
		return nil
	}
	u := storage.VersionUpdate{
		Headline: &v.Headline, HeadlineName: &v.HeadlineName,
		Error: &v.Error, Device: &v.Device, StartedAt: &v.StartedAt, EndedAt: &v.EndedAt,
	}
	if row.Status != v.Status {
		u.Status = &v.Status
	}
	return t.runs.didVersion(row.ID, t.runs.updateVersion(ctx, row.ID, u))
}

// sameTime compares two times of which one went through the database, which keeps less of it.
func sameTime(a, b time.Time) bool { return a.Sub(b).Abs() < 2*time.Second }

// slowPatience is how long a trainer that was started is waited for before it is started again.
const slowPatience = 10 * time.Minute

// startNext launches the first version of the queue; one that cannot be launched fails with the reason, and the next is tried.
func (t *trainings) startNext(ctx context.Context) error {
	queue, err := t.runs.store.Queue(ctx)
	if err != nil || len(queue) == 0 {
		return err
	}
	if paused, err := t.runs.QueuePaused(ctx); err != nil || paused {
		return err
	}
	for _, row := range queue {
		err := training.Launch(t.runs.store.RunDir(row.UID))
		u := storage.VersionUpdate{Status: new(domain.Status)}
		*u.Status = domain.StatusPreparing
		switch {
		case errors.Is(err, training.ErrSlow): // on a busy machine; it stays queued until its trainer has begun
			slog.Warn("a trainer is slow to begin", "version", row.Name, "error", err)
			t.slow, t.slowUntil = row.UID, time.Now().Add(slowPatience)
			return nil
		case errors.Is(err, training.ErrBusy): // somebody else started it in this moment
			err = nil
		case errors.Is(err, training.ErrReady):
			*u.Status = domain.StatusReady
		case err != nil:
			reason := "the training could not be started: " + err.Error()
			*u.Status, u.Error = domain.StatusFailed, &reason
		}
		if updateErr := t.runs.didVersion(row.ID, t.runs.updateVersion(ctx, row.ID, u)); updateErr != nil {
			return updateErr
		}
		if err == nil {
			return nil
		}
		slog.Warn("a training could not be started", "version", row.Name, "error", err)
	}
	return nil
}
