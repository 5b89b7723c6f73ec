package metrics

import "viewfinder/storage/domain"

// The domain's words under the names that they had here, until all their users say them as package domain does.
type (
	Task = domain.Task
	Box  = domain.ScoredBox
)

// As above.
const (
	Classification = domain.Classification
	Tagging        = domain.Tagging
	Detection      = domain.Detection
)
