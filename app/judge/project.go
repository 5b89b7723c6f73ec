package judge

import (
	"context"
	"image"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
)

// Project is what the sub-tab asks of a project.
type Project interface {
	Versions(ctx context.Context, view int64) ([]runs.Version, error)
	// FindEvaluation gives the evaluation that is kept, nil if there is none.
	FindEvaluation(ctx context.Context, version int64, r evaluate.EvaluateRequest) (*evaluate.StoredEvaluation, error)
	EvaluateStored(ctx context.Context, version int64, r evaluate.EvaluateRequest, progress session.Progress) (*evaluate.StoredEvaluation, error)
	Freshness(ctx context.Context, e *evaluate.StoredEvaluation) (evaluate.Freshness, error)
	Compare(ctx context.Context, versions []int64, r evaluate.EvaluateRequest, progress session.Progress) (*evaluate.Comparison, error)
	LikelyErrors(ctx context.Context, version int64, r evaluate.LikelyRequest, progress session.Progress) (*evaluate.LikelyErrors, error)
	Counts(ctx context.Context, view int64) (studio.Counts, error)
	// TestLooks are the versions of the view that were looked at on test images.
	TestLooks(ctx context.Context, view int64) ([]evaluate.TestLook, error)
	DatapointsByID(ctx context.Context, ids []int64) ([]studio.Datapoint, error)
	ThumbnailAsync(ctx context.Context, d studio.Datapoint, px int, f func(image.Image, error)) image.Image
}
