package trainings

import (
	"context"
	"image"

	"viewfinder/app/studio"
)

// project is what the page asks of a project; *studio.Project is one.
type project interface {
	queueing
	// Subscribe has f hear, from another goroutine, what changes; cancel ends that.
	Subscribe(f func(studio.Change)) (cancel func())
	Views(ctx context.Context) ([]studio.View, error)
	Versions(ctx context.Context, view int64) ([]studio.Version, error)
	Version(ctx context.Context, id int64) (studio.Version, error)
	RunHistory(ctx context.Context, id int64) (*studio.RunHistory, error)
	Log(ctx context.Context, id int64, lines int) ([]string, error)
	LastBatch(ctx context.Context, id int64) (*studio.LastBatch, image.Image, error)
	Advice(ctx context.Context, id int64) ([]studio.Finding, error)
	Threads(v studio.Version) int
	SetThreads(ctx context.Context, id int64, threads int) error
	Stop(ctx context.Context, id int64) error
	Resume(ctx context.Context, id int64) error
}

// queueing is what is done to the queue.
type queueing interface {
	Queue(ctx context.Context) ([]studio.Version, error)
	QueuePaused(ctx context.Context) (bool, error)
	PauseQueue(ctx context.Context) error
	ContinueQueue(ctx context.Context) error
	// PauseOnBattery pauses the queue where the machine runs on its battery and that is wished, and continues what it paused where it does not.
	PauseOnBattery(ctx context.Context, onBattery, wished bool) error
	OrderQueue(ctx context.Context, versions []int64) error
}
