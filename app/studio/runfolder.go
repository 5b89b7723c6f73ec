package studio

import (
	"context"

	"viewfinder/training"
)

// What a command does with a run folder alone, without the project that it belongs to.

// ErrStopped is what ExecuteRun returns when it was asked to stop; the state is kept.
var ErrStopped = training.ErrStopped

// ExecuteRun is the trainer: it trains what the run folder describes, in this process, until it is ready, stopped (ErrStopped) or failed.
func ExecuteRun(ctx context.Context, dir string) error { return training.Execute(ctx, dir) }

// InspectRun says where the training in a run folder stands.
func InspectRun(dir string) (RunState, error) { return training.Inspect(dir) }

// FollowRun is Follow on a run folder.
func FollowRun(ctx context.Context, dir string, f func(Event)) error {
	return training.Follow(ctx, dir, f)
}

// StopRun asks the trainer of a run folder to keep its state and end.
func StopRun(dir string) error { return training.RequestStop(dir) }
