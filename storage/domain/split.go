package domain

import "slices"

// Split is what an image is used for. The words stand in project files, run folders and exports.
type Split string

// The splits.
const (
	SplitTrain Split = "train" // the network learns from it
	SplitVal   Split = "val"   // the network is judged on it while it learns
)

// Splits lists the splits in the order in which people see them.
func Splits() []Split { return []Split{SplitTrain, SplitVal} }

// Valid reports whether s is one of the splits.
func (s Split) Valid() bool { return slices.Contains(Splits(), s) }
