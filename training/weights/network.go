package weights

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"viewfinder/training/nn"
)

// Tensor is an array of float32 in C order over Shape.
type Tensor struct {
	Shape []int
	Data  []float32
}

// Network is what was read: a whole backbone of one of nn's architectures, perhaps with the last layer, with one output for each label.
type Network struct {
	Architecture string // a name of nn.Architectures
	// Tensors have the names of nn.Network.State for a classification: all of the backbone's, and with Head those of the classifier.
	Tensors map[string]Tensor
	// Labels name the head's outputs in their order; nil where the file doesn't state it.
	Labels []string
	Head   bool
	// Picture is how the network expects its input picture; the zero value is the program's own way. It belongs into the nn.Spec of whatever uses the tensors.
	Picture nn.Picture
	// Size is the side in pixels of the pictures that the network was trained on; 0 where the file doesn't state it.
	Size int
	// Title, Source and Licence are for people; Source and Licence are empty where the file doesn't state it.
	Title, Source, Licence string
	// Left lists, sorted, the tensors of the file that no layer of the architecture takes.
	Left []string
}

// ErrFile: the file cannot be used. The message gives the reason, and what to do.
var ErrFile = errors.New("not a network that can be read")

func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFile, fmt.Sprintf(format, args...))
}

// State is the tensors as nn.Network.LoadState takes them.
func (n *Network) State() map[string]nn.Tensor {
	state := make(map[string]nn.Tensor, len(n.Tensors))
	for name, t := range n.Tensors {
		state[name] = nn.Tensor{Name: name, Shape: slices.Clone(t.Shape), Data: t.Data}
	}
	return state
}

// Classes is the number of the head's outputs; 0 without a head.
func (n *Network) Classes() int {
	if !n.Head {
		return 0
	}
	for _, name := range headWeights {
		if t, ok := n.Tensors[name]; ok {
			return t.Shape[0]
		}
	}
	return 0
}

// headWeights are the names of the last layer's weights in nn's architectures that can be read.
var headWeights = []string{"classifier.1.weight", "fc.weight"}

// elements is the number of values that a shape asks for; ok is false where it has negative sides or exceeds the limit.
func elements(shape []int) (n int, ok bool) {
	n = 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > maxElements/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// maxElements is how many values a tensor may have; ResNet-18's largest has 2,359,296.
const maxElements = 1 << 28

// finite refuses tensors that hold a value which is no number, or a variance below zero.
func finite(tensors map[string]Tensor) error {
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		for i, v := range tensors[name].Data {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return refuse("value %d of %q is %v; the network was damaged or its training failed", i, name, v)
			}
			if v < 0 && variance(name) {
				return refuse("value %d of %q is %v, and a variance cannot be below zero", i, name, v)
			}
		}
	}
	return nil
}
