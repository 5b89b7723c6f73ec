package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// normParameters are the tensors of one batch norm.
type normParameters struct {
	gamma, beta, mean, variance, tracked *parameter
}

// normParameters declares a batch norm's tensors in PyTorch's order, or finds them.
func (b *builder) normParameters(name string, channels int) normParameters {
	return normParameters{
		gamma:    b.parameter(name+".weight", normWeightRole, constantFill(1), channels),
		beta:     b.parameter(name+".bias", normBiasRole, constantFill(0), channels),
		mean:     b.parameter(name+".running_mean", runningMeanRole, constantFill(0), channels),
		variance: b.parameter(name+".running_var", runningVarRole, constantFill(1), channels),
		tracked:  b.parameter(name+".num_batches_tracked", batchesTrackedRole, constantFill(0)),
	}
}

// normLayer is a batch norm whose running statistics a training step moves.
type normLayer struct {
	shape      kernels.BatchNormShape
	parameters normParameters
	statistics node // [2][c]
}

// track is the operation that moves the running statistics towards those of the batch, as PyTorch does in each training step.
func (l *normLayer) track(home *mirror, batch backend.Buffer) backend.Op {
	p := l.parameters
	return backend.Op{
		Kernel: backend.BatchNormRunning{Shape: l.shape, Momentum: normMomentum},
		In:     []backend.Buffer{batch}, Out: []backend.Buffer{home.on(p.mean), home.on(p.variance), home.on(p.tracked)},
	}
}

// foldedConv is a convolution with the batch norm after it folded in (or, without one, just packed): its weights follow from
// the network's by the operations of update.
type foldedConv struct {
	shape        kernels.ConvShape
	name         string
	weight       backend.Buffer
	norm         []backend.Buffer // gamma, beta, mean, variance; nil: none
	packed       backend.Buffer
	scale, shift backend.Buffer
}

// update is the operations that compute the packed weights anew from the network's state.
func (f *foldedConv) update() []backend.Op {
	pack := backend.Op{Kernel: backend.Pack{Shape: f.shape}, In: []backend.Buffer{f.weight, f.scale}, Out: []backend.Buffer{f.packed}}
	if f.norm == nil {
		return []backend.Op{pack}
	}
	return []backend.Op{{
		Kernel: backend.BatchNormFold{Shape: kernels.BatchNormShape{Rows: 1, C: f.shape.K, Eps: normEpsilon}},
		In:     f.norm, Out: []backend.Buffer{f.scale, f.shift},
	}, pack}
}

// recordFolds is the program that computes all of the builder's packed weights; nil where there are none.
func (b *builder) recordFolds() (backend.Program, error) {
	var ops []backend.Op
	for _, f := range b.folds {
		ops = append(ops, f.update()...)
	}
	if len(ops) == 0 {
		return nil, nil
	}
	return b.device.Record(ops)
}

// folded adds a convolution as prediction computes it. shift is its bias.
func (b *builder) folded(x node, s kernels.ConvShape, weight *parameter, norm normParameters, act kernels.Activation, residual node) node {
	f := b.sharedFold(s)
	if f == nil {
		f = &foldedConv{shape: s, name: weight.name, weight: b.home.on(weight), packed: b.mine(b.device.Allocate(b.device.PackedLen(s)))}
		f.norm = []backend.Buffer{b.home.on(norm.gamma), b.home.on(norm.beta), b.home.on(norm.mean), b.home.on(norm.variance)}
		f.scale, f.shift = b.mine(b.device.Allocate(s.K)), b.mine(b.device.Allocate(s.K))
	}
	return b.predictConv(x, f, f.shift, act, residual)
}

// sharedFold is the convolution in the builder's place of the network whose weights it shares: packing doesn't depend on the
// number of images. nil where it has weights of its own.
func (b *builder) sharedFold(s kernels.ConvShape) *foldedConv {
	if b.sharing == nil {
		return nil
	}
	f := *b.sharing[len(b.folds)]
	if f.shape.K != s.K || f.packed.Len != b.device.PackedLen(s) {
		panic(layoutError{fmt.Errorf("%s has other weights in another batch", f.name)})
	}
	f.shape = s
	return &f
}

func (b *builder) predictConv(x node, f *foldedConv, bias backend.Buffer, act kernels.Activation, residual node) node {
	b.folds = append(b.folds, f)
	inputs := []node{x, b.bind(f.name+" packed", []int{f.packed.Len}, nil, f.packed), b.bind(f.name+" shift", []int{bias.Len}, nil, bias)}
	if residual != nil {
		inputs = append(inputs, residual)
	}
	return b.apply(convolutionPrediction(f.shape, f.packed.Len, act, residual != nil), inputs...)
}
