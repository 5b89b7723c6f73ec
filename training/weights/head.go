package weights

import (
	"maps"
	"slices"

	"viewfinder/training/nn"
)

// Endings are those of the names of files that Read reads, sorted.
func Endings() []string { return slices.Sorted(maps.Keys(readers)) }

// Head names the tensors of a state that are the classifier's last layer.
func Head(state map[string]nn.Tensor) []string {
	var names []string
	for name := range state {
		if isHead(name) {
			names = append(names, name)
		}
	}
	return names
}
