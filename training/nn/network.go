package nn

import (
	"fmt"
	"slices"
	"sync"
)

// Network is a network's state: parameters and running statistics under torchvision's names. Trainers and Predictors share
// it; one Trainer at a time may step, and no Predictor may Sync meanwhile.
type Network struct {
	spec       Spec
	arch       *architecture
	parameters []*parameter          // in PyTorch's order
	byName     map[string]*parameter // the same
	groups     []int                 // see FeatureGroups
	flat       []float32             // all trainable values, see place
	// statistics is all other values: running means and variances, then, from counters on, the counts of batches.
	statistics []float32
	counters   int
	mu         sync.Mutex // of homes
	homes      []*mirror  // one for each device that computes with the network
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
	n, err := layOutNetwork(spec, nil)
	if err != nil {
		return nil, err
	}
	n.place()
	return n, nil
}

// Layout lists the tensors of spec's network in PyTorch's order, with their shapes and without values.
func Layout(spec Spec) ([]Tensor, error) {
	n, err := layOutNetwork(spec, nil)
	if err != nil {
		return nil, err
	}
	all := make([]Tensor, len(n.parameters))
	for i, p := range n.parameters {
		all[i] = p.tensor()
	}
	return all, nil
}

// layOutNetwork declares spec's parameters, without memory yet, and notes its layers in recorded, if that is not nil.
func layOutNetwork(spec Spec, recorded *recording) (*Network, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	arch, err := find(spec.Architecture)
	if err != nil {
		return nil, err
	}
	n := &Network{spec: spec, arch: arch, byName: map[string]*parameter{}}
	b := newBuilder(n, declaring, 1, nil, nil)
	b.recorded = recorded
	b.outputs()
	if b.err != nil {
		return nil, fmt.Errorf("laying out %s: %w", spec.Architecture, b.err)
	}
	return n, nil
}

// place gives every parameter its memory. All trainable values stand in one array, so that an optimizer updates them in one
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
	n.placeStatistics()
}

// placeStatistics gives running statistics and counters their memory.
func (n *Network) placeStatistics() {
	var order []*parameter
	for _, counting := range []bool{false, true} {
		if counting {
			n.counters = totalSize(order)
		}
		for _, p := range n.parameters {
			if !p.role.trainable() && counting == (p.role == batchesTrackedRole) {
				order = append(order, p)
			}
		}
	}
	n.statistics = alignedFloats(totalSize(order))
	offset := 0
	for _, p := range order {
		size := elements(p.shape)
		p.offset, p.data = offset, n.statistics[offset:offset+size:offset+size]
		offset += size
	}
}

func totalSize(parameters []*parameter) int {
	n := 0
	for _, p := range parameters {
		n += elements(p.shape)
	}
	return n
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

// Spec returns the description of the network.
func (n *Network) Spec() Spec { return n.spec }

// Parameters is the number of trainable values.
func (n *Network) Parameters() int { return len(n.flat) }

// State lists the network's tensors in PyTorch's order. The Data are the network's own: writing there, before the next step or Sync,
// changes it. Where a device with memory of its own trains the network, they are what it last was asked for: State asks, and
// Trainer.Fetch reports whether that worked.
func (n *Network) State() []Tensor {
	_ = n.fetch()
	n.touched()
	state := make([]Tensor, len(n.parameters))
	for i, p := range n.parameters {
		state[i] = p.tensor()
	}
	return state
}

// LoadState copies from state (PyTorch's layout, torchvision's names) every tensor that the network has under the same name
// and shape. taken names them; left names, sorted, what of state wasn't used (unknown to the network or, as the last layer
// of a network for other concepts, of another shape) followed by what the network has and state lacks, if it matters for its
// results. The error names the broken tensor (fewer values than its shape asks for); then nothing was changed.
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
	if err := n.fetch(); err != nil {
		return nil, nil, err
	}
	n.touched()
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
