package runs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// PrepareReproduction writes what a version was trained on, as it was frozen, into a run folder of its own in the project's cache, for Reproduce,
// and returns the folder.
func (rs *Runs) PrepareReproduction(ctx context.Context, id int64) (dir string, err error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return "", err
	}
	if v.Status != domain.StatusReady {
		return "", &storage.RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready can be reproduced", v.Name, v.Status)}
	}
	dir = filepath.Join(rs.store.CacheDir(), "reproduce-"+v.UID)
	if err := training.CopyRun(rs.RunDir(v), dir); err != nil {
		return "", fmt.Errorf("copying what %s was trained on: %w", v.Name, err)
	}
	return dir, nil
}

// Reproduce trains a version once more, with its options and its seed, and reports whether the weights are the same. Nothing of the project
// changes. Where it is ended by ctx, the next call goes on where this one was.
func (rs *Runs) Reproduce(ctx context.Context, id int64) (*training.Reproduction, error) {
	dir, err := rs.PrepareReproduction(ctx, id)
	if err != nil {
		return nil, err
	}
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := training.Reproduce(ctx, rs.RunDir(v), dir)
	switch {
	case errors.Is(err, training.ErrStopped) || ctx.Err() != nil:
		return nil, errors.Join(ctx.Err(), err) // its state is kept
	case err != nil:
		return nil, fmt.Errorf("reproducing %s: %w", v.Name, err)
	}
	return r, os.RemoveAll(dir)
}
