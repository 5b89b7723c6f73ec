package project

import (
	"context"
	"image"

	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
)

// Project is what the overview asks of a project, and the sheets that it opens.
type Project interface {
	Splitting
	Trashing
	Name() string
	Summary(ctx context.Context, view int64) (session.Summary, error)
	ProjectFacts(ctx context.Context) ([]editing.ViewFacts, error)
	NearDuplicates(ctx context.Context, progress session.Progress) ([]pictures.NearGroup, error)
	SetSplit(ctx context.Context, images []int64, split domain.Split) error
}

// Splitting is what the sheet "Split into train and val" asks of a project.
type Splitting interface {
	PlanSplit(ctx context.Context, r editing.SplitRule) (*editing.SplitPlan, error)
	ApplySplit(ctx context.Context, plan *editing.SplitPlan, progress session.Progress) error
}

// Trashing is what the trash asks of a project.
type Trashing interface {
	Trash(ctx context.Context) (editing.TrashContents, error)
	RestoreImages(ctx context.Context, images []int64) error
	EmptyTrash(ctx context.Context) (int, error)
	ThumbnailAsync(ctx context.Context, d studio.Datapoint, px int, f func(image.Image, error)) image.Image
}
