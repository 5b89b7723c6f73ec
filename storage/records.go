package storage

import (
	"encoding/json"
	"slices"
	"time"

	"viewfinder/storage/domain"
)

// Info describes the project itself.
type Info struct {
	UID           string // made once, stays when the folder is copied or moved
	Name          string
	CreatedAt     time.Time
	SchemaVersion int64
}

// View is a recognition task over the project's images. ParentID is 0 for root views;
// Conditions is nil there, and in a child that takes everything annotated of its parent.
type View struct {
	ID         int64
	ParentID   int64
	Name       string
	Type       domain.Task
	Conditions *domain.Condition
	Position   int // among its siblings, from 0
}

// Image is one image file of the project. Width and Height are of the upright picture
// (after EXIF orientation), as given to AddImage.
type Image struct {
	ID        int64
	SHA256    string // lower-case hex
	Name      string // the file's name when it came in, with folders if given so
	Format    string // jpeg, png, …; also the file's extension
	Width     int
	Height    int
	Size      int64 // bytes
	Split     domain.Split
	AddedAt   time.Time
	DeletedAt time.Time // zero unless in the trash
}

// ImageMeta describes an image to AddImage, beside its bytes.
type ImageMeta struct {
	Name   string
	Format string // "jpeg", "png", …: becomes the file's extension; letters and digits only
	Width  int    // of the upright picture, > 0
	Height int
	Split  domain.Split // empty: by content hash at first, see DefaultSplit; its first annotation decides, see settle
}

// Key names a datapoint: Source is the region that cuts the crop, 0 for the whole image.
type Key struct {
	View, Image, Source int64
}

// Datapoint is one thing to annotate in a view.
type Datapoint struct {
	ID          int64 // stable; see Project.DatapointsByID
	View        int64
	Image       Image
	Source      int64
	SourceBox   *domain.Box // nil for the whole image
	Annotated   bool
	AnnotatedAt time.Time       // zero if not annotated
	ReviewedAt  time.Time       // zero if not reviewed
	Regions     []domain.Region // in the order they were drawn; empty for detection without regions
	Suggested   int             // open suggestions
	Confidence  float64         // the highest of them, 0 without
}

// Concepts are all concepts that d carries, each once.
func (d Datapoint) Concepts() []int64 {
	var ids []int64
	for _, r := range d.Regions {
		for _, c := range r.Concepts {
			if !slices.Contains(ids, c) {
				ids = append(ids, c)
			}
		}
	}
	return ids
}

// Key names d.
func (d Datapoint) Key() Key { return Key{View: d.View, Image: d.Image.ID, Source: d.Source} }

// Reviewed reports whether d's annotation was marked as reviewed.
func (d Datapoint) Reviewed() bool { return !d.ReviewedAt.IsZero() }

// Suggestion is what a model version predicted for a datapoint: never an annotation by itself.
// Box is nil in classification and tagging views.
type Suggestion struct {
	ID         int64
	Version    int64 // model version's ID
	Box        *domain.Box
	Concept    int64
	Confidence float64 // 0..1
}

// Model is a set of concepts of a view. The current set is listed even when nothing was
// trained on it yet; its ID is 0 then.
type Model struct {
	ID        int64
	ViewID    int64
	Concepts  []int64  // concept ids, ascending
	Names     []string // of the concepts, in the same order, as they are called now (also of deleted ones)
	Current   bool     // the set that the view has now
	Versions  int      // trained on it
	CreatedAt time.Time
}

// FrozenConcept is a concept as it was when a version was made.
type FrozenConcept struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Version is one trained network, or one that waits for it.
type Version struct {
	ID           int64
	UID          string // name of its folder under runs/
	ViewID       int64
	ModelID      int64
	Name         string
	Status       domain.Status
	Architecture string
	Options      json.RawMessage // the training's options, owned by the training floor
	Concepts     []FrozenConcept // class i of the network is Concepts[i]
	Images       int             // datapoints in the snapshot
	QueueOrder   int             // place among the queued, from 1; 0 when not queued
	Headline     float64         // first performance figure
	HeadlineName string          // accuracy, f1, map50; empty while there is none
	Error        string          // why it failed, in words a user can act on
	Device       string
	Note         string // a person's words about it
	CreatedAt    time.Time
	StartedAt    time.Time // zero while it waits
	EndedAt      time.Time // zero while it waits or runs
	DeletedAt    time.Time // zero, but in DeletedVersions
}

