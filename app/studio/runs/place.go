package runs

import (
	"context"

	"viewfinder/training"
)

// Place makes a version that is ready of what a training on the very same annotated images has come to: files are those of training.Pack.
func (rs *Runs) Place(ctx context.Context, r TrainRequest, files map[string][]byte) (Version, error) {
	if err := rs.nameIsFree(ctx, r.View, r.Name); err != nil {
		return Version{}, err
	}
	id, err := rs.makeVersion(ctx, r, r.Name, func(dir string, run *training.Run) error { return training.Place(dir, run, files) })
	if err != nil {
		return Version{}, err
	}
	if err := rs.Sync(ctx); err != nil {
		return Version{}, err
	}
	return rs.Version(ctx, id)
}

// Pack is what the training of a version that is ready has come to, for Place.
func (rs *Runs) Pack(ctx context.Context, id int64) (map[string][]byte, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	return training.Pack(rs.RunDir(v))
}
