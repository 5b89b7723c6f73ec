package views

import (
	"context"
	"image"

	projectpage "viewfinder/app/project"
	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
)

// Project is what the page asks of a project.
type Project interface {
	reading
	annotating
	describing
	suggesting
	assisting
	projectpage.Splitting // of the selected images
	// YieldCPU has a training leave the processors alone for a moment, since a person draws, drags or scrolls.
	YieldCPU()
	Undo(ctx context.Context, looking int64) (editing.Undone, error)
	Redo(ctx context.Context, looking int64) (editing.Undone, error)
	Import(ctx context.Context, r transfer.ImportRequest, progress session.Progress) (*transfer.ImportReport, error)
	Export(ctx context.Context, r transfer.ExportRequest, progress session.Progress) (*transfer.ExportReport, error)
	PreviewExport(ctx context.Context, r transfer.ExportRequest) (transfer.ExportPreview, error)
	NearDuplicates(ctx context.Context, progress session.Progress) ([]pictures.NearGroup, error)
	Remember(ctx context.Context, name, text string) error
	Remembered(ctx context.Context, name string) (string, error)
}

// reading is what is shown of a view.
type reading interface {
	Tree(ctx context.Context) ([]editing.ViewNode, error)
	FirstImages(ctx context.Context, limit int) (images []studio.Image, all int, err error)
	View(ctx context.Context, id int64) (studio.View, error)
	Concepts(ctx context.Context, view int64) ([]domain.Concept, error)
	ConceptCounts(ctx context.Context, view int64) ([]studio.ConceptCount, error)
	Counts(ctx context.Context, view int64) (studio.Counts, error)
	DatapointIDs(ctx context.Context, q studio.Query) ([]int64, error)
	DatapointsByID(ctx context.Context, ids []int64) ([]studio.Datapoint, error)
	Datapoint(ctx context.Context, key studio.Key) (studio.Datapoint, error)
	DatapointImage(ctx context.Context, d studio.Datapoint) (*image.RGBA, error)
	ThumbnailAsync(ctx context.Context, d studio.Datapoint, px int, f func(image.Image, error)) image.Image
	FindImage(ctx context.Context, text string) (studio.Image, error)
	Origin(ctx context.Context, key studio.Key) (string, error)
}

// annotating is what is done to datapoints and images.
type annotating interface {
	Amend(ctx context.Context, key studio.Key, edit func(there []domain.Region) []domain.Region) ([]domain.Region, error)
	ToggleConcept(ctx context.Context, keys []studio.Key, concept int64) error
	SetConcepts(ctx context.Context, keys []studio.Key, concepts []int64) error
	WithoutConcept(ctx context.Context, keys []studio.Key) error
	Clear(ctx context.Context, keys []studio.Key) error
	SetReviewed(ctx context.Context, keys []studio.Key, reviewed bool) error
	SetSplit(ctx context.Context, images []int64, split domain.Split) error
	ImageContents(ctx context.Context, images []int64) (studio.Contents, error)
	DeleteImages(ctx context.Context, images []int64) error
}

// describing is what is done to views and their concepts.
type describing interface {
	AddView(ctx context.Context, v studio.View) (studio.View, error)
	RenameView(ctx context.Context, id int64, name string) error
	SetConditions(ctx context.Context, id int64, c *domain.Condition) error
	CountMatching(ctx context.Context, parent int64, c *domain.Condition) (int, error)
	ViewContents(ctx context.Context, id int64) (studio.Contents, error)
	DeleteView(ctx context.Context, id int64) error
	AddConcept(ctx context.Context, c domain.Concept) (domain.Concept, error)
	UpdateConcept(ctx context.Context, c domain.Concept) error
	OrderConcepts(ctx context.Context, view int64, concepts []int64) error
	MergeConcepts(ctx context.Context, from, into int64) error
	ConceptContents(ctx context.Context, concept int64) (studio.Contents, error)
	DeleteConcept(ctx context.Context, concept int64) error
}

// suggesting is the predictions of versions, and what is annotated next.
type suggesting interface {
	Versions(ctx context.Context, view int64) ([]runs.Version, error)
	VersionNames(ctx context.Context, ids []int64) map[int64]string
	Suggestions(ctx context.Context, key studio.Key) ([]studio.Suggestion, error)
	SuggestFor(ctx context.Context, version int64, r predict.SuggestRequest, progress session.Progress) (int, error)
	AcceptSuggestions(ctx context.Context, view int64, suggestions []int64) error
	RejectSuggestions(ctx context.Context, view int64, suggestions []int64) error
	Network(ctx context.Context, version int64) (*predict.Network, error)
	Next(ctx context.Context, view int64, n int, progress session.Progress) (predict.NextOrder, error)
	NextMade(ctx context.Context, view int64) (order predict.NextOrder, ok bool, err error)
	NextNotAnnotated(ctx context.Context, view int64, limit int) ([]int64, error)
}

// assisting is what the assistant suggests and finds in the view that is shown. What takes no context answers at once.
type assisting interface {
	AssistView(view int64)
	SetAssistant(ctx context.Context, view int64, on bool) error
	AssistantStatus(view int64) assist.Status
	Assisted(d studio.Datapoint) (assist.Guess, bool)
	AssistedIDs(ctx context.Context, q studio.Query) ([]int64, error)
	AcceptAssisted(ctx context.Context, list []studio.Predicted) error
	RejectAssisted(d studio.Datapoint)
	EstimateAbove(ctx context.Context, q studio.Query, confidence float64) (assist.Estimate, error)
	AcceptAllAbove(ctx context.Context, q studio.Query, confidence float64) (suggestions, datapoints int, err error)
	Nearest(view, id int64, n int) []int64
	Similar(ctx context.Context, ids []int64, d studio.Datapoint, region *domain.Box) (order []int64, computed int, err error)
}