// NewVersion is what CreateVersion needs.
type NewVersion struct {
	ViewID       int64
	Name         string
	Architecture string
	Options      json.RawMessage
	Concepts     []int64 // order of the classes; nil: the view's order
	Images       int
	Status       domain.Status // empty: queued
	UID          string        // empty: a new one
}

// VersionUpdate changes the fields that are not nil.
type VersionUpdate struct {
	Name         *string
	Status       *domain.Status // setting queued puts it at the end of the queue
	Options      json.RawMessage
	Images       *int
	Headline     *float64
	HeadlineName *string
	Error        *string
	Device       *string
	Note         *string
	StartedAt    *time.Time
	EndedAt      *time.Time
}

// Contents counts what is deleted with a view, a concept or a selection of images.
type Contents struct {
	Views       int // child views, at any depth, itself not counted
	Concepts    int
	Annotations int // annotated datapoints
	Regions     int // regions with a box
	Suggestions int
	Versions    int // trained versions
}

// SplitCounts are the counts of datapoints of one split in a view.
type SplitCounts struct {
	All, Annotated, WithoutConcept, Reviewed, Suggested int
}

// NotAnnotated are the datapoints nobody has decided on.
func (c SplitCounts) NotAnnotated() int { return c.All - c.Annotated }

// NotReviewed are the annotated datapoints nobody has reviewed.
func (c SplitCounts) NotReviewed() int { return c.Annotated - c.Reviewed }

// Counts are the counts of datapoints of a view.
type Counts struct {
	Train, Val, Test SplitCounts
}

// Of is where those of a split are counted.
func (c *Counts) Of(s domain.Split) *SplitCounts {
	switch s {
	case domain.SplitVal:
		return &c.Val
	case domain.SplitTest:
		return &c.Test
	}
	return &c.Train
}

// Total adds all splits.
func (c Counts) Total() SplitCounts {
	var t SplitCounts
	for _, s := range domain.Splits() {
		n := c.Of(s)
		t.All += n.All
		t.Annotated += n.Annotated
		t.WithoutConcept += n.WithoutConcept
		t.Reviewed += n.Reviewed
		t.Suggested += n.Suggested
	}
	return t
}

// ImageCounts are the images of a project by split, those in the trash not counted.
type ImageCounts struct{ Train, Val, Test int }

// Of is where those of a split are counted.
func (c *ImageCounts) Of(s domain.Split) *int {
	switch s {
	case domain.SplitVal:
		return &c.Val
	case domain.SplitTest:
		return &c.Test
	}
	return &c.Train
}

// All are the images of all splits.
func (c ImageCounts) All() int { return c.Train + c.Val + c.Test }

// ConceptCount counts how often a concept is used in its view, by split.
type ConceptCount struct {
	Concept          int64
	Train, Val, Test int // datapoints that carry it
	TrainRegions,
	ValRegions,
	TestRegions int // regions that carry it; the same as datapoints except in detection views
}

// All are the datapoints of all splits that carry it.
func (c ConceptCount) All() int { return c.Train + c.Val + c.Test }

// add counts n datapoints of a split, which carry the concept on so many regions each.
func (c *ConceptCount) add(s domain.Split, n, regions int) {
	points, all := &c.Train, &c.TrainRegions
	switch s {
	case domain.SplitVal:
		points, all = &c.Val, &c.ValRegions
	case domain.SplitTest:
		points, all = &c.Test, &c.TestRegions
	}
	*points += n
	*all += n * regions
}
