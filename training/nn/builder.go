package nn

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/training/backend"
)

// mode is what a graph is built for.
type mode int

const (
	declaring  mode = iota // to learn which parameters there are
	training               // batch statistics, gradients
	predicting             // running statistics, folded into the convolutions
)

// builder lays out a network's graph. Architectures call its methods, each of which adds a layer and declares or finds the
// layer's parameters. A fault in the layout (shapes that don't fit) makes outputs fail with an error.
type builder struct {
	net    *Network
	mode   mode
	batch  int
	graph  *gorgonia.ExprGraph
	device backend.Device // nil where parameters are only declared
	home   *mirror        // the network's memory on it
	// given is where the values lie that aren't computed; own is those of them that were made here.
	given   map[node]backend.Buffer
	own     []backend.Buffer
	dropped float64 // share of the last features that dropout zeroes while training
	// frozen: the backbone isn't trained, and computes as in prediction.
	frozen bool
	// headOnly: the input is the averaged features, and the network is its last layer alone.
	headOnly bool
	seed     uint64 // dropout's
	// ahead holds the parameters that were declared before their layer, see declareAhead.
	ahead    map[string]bool
	plan     *plan // forms of the convolutions
	backbone bool  // whether the layers being added are the backbone's

	image          node
	features       node          // the last feature map, see Predictor.Features
	vector         node          // what the last fully connected layer stands on
	depths         []node        // statistics of earlier maps, part of it
	groups         []int         // see Network.FeatureGroups
	last           [2]*parameter // weight and bias of the last fully connected layer
	settings       []float32     // the numbers of a step, see backend.SettingsLen; nil where nothing trains
	settingsBuffer backend.Buffer
	imageBuffer    backend.Buffer // pixels' own; none: to be made
	pixels         []float32      // the image's memory
	trained        []trainedVariable
	norms          []normLayer   // whose running statistics a step moves
	folds          []*foldedConv // whose weights Sync computes
	sharing        []*foldedConv // of a builder of the same network for prediction: their weights are used instead of own ones
	recorded       *recording    // see Layers; nil: nobody asks
	err            error
}

// trainedVariable is a node of the graph that optimizers update, and its range in the network's flat array.
type trainedVariable struct {
	node         node
	offset, size int
	parameters   []*parameter
}

// layoutError is how the builder's methods report a fault to outputs.
type layoutError struct{ err error }

// newBuilder starts a network's graph for a device, on which home is the network's memory; both nil to declare parameters.
func newBuilder(n *Network, m mode, batch int, device backend.Device, home *mirror) *builder {
	return &builder{net: n, mode: m, batch: batch, graph: gorgonia.NewGraph(), device: device, home: home, given: map[node]backend.Buffer{}, backbone: true}
}

// outputs builds the whole network: logits [n][classes], or the detector's joint map [n][h][w][classes+4]. In case of error
// it sets b.err and returns nil.
func (b *builder) outputs() (out node) {
	defer func() {
		if r := recover(); r != nil {
			layout, ok := r.(layoutError)
			if !ok {
				panic(r)
			}
			b.err, out = layout.err, nil
		}
	}()
	spec := b.net.spec
	shape := []int{b.batch, spec.Height, spec.Width, 3}
	if b.headOnly {
		shape = []int{b.batch, b.net.FeatureSize()}
	}
	if b.pixels != nil {
		b.image = b.bind("input", shape, b.pixels, b.imageBuffer)
	} else {
		b.image = b.input("input", shape...)
	}
	if b.mode != declaring {
		b.pixels = b.image.Value().Data().([]float32)
	}
	if b.headOnly {
		b.head()
		return b.logits(b.image)
	}
	maps := b.backboneMaps()
	if spec.Task.HasBoxes() {
		b.backbone = false
		b.features = maps[len(maps)-1]
		return b.detector(maps)
	}
	last := maps[len(maps)-1]
	if top := b.net.arch.top; top != nil {
		last = top(b, last)
	}
	b.vector = b.joined(b.globalAvgPool(last))
	if b.mode == declaring {
		b.net.groups = b.groups
	}
	b.head()
	return b.logits(b.vector)
}

// logits adds the last layer of a classifier: averaged features [n][features] to logits [n][classes].
func (b *builder) logits(x node) node {
	l := b.net.arch.last
	return b.linear(b.dropout(x), l.name, b.net.spec.Classes, l.weight, l.bias)
}

// input adds a value that is set from outside, with memory of its own.
func (b *builder) input(name string, shape ...int) node {
	if b.mode == declaring {
		return b.bind(name, shape, nil, backend.Buffer{})
	}
	return b.shared(name, alignedFloats(elements(shape)), shape...)
}

// shared adds a value that the host writes to data; b.given has its buffer, for uploading.
func (b *builder) shared(name string, data []float32, shape ...int) node {
	return b.bind(name, shape, data, b.mine(b.device.Share(data)))
}

// mine notes a buffer for free.
func (b *builder) mine(buffer backend.Buffer, err error) backend.Buffer {
	if err != nil {
		panic(layoutError{err})
	}
	b.own = append(b.own, buffer)
	return buffer
}

