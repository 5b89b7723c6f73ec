package training

import "viewfinder/training/nn"

// Task is what the network decides; the words are those of a view's type.
type Task = nn.Task

// The three tasks.
const (
	Classification = nn.Classification
	Tagging        = nn.Tagging
	Detection      = nn.Detection
)
