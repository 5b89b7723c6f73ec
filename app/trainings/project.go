package trainings

import (
	"context"
	"image"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
)

// Project is what the page asks of a project.
type Project interface {
	queueing
	// Subscribe has f hear, from another goroutine, what changes; cancel ends that.
	Subscribe(f func(session.Change)) (cancel func())
	Views(ctx context.Context) ([]studio.View, error)
	Versions(ctx context.Context, view int64) ([]runs.Version, error)
	Version(ctx context.Context, id int64) (runs.Version, error)
	RunHistory(ctx context.Context, id int64) (*runs.RunHistory, error)
	Log(ctx context.Context, id int64, lines int) ([]string, error)
	LastBatch(ctx context.Context, id int64) (*runs.LastBatch, image.Image, error)
	Advice(ctx context.Context, id int64) ([]runs.Finding, error)
	Threads(v runs.Version) int
	SetThreads(ctx context.Context, id int64, threads int) error
	Stop(ctx context.Context, id int64) error
	Resume(ctx context.Context, id int64) error
}

// queueing is what is done to the queue.
type queueing interface {
	Queue(ctx context.Context) ([]runs.Version, error)
	QueuePaused(ctx context.Context) (bool, error)
	PauseQueue(ctx context.Context) error
	ContinueQueue(ctx context.Context) error
	// PauseOnBattery pauses the queue where the machine runs on its battery and that is wished, and continues what it paused where it does not.
	PauseOnBattery(ctx context.Context, onBattery, wished bool) error
	OrderQueue(ctx context.Context, versions []int64) error
}