// free gives the graph's own inputs back.
func (b *builder) free() {
	for _, buffer := range b.own {
		b.device.Free(buffer)
	}
	b.own = nil
}

// bind adds a value whose memory is data on the host (nil: none) and buffer on the device.
func (b *builder) bind(name string, shape []int, data []float32, buffer backend.Buffer) node {
	options := []gorgonia.NodeConsOpt{gorgonia.WithShape(shape...), gorgonia.WithName(name)}
	if data != nil {
		options = append(options, gorgonia.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))))
	}
	n := gorgonia.NewTensor(b.graph, tensor.Float32, len(shape), options...)
	if !buffer.None() {
		b.given[n] = buffer
	}
	return n
}

// apply adds an operation's result.
func (b *builder) apply(o *operation, inputs ...node) node {
	n, err := apply(o, inputs...)
	if err != nil {
		panic(layoutError{err})
	}
	return n
}

// evaluates reports whether the layers being added compute as in prediction.
func (b *builder) evaluates() bool { return b.mode == predicting || b.backbone && b.frozen }

// parameter declares a tensor of the network's state, or finds it.
func (b *builder) parameter(name string, r role, fill filler, shape ...int) *parameter {
	if b.mode != declaring {
		p, ok := b.net.byName[name]
		if !ok || !slices.Equal(p.shape, shape) {
			panic(layoutError{fmt.Errorf("no parameter %q of shape %v", name, shape)})
		}
		return p
	}
	if p := b.net.byName[name]; p != nil && b.ahead[name] {
		delete(b.ahead, name)
		return p
	}
	if b.net.byName[name] != nil {
		panic(layoutError{fmt.Errorf("two parameters are called %q", name)})
	}
	p := &parameter{name: name, shape: shape, role: r, backbone: b.backbone, fill: fill}
	b.net.parameters = append(b.net.parameters, p)
	b.net.byName[name] = p
	return p
}

// variable is the node of parameters that stand one after the other in memory, joined along their first axis; usually of one.
func (b *builder) variable(parameters ...*parameter) node {
	first := parameters[0]
	shape := slices.Clone(first.shape)
	name, size := first.name, elements(first.shape)
	for _, p := range parameters[1:] {
		if b.mode != declaring && p.offset != first.offset+size {
			panic(layoutError{fmt.Errorf("%s and %s are not neighbours", first.name, p.name)})
		}
		shape[0] += p.shape[0]
		size += elements(p.shape)
		name += "+" + p.name
	}
	if b.mode == declaring {
		return b.bind(name, shape, nil, backend.Buffer{})
	}
	n := b.bind(name, shape, b.net.flat[first.offset:first.offset+size], b.home.buffers[0].Part(first.offset, size))
	if b.mode == training && !(b.frozen && first.backbone) {
		b.trained = append(b.trained, trainedVariable{n, first.offset, size, parameters})
	}
	return n
}

// learns reports whether x depends on parameters that are trained.
func (b *builder) learns(x node) bool {
	if x == b.image {
		return false
	}
	op, ok := x.Op().(*operation)
	if !ok {
		return false
	}
	for i, d := range op.DiffWRT(op.Arity()) {
		if d && b.learnsInput(childrenOf(x)[i]) {
			return true
		}
	}
	return false
}

// learnsInput is learns for a node that may be a variable.
func (b *builder) learnsInput(x node) bool {
	if x.Op() != nil {
		return b.learns(x)
	}
	for _, t := range b.trained {
		if t.node == x {
			return true
		}
	}
	return false
}

// globalAvgPool adds the mean over a map: [n][h][w][c] to [n][c].
func (b *builder) globalAvgPool(x node) node {
	b.features = x
	y := b.apply(globalAvgPool(x.Shape()), x)
	b.record(y, Stage{Kind: MeanStage}, x)
	return y
}

// linear adds a fully connected layer with bias: [n][in] to [n][out].
func (b *builder) linear(x node, name string, out int, weightFill, biasFill filler) node {
	in := x.Shape()[1]
	if weightFill == nil {
		weightFill = defaultFill(in)
	}
	if biasFill == nil {
		biasFill = defaultFill(in)
	}
	w := b.parameter(name+".weight", weightRole, weightFill, out, in)
	bias := b.parameter(name+".bias", biasRole, biasFill, out)
	b.last = [2]*parameter{w, bias}
	y := b.apply(linear(b.batch, in, out, b.learns(x)), x, b.variable(w), b.variable(bias))
	b.record(y, Stage{Kind: LinearStage, Weights: []string{w.name}, Biases: []string{bias.name}}, x)
	return y
}

// dropout zeroes a share of x while training, if the trainer asks for it.
func (b *builder) dropout(x node) node {
	if b.mode != training || b.dropped <= 0 {
		return x
	}
	step := b.bind("step", []int{1}, b.settings[:1], b.settingsBuffer.Part(backend.SettingStep, 1))
	return b.apply(dropout(x.Shape(), b.dropped, b.seed), x, step)
}

// head marks the layers that follow as the head's: what is made anew for other concepts.
func (b *builder) head() { b.backbone = false }
