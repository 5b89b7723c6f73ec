package nn

import (
	"fmt"

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

// track moves the running statistics towards those of the batch, as PyTorch does after each training pass.
func (l *normLayer) track(batch []float32) {
	c, p := l.shape.C, l.parameters
	kernels.BatchNormRunning(l.shape, normMomentum, batch[:c], batch[c:], p.mean.data, p.variance.data)
	p.tracked.data[0]++
}

// foldedConv is a convolution with the batch norm after it folded in (or, without one, just packed): its weights follow from
// the network's by update.
type foldedConv struct {
	shape        kernels.ConvShape
	weight       *parameter
	norm         normParameters
	packed       []float32
	scale, shift []float32
}

// update computes the packed weights anew from the network's state.
func (f *foldedConv) update(pool *kernels.Pool) {
	if f.scale == nil {
		kernels.PackConv(pool, f.shape, f.weight.data, nil, f.packed)
		return
	}
	n := f.norm
	kernels.BatchNormFold(kernels.BatchNormShape{Rows: 1, C: f.shape.K, Eps: normEpsilon}, n.gamma.data, n.beta.data, n.mean.data, n.variance.data, f.scale, f.shift)
	kernels.PackConv(pool, f.shape, f.weight.data, f.scale, f.packed)
}

// folded adds a convolution as prediction computes it. shift is its bias's memory.
func (b *builder) folded(x node, s kernels.ConvShape, weight *parameter, norm normParameters, act kernels.Activation, residual node) node {
	f := b.sharedFold(s)
	if f == nil {
		f = &foldedConv{shape: s, weight: weight, norm: norm, packed: alignedFloats(s.PackedLen())}
		f.scale, f.shift = make([]float32, s.K), make([]float32, s.K)
	}
	return b.predictConv(x, f, f.shift, act, residual)
}

// sharedFold is the convolution in the builder's place of the network whose weights it shares: packing doesn't depend on the
// number of images. nil where it has weights of its own.
func (b *builder) sharedFold(s kernels.ConvShape) *foldedConv {
	if b.shared == nil {
		return nil
	}
	f := *b.shared[len(b.folds)]
	if f.shape.K != s.K || len(f.packed) != s.PackedLen() {
		panic(layoutError{fmt.Errorf("%s has other weights in another batch", f.weight.name)})
	}
	f.shape = s
	return &f
}

func (b *builder) predictConv(x node, f *foldedConv, bias []float32, act kernels.Activation, residual node) node {
	b.folds = append(b.folds, f)
	inputs := []node{x, b.bind(f.weight.name+" packed", []int{len(f.packed)}, f.packed), b.bind(f.weight.name+" shift", []int{len(bias)}, bias)}
	if residual != nil {
		inputs = append(inputs, residual)
	}
	return b.apply(convolutionPrediction(f.shape, act, residual != nil), inputs...)
}
