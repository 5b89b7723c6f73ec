package runs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// TrainRequest is what "Create" of the sheet "Train a new model version" asks for.
type TrainRequest struct {
	View    int64
	Name    string // "" = SuggestName's
	Options training.Options
	// From is the version whose weights it begins with; 0 = Options.Weights.
	From int64
}

// Train makes a model version: the annotated images of the view are frozen into its run folder as they are now, and it waits in
// the queue, or begins at once if nothing else is being trained. A *NotEnoughError names what is missing.
func (rs *Runs) Train(ctx context.Context, r TrainRequest) (Version, error) {
	name := strings.TrimSpace(r.Name)
	if name == "" {
		var err error
		if name, err = rs.SuggestName(ctx, r.View); err != nil {
			return Version{}, err
		}
	}
	if err := rs.nameIsFree(ctx, r.View, name); err != nil {
		return Version{}, err
	}
	if r.From != 0 {
		from, err := rs.Version(ctx, r.From)
		if err != nil {
			return Version{}, err
		}
		if !from.CanPredict() {
			return Version{}, &storage.RuleError{Message: fmt.Sprintf("%s is %s and has no weights to start from", from.Name, from.Status)}
		}
		r.Options.Weights = WeightsOf(from)
	}
	id, err := rs.createVersion(ctx, r, name)
	if err != nil {
		return Version{}, err
	}
	rs.session.Tell(session.Change{Kind: session.ChangeVersions, View: r.View, Version: id})
	whole := context.WithoutCancel(ctx) // it exists: it is started, or taken back whole
	err = rs.Sync(whole)
	if ctx.Err() != nil {
		return Version{}, errors.Join(ctx.Err(), rs.Discard(whole, id))
	}
	v, readErr := rs.Version(whole, id)
	if err != nil {
		return v, &NotStartedError{Name: name, Err: err}
	}
	return v, readErr
}

// NotStartedError: a version was created and waits, but the queue could not go on. It holds the version.
type NotStartedError struct {
	Name string
	Err  error
}

func (e *NotStartedError) Error() string {
	return e.Name + " was created but could not be started: " + e.Err.Error()
}
func (e *NotStartedError) Unwrap() error { return e.Err }

// WeightsOf is the option weights that begins with a version's: both lie in runs/, so that a project that was moved still resumes.
func WeightsOf(v Version) string { return "../" + v.UID }

// Discard takes back a version whose creating was cancelled: a trainer that has begun is stopped first, and waited for.
func (rs *Runs) Discard(ctx context.Context, id int64) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	if v.Status.Active() || v.Run.Alive {
		if err := rs.Stop(ctx, id); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for v.Run.Alive {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is still running: stop it in Training and delete it in the Library: %w", v.Name, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
		if v, err = rs.Version(ctx, id); err != nil {
			return err
		}
	}
	return rs.DeleteVersion(ctx, id)
}

// nameIsFree refuses a name that another version of the view has: commands find versions by name.
func (rs *Runs) nameIsFree(ctx context.Context, view int64, name string) error {
	rows, err := rs.store.Versions(ctx, view)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Name == name {
			return &storage.RuleError{Message: fmt.Sprintf("a version named %s already exists: choose another name", name)}
		}
	}
	return nil
}

// createVersion writes record and run folder, and puts it at the end of the queue: all or nothing.
func (rs *Runs) createVersion(ctx context.Context, r TrainRequest, name string) (int64, error) {
	id, err := rs.makeVersion(ctx, r, name, training.CreateRun)
	if err != nil {
		return 0, err
	}
	queued := domain.StatusQueued
	if err := rs.updateVersion(ctx, id, storage.VersionUpdate{Status: &queued}); err != nil {
		return 0, errors.Join(fmt.Errorf("writing the run folder of %s: %w", name, err), rs.store.DeleteVersion(context.WithoutCancel(ctx), id))
	}
	return id, nil
}

