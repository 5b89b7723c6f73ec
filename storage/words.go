package storage

import "viewfinder/storage/domain"

// The domain's words under the names that they had here, until all their users say them as package domain does.
type (
	ViewType  = domain.Task
	Split     = domain.Split
	Concept   = domain.Concept
	Box       = domain.Box
	Region    = domain.Region
	Status    = domain.Status
	Condition = domain.Condition
)

// As above.
const (
	ViewClassification = domain.Classification
	ViewTagging        = domain.Tagging
	ViewDetection      = domain.Detection
	SplitTrain         = domain.SplitTrain
	SplitVal           = domain.SplitVal
	StatusQueued       = domain.StatusQueued
	StatusPreparing    = domain.StatusPreparing
	StatusTraining     = domain.StatusTraining
	StatusEvaluating   = domain.StatusEvaluating
	StatusReady        = domain.StatusReady
	StatusStopped      = domain.StatusStopped
	StatusInterrupted  = domain.StatusInterrupted
	StatusFailed       = domain.StatusFailed
	OpAnd              = domain.OpAnd
	OpOr               = domain.OpOr
	OpConcept          = domain.OpConcept
)

// HasConcept is domain.HasConcept.
func HasConcept(concept int64) *domain.Condition { return domain.HasConcept(concept) }

// AnyOf is domain.AnyOf.
func AnyOf(concepts ...int64) *domain.Condition { return domain.AnyOf(concepts...) }

// AllOf is domain.AllOf.
func AllOf(concepts ...int64) *domain.Condition { return domain.AllOf(concepts...) }
