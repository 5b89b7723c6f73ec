package storage

// State is a filter on what has been decided about a datapoint.
type State string

// The states the gallery filters by.
const (
	StateAll            State = "" // every datapoint; "all" means the same
	StateAnnotated      State = "annotated"
	StateNotAnnotated   State = "not_annotated"
	StateWithoutConcept State = "without_concept" // annotated, and nothing found: a hard negative
	StateReviewed       State = "reviewed"
	StateNotReviewed    State = "not_reviewed" // annotated, but not reviewed
	StateSuggested      State = "suggested"
)

// Sort is an order of datapoints.
type Sort string

// The orders the gallery knows. Ties go by image and region, so that every order is total.
const (
	SortName       Sort = "name" // natural: frame 2 before frame 10; the default
	SortAdded      Sort = "added"
	SortSize       Sort = "size"       // bytes of the image file
	SortConfidence Sort = "confidence" // of the suggestions, least certain first; without suggestions last
	SortAnnotated  Sort = "annotated"  // when annotated; never annotated first
)

// Query chooses datapoints of a view.
type Query struct {
	View       int64
	Split      Split // empty: both
	State      State
	Concept    int64   // 0: any; else those that carry it
	Text       string  // part of the image's name, letter case ignored
	Images     []int64 // empty: any; else those images only
	Sort       Sort
	Descending bool
	Limit      int // 0: all
	Offset     int
}
