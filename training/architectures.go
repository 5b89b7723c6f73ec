package training

import (
	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// architectureNames lists what can be trained for the task: every architecture serves all three.
func architectureNames(domain.Task) []string {
	infos := nn.Architectures()
	names := make([]string, len(infos))
	for i, a := range infos {
		names[i] = a.Name
	}
	return names
}
