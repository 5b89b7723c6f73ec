package nn

import (
	"fmt"
	"slices"
)

// Network is a network's state: parameters and running statistics under torchvision's names. Trainers and Predictors share
// it; one Trainer at a time may step, and no Predictor may Sync meanwhile.
type Network struct {
	spec       Spec
	arch       *architecture
	parameters []*parameter          // in PyTorch's order
	byName     map[string]*parameter // the same
	flat       []float32             // all trainable values, see place
}

// New makes the network of spec with the initial values that PyTorch (small_cnn) and torchvision (the others) would draw
// from, as a function of seed alone. The errors are ErrUnknownArchitecture and ErrSpec.
func New(spec Spec, seed uint64) (*Network, error) {
	n, err := declare(spec)
	if err != nil {
		return nil, err
	}
	for _, p := range n.parameters {
		p.fill(p.data, generator(seed, p.name))
	}
	return n, nil
}

// declare makes the network of spec with all values zero.
func declare(spec Spec) (*Network, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	arch, err := find(spec.Architecture)
	if err != nil {
		return nil, err
	}
	n := &Network{spec: spec, arch: arch, byName: map[string]*parameter{}}
	b := newBuilder(n, declaring, 1)
	b.outputs()
	if b.err != nil {
		return nil, fmt.Errorf("laying out %s: %w", spec.Architecture, b.err)
	}
	n.place()
	return n, nil
}

// place gives every parameter its memory. All trainable values stand in one array, so that a solver updates them in one
// sweep: decayed weights of the backbone, decayed weights of the head, then what is not decayed of the head and of the
// backbone; so leaving out the backbone, or decay on norms and biases, or both, takes at most two ranges.
func (n *Network) place() {
	class := func(p *parameter) int {
		switch {
		case p.role == weightRole && p.backbone:
			return 0
		case p.role == weightRole:
			return 1
		case !p.backbone:
			return 2
		}
		return 3
	}
	var trainable []*parameter
	total := 0
	for _, p := range n.parameters {
		if p.role.trainable() {
			trainable = append(trainable, p)
			total += elements(p.shape)
		}
	}
	slices.SortStableFunc(trainable, func(a, b *parameter) int { return class(a) - class(b) })
	n.flat = alignedFloats(total)
	offset := 0
	for _, p := range trainable {
		size := elements(p.shape)
		p.offset, p.data = offset, n.flat[offset:offset+size:offset+size]
		offset += size
	}
	for _, p := range n.parameters {
		if !p.role.trainable() {
			p.offset, p.data = -1, make([]float32, elements(p.shape))
		}
	}
}

func elements(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// countParameters is the number of trainable values of spec's network, 0 if there is no such network.
func countParameters(spec Spec) int {
	n, err := declare(spec)
	if err != nil {
		return 0
	}
	return len(n.flat)
}

// Spec says which network this is.
func (n *Network) Spec() Spec { return n.spec }

// Parameters is the number of trainable values.
func (n *Network) Parameters() int { return len(n.flat) }

// State lists the network's tensors in PyTorch's order. The Data are the network's own: writing there changes it.
func (n *Network) State() []Tensor {
	state := make([]Tensor, len(n.parameters))
	for i, p := range n.parameters {
		state[i] = Tensor{
			Name: p.name, Shape: slices.Clone(p.shape), Data: p.data,
			Trainable: p.role.trainable(), Integer: p.role == batchesTrackedRole,
		}
	}
	return state
}

// LoadState copies from state (PyTorch's layout, torchvision's names) every tensor that the network has under the same name
// and shape. taken names them; left names, sorted, what of state wasn't used (unknown to the network or, as the last layer
// of a network for other concepts, of another shape) followed by what the network has and state lacks, if it matters for its
// results. The error says which tensor is broken (fewer values than its shape asks for); then nothing was changed.
func (n *Network) LoadState(state map[string]Tensor) (taken, left []string, err error) {
	var missing []string
	for name, t := range state {
		if len(t.Data) != t.Elements() {
			return nil, nil, fmt.Errorf("tensor %q has %d values where its shape %v needs %d", name, len(t.Data), t.Shape, t.Elements())
		}
		if p, ok := n.byName[name]; !ok || !slices.Equal(p.shape, t.Shape) {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	for _, p := range n.parameters {
		t, ok := state[p.name]
		switch {
		case ok && slices.Equal(p.shape, t.Shape):
			copy(p.data, t.Data)
			taken = append(taken, p.name)
		case !ok && p.role != batchesTrackedRole:
			missing = append(missing, p.name)
		}
	}
	return taken, append(left, missing...), nil
}
