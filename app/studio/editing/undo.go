package editing

import (
	"context"
	"errors"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// Undone is what Undo took back, or Redo made again.
type Undone struct {
	Label string // what it was: "Set concept Glass on bottle.jpg"
	// View and Datapoints are where it can be seen: those of the datapoints that it changed which are there now, of one view. View is 0
	// where there are none.
	View       int64
	Datapoints []int64
}

// Undo takes back the last action of this session; ErrNothingToUndo at its beginning. Of the views in which its outcome can be seen, the
// one that is open (looking, 0 = none) is preferred.
func (e *Editor) Undo(ctx context.Context, looking int64) (Undone, error) {
	return e.undone(ctx, looking, e.store.Undo)
}

// Redo does again what Undo took back; ErrNothingToRedo if that is nothing.
func (e *Editor) Redo(ctx context.Context, looking int64) (Undone, error) {
	return e.undone(ctx, looking, e.store.Redo)
}

func (e *Editor) undone(ctx context.Context, looking int64, do func(context.Context) (storage.Step, error)) (Undone, error) {
	step, err := do(ctx)
	if err != nil {
		return Undone{}, err
	}
	u := Undone{Label: step.Label}
	points, err := e.store.DatapointsByID(ctx, step.Datapoints)
	if err != nil {
		return u, errors.Join(err, e.session.Reread(ctx))
	}
	for _, view := range []int64{looking, first(points)} {
		if view == 0 || len(u.Datapoints) > 0 {
			continue
		}
		if _, err := e.store.View(ctx, view); err != nil {
			continue // it is gone now
		}
		for _, d := range points {
			if d.View == view {
				u.View, u.Datapoints = view, append(u.Datapoints, d.ID)
			}
		}
	}
	return u, e.session.Reread(ctx)
}

func first(points []storage.Datapoint) int64 {
	if len(points) == 0 {
		return 0
	}
	return points[0].View
}

// Amend changes the annotation of a datapoint of a detection, on the basis of its current state; see [storage.Project.Amend].
func (e *Editor) Amend(ctx context.Context, key storage.Key, edit func(there []domain.Region) []domain.Region) ([]domain.Region, error) {
	stored, err := e.store.Amend(ctx, key, edit)
	return stored, e.didAnnotate([]storage.Key{key}, err)
}
