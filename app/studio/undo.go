package studio

import (
	"context"
	"errors"

	"viewfinder/storage"
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
// one that is looked at (0 = none) is preferred.
func (p *Project) Undo(ctx context.Context, looking int64) (Undone, error) {
	return p.undone(ctx, looking, p.store.Undo)
}

// Redo does again what Undo took back; ErrNothingToRedo if that is nothing.
func (p *Project) Redo(ctx context.Context, looking int64) (Undone, error) {
	return p.undone(ctx, looking, p.store.Redo)
}

func (p *Project) undone(ctx context.Context, looking int64, do func(context.Context) (storage.Step, error)) (Undone, error) {
	step, err := do(ctx)
	if err != nil {
		return Undone{}, err
	}
	u := Undone{Label: step.Label}
	points, err := p.DatapointsByID(ctx, step.Datapoints)
	if err != nil {
		return u, errors.Join(err, p.Reread(ctx))
	}
	for _, view := range []int64{looking, first(points)} {
		if view == 0 || len(u.Datapoints) > 0 {
			continue
		}
		if _, err := p.View(ctx, view); err != nil {
			continue // it is gone now
		}
		for _, d := range points {
			if d.View == view {
				u.View, u.Datapoints = view, append(u.Datapoints, d.ID)
			}
		}
	}
	return u, p.Reread(ctx)
}

func first(points []Datapoint) int64 {
	if len(points) == 0 {
		return 0
	}
	return points[0].View
}

// Amend changes the annotation of a datapoint of a detection, knowing what is there now; see [storage.Project.Amend].
func (p *Project) Amend(ctx context.Context, key Key, edit func(there []Region) []Region) ([]Region, error) {
	stored, err := p.store.Amend(ctx, key, edit)
	return stored, p.didAnnotate([]Key{key}, err)
}
