package training

import "viewfinder/storage/domain"

// The domain's words under the names that they had here, until all their users say them as package domain does.
type (
	Task        = domain.Task
	Rect        = domain.Box
	LabelledBox = domain.LabelledBox
	ScoredBox   = domain.ScoredBox
	Status      = domain.Status
)

// As above.
const (
	Classification    = domain.Classification
	Tagging           = domain.Tagging
	Detection         = domain.Detection
	StatusQueued      = domain.StatusQueued
	StatusPreparing   = domain.StatusPreparing
	StatusTraining    = domain.StatusTraining
	StatusEvaluating  = domain.StatusEvaluating
	StatusReady       = domain.StatusReady
	StatusStopped     = domain.StatusStopped
	StatusInterrupted = domain.StatusInterrupted
	StatusFailed      = domain.StatusFailed
)

// The splits as samples have them.
const (
	SplitTrain = string(domain.SplitTrain)
	SplitVal   = string(domain.SplitVal)
)
