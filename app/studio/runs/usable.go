package runs

import (
	"context"

	"viewfinder/storage"
	"viewfinder/training"
)

// Usable is what of a view can be trained on: its annotations and files, looked at once. What options make of it needs no second look.
type Usable struct {
	view storage.View
	use  Preparation // splits, concepts, what is left out
}

// Usable looks at all annotations of a view, and whether their files are there. It changes nothing.
func (rs *Runs) Usable(ctx context.Context, view int64) (*Usable, error) {
	s, err := rs.snapshotNow(ctx, view)
	if err != nil {
		return nil, err
	}
	return s.usable(), nil
}

func (s *Snapshot) usable() *Usable { return &Usable{s.view, s.use} }

// With returns what a version would be trained on with these options: what is missing, warnings, and the memory that it takes. The first
// call for a network takes a tenth of a second. It may be called from any goroutine.
func (u *Usable) With(o training.Options) Preparation { return u.judge(o).withMemory(o) }