// makeVersion writes a record, and has fill write the run folder: both or neither. Nobody starts it: it counts as stopped.
func (rs *Runs) makeVersion(ctx context.Context, r TrainRequest, name string, fill func(dir string, run *training.Run) error) (int64, error) {
	options, err := json.Marshal(r.Options)
	if err != nil {
		return 0, fmt.Errorf("writing the options: %w", err)
	}
	s, err := rs.snapshotNow(ctx, r.View)
	if err != nil {
		return 0, err
	}
	if use := s.usable().judge(r.Options); !use.Ready {
		return 0, &NotEnoughError{use}
	}
	row, err := rs.store.CreateVersion(ctx, storage.NewVersion{
		ViewID: r.View, Name: name, Architecture: r.Options.Architecture, Options: options,
		Concepts: s.conceptIDs(), Images: len(s.Samples),
		Status: domain.StatusStopped, // until its folder is complete, nobody may start it
	})
	if err != nil {
		return 0, err
	}
	run := &training.Run{
		Format: training.FormatVersion, ID: row.UID, Name: name, Task: s.view.Type,
		Concepts: s.ConceptRefs(), Options: r.Options, Samples: s.Samples, Decoding: training.DecodingReduced,
	}
	if err := fill(rs.store.RunDir(row.UID), run); err != nil {
		undo := rs.store.DeleteVersion(context.WithoutCancel(ctx), row.ID)
		return 0, errors.Join(fmt.Errorf("writing the run folder of %s: %w", name, err), undo)
	}
	return row.ID, nil
}

func (s *Snapshot) conceptIDs() []int64 {
	ids := make([]int64, len(s.Concepts))
	for i, c := range s.Concepts {
		ids[i] = c.ID
	}
	return ids
}

func (s *Snapshot) ConceptRefs() []training.ConceptRef {
	refs := make([]training.ConceptRef, len(s.Concepts))
	for i, c := range s.Concepts {
		refs[i] = training.ConceptRef{ID: strconv.FormatInt(c.ID, 10), Name: c.Name}
	}
	return refs
}

// Queue lists what is being trained (one, or none) and after it what waits, in order.
func (rs *Runs) Queue(ctx context.Context) ([]Version, error) {
	all, err := rs.Versions(ctx, 0)
	if err != nil {
		return nil, err
	}
	var queue []Version
	for _, v := range all {
		if v.Running() {
			queue = append(queue, v)
		}
	}
	rows, err := rs.store.Queue(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if v := rs.trainings.current(row); v.Status == domain.StatusQueued {
			queue = append(queue, v)
		}
	}
	return queue, nil
}

// OrderQueue puts what waits in this order; what is not named comes after.
func (rs *Runs) OrderQueue(ctx context.Context, versions []int64) error {
	return rs.didVersion(0, rs.store.OrderQueue(ctx, versions))
}

// Stop asks the training of a version to keep its state and end, or takes it off the queue. It returns at once; the status follows
// when the trainer has ended.
func (rs *Runs) Stop(ctx context.Context, id int64) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case v.Run.Alive:
		// The record may still be queued, if its trainer was slow to begin and nobody looked since: then what was stopped would go on waiting.
		if err := rs.updateVersion(ctx, id, storage.VersionUpdate{Status: &v.Status}); err != nil {
			return err
		}
		return training.RequestStop(rs.RunDir(v))
	case v.Status == domain.StatusQueued:
		stopped := domain.StatusStopped
		return rs.didVersion(id, rs.updateVersion(ctx, id, storage.VersionUpdate{Status: &stopped}))
	}
	return &storage.RuleError{Message: fmt.Sprintf("%s is %s: there is nothing to stop", v.Name, v.Status)}
}

// Resume goes on with a version that was stopped, interrupted, or failed, exactly where it stopped: at once, or when its turn comes.
func (rs *Runs) Resume(ctx context.Context, id int64) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	if !v.CanResume() {
		return &storage.RuleError{Message: fmt.Sprintf("%s is %s: there is nothing to resume", v.Name, v.Status)}
	}
	queued, none := domain.StatusQueued, ""
	if err := rs.updateVersion(ctx, id, storage.VersionUpdate{Status: &queued, Error: &none}); err != nil {
		return err
	}
	rs.session.Tell(session.Change{Kind: session.ChangeVersions, Version: id})
	return rs.Sync(ctx)
}
