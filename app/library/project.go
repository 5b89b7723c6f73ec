package library

import (
	"context"

	"viewfinder/app/judge"
	"viewfinder/app/report"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/try"
	"viewfinder/storage/domain"
)

// Project is what the tab asks of a project, with what the sub-tabs of a version's page do.
type Project interface {
	Training
	judge.Project
	try.Project
	report.Project
	reading
	changing
}

// reading is what is shown of a view's models and their versions.
type reading interface {
	Dir() string
	RunDir(v runs.Version) string
	View(ctx context.Context, id int64) (studio.View, error)
	Concepts(ctx context.Context, view int64) ([]domain.Concept, error)
	Library(ctx context.Context, view int64) ([]runs.ModelGroup, error)
	DeletedVersions(ctx context.Context, view int64) ([]runs.Version, error)
	RunHistory(ctx context.Context, version int64) (*runs.RunHistory, error)
	Log(ctx context.Context, version int64, lines int) ([]string, error)
	Advice(ctx context.Context, version int64) ([]runs.Finding, error)
	Frozen(ctx context.Context, version int64) (runs.Preparation, error)
	Prepare(ctx context.Context, view int64, o runs.Options) (runs.Preparation, error)
}

// changing is what is done to versions.
type changing interface {
	noting
	weighing
	Stop(ctx context.Context, version int64) error
	Resume(ctx context.Context, version int64) error
	RenameVersion(ctx context.Context, version int64, name string) error
	DeleteVersion(ctx context.Context, version int64) error
	RestoreVersion(ctx context.Context, version int64) (runs.Version, error)
	ExportModel(ctx context.Context, version int64, file string, replace bool, o runs.ModelExport) (int64, error)
}

// noting keeps a person's words about a version.
type noting interface {
	SetNote(ctx context.Context, version int64, note string) error
}

// weighing has a version use other weights: "best" or "last".
type weighing interface {
	UseWeights(ctx context.Context, version int64, which string, progress session.Progress) error
}

// Training is what the sheet "Train a new model version" asks of a project.
type Training interface {
	previewing
	Version(ctx context.Context, id int64) (runs.Version, error)
	Versions(ctx context.Context, view int64) ([]runs.Version, error)
	SuggestName(ctx context.Context, view int64) (string, error)
	// Usable reads what a version could be trained on, whatever its options are.
	Usable(ctx context.Context, view int64) (*runs.Usable, error)
	Train(ctx context.Context, r runs.TrainRequest) (runs.Version, error)
	// Discard takes back a version that was just created.
	Discard(ctx context.Context, version int64) error
}

// previewing shows what a network would get of a view's images.
type previewing interface {
	PreviewInputs(ctx context.Context, view int64, o runs.Options, images, first, draws int) ([]runs.InputPreview, error)
}
