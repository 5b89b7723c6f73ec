package weights

import "viewfinder/training/nn"

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
