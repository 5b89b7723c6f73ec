package studio

import (
	"viewfinder/storage"
)

// The records of package storage, for pages and commands; the package's own comment says why they have names here. Their rules are storage's.
type (
	View          = storage.View
	ConceptCount  = storage.ConceptCount
	Image         = storage.Image
	Key           = storage.Key
	Datapoint     = storage.Datapoint
	Query         = storage.Query
	Counts        = storage.Counts
	SplitCounts   = storage.SplitCounts
	State         = storage.State // of datapoints, as the gallery filters them
	Contents      = storage.Contents
	Model         = storage.Model
	FrozenConcept = storage.FrozenConcept
	CheckReport   = storage.Report
	RuleError     = storage.RuleError
	Predicted     = storage.Predicted  // what the assistant suggests for a datapoint
	Suggestion    = storage.Suggestion // what a version predicts for a datapoint; an annotation only when somebody accepts it
)

// The gallery's states and orders.
const (
	StateAll            = storage.StateAll
	StateAnnotated      = storage.StateAnnotated
	StateNotAnnotated   = storage.StateNotAnnotated
	StateWithoutConcept = storage.StateWithoutConcept
	StateReviewed       = storage.StateReviewed
	StateNotReviewed    = storage.StateNotReviewed
	StateSuggested      = storage.StateSuggested

	SortName       = storage.SortName
	SortAdded      = storage.SortAdded
	SortSize       = storage.SortSize
	SortConfidence = storage.SortConfidence
	SortUseful     = storage.SortUseful
)

// Errors to tell apart; what went wrong stands in their text.
var (
	ErrNotProject    = storage.ErrNotProject
	ErrExists        = storage.ErrExists
	ErrLocked        = storage.ErrLocked
	ErrReadOnly      = storage.ErrReadOnly
	ErrNewerVersion  = storage.ErrNewerVersion
	ErrDamaged       = storage.ErrDamaged
	ErrNotFound      = storage.ErrNotFound
	ErrDiskFull      = storage.ErrDiskFull
	ErrNoPermission  = storage.ErrNoPermission
	ErrNothingToUndo = storage.ErrNothingToUndo
	ErrNothingToRedo = storage.ErrNothingToRedo
)
