package nn

import (
	"fmt"
	"slices"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// fusion rewrites a list of instructions so that batch norms around light convolutions (1x1 and depthwise) aren't swept over in
// memory: they are limited by it. Two things are found:
//
//   - A batch norm's gradient by its input, x -> norm, which goes into the gradients of the convolution before it, both of them
//     and nothing else: one instruction, which also sums the parameters' gradients of the norm before the convolution where that
//     one is gone.
//   - A batch norm with activation whose result nothing but such a convolution reads: gone, the convolution normalises what it reads.
//
// The graph isn't touched: gradients are gorgonia's, and what they mean stays. Only sums are taken in other parts, so results
// differ by rounding; whether a run is fused is in its plan.
type fusion struct {
	device backend.Kernels
	order  []instruction
	roots  map[node]bool
	made   map[node]int   // instruction that computes a node
	used   map[node][]int // instructions that read it
	gone   []bool
	// backward maps the batch norm gradient (an index of order) to the gradients of the convolution that it is one with.
	backward map[int]backwardPair
	// lazy maps the result of a batch norm that is gone to its instruction.
	lazy map[node]int
}

// backwardPair are the instructions of a convolution's two gradients.
type backwardPair struct{ weights, input int }

func fuse(device backend.Kernels, order []instruction, roots []node) []instruction {
	f := &fusion{device: device, order: slices.Clone(order), roots: map[node]bool{}, made: map[node]int{}, used: map[node][]int{}, gone: make([]bool, len(order)), backward: map[int]backwardPair{}, lazy: map[node]int{}}
	for _, r := range roots {
		f.roots[r] = true
	}
	for i, in := range order {
		for _, n := range in.results {
			if n != nil {
				f.made[n] = i
			}
		}
		for _, n := range in.inputs {
			if at := f.used[n]; len(at) == 0 || at[len(at)-1] != i {
				f.used[n] = append(at, i)
			}
		}
	}
	f.findBackward()
	if len(f.backward) == 0 {
		return order
	}
	f.findLazy()
	return f.rewrite()
}

// findBackward finds the batch norm gradients that become one with the gradients of the convolution before.
func (f *fusion) findBackward() {
	for i, in := range f.order {
		after, ok := in.op.kernel.(backend.BatchNormGradient)
		if !ok || len(in.inputs) != 5 || in.results[0] == nil || in.results[1] == nil || in.results[2] != nil || f.roots[in.results[0]] {
			continue
		}
		users := f.used[in.results[0]]
		if len(users) != 2 {
			continue
		}
		pair := backwardPair{-1, -1}
		for _, u := range users {
			switch f.order[u].op.kernel.(type) {
			case backend.ConvolutionWeights:
				if f.order[u].results[1] == nil && f.order[u].inputs[1] == in.results[0] {
					pair.weights = u
				}
			case backend.ConvolutionInput:
				if f.order[u].inputs[0] == in.results[0] {
					pair.input = u
				}
			}
		}
		if pair.weights >= 0 && pair.input >= 0 && f.device.Has(backend.NormedConvolutionGradients{Shape: f.order[pair.weights].convShape(), After: after.Shape}) {
			f.backward[i] = pair
		}
	}
}

// findLazy finds the batch norms that the convolutions after them can do as they read.
func (f *fusion) findLazy() {
	weights := map[int]bool{}
	for _, pair := range f.backward {
		weights[pair.weights] = true
	}
	for i, in := range f.order {
		norm, ok := in.op.kernel.(backend.BatchNorm)
		if !ok || len(in.inputs) != 4 || f.roots[in.results[0]] {
			continue
		}
		z, forward, back := in.results[0], 0, 0
		users := f.used[z]
		for _, u := range users {
			user := f.order[u]
			conv, isConv := user.op.kernel.(backend.Convolution)
			switch {
			case isConv && user.inputs[0] == z && len(user.results) == 2 && user.results[0] != nil && user.results[1] != nil && f.device.Has(backend.NormedConvolution{Shape: conv.Shape, Norm: norm.Shape}):
				forward++
			case weights[u] && user.inputs[0] == z:
				back++
			}
		}
		if len(users) == 2 && forward == 1 && back == 1 {
			f.lazy[z] = i
		}
	}
}

// rewrite makes the new list.
func (f *fusion) rewrite() []instruction {
	known := map[node]bool{} // parameters' gradients that an instruction before has computed
	skip := map[int]bool{}
	for _, pair := range f.backward {
		skip[pair.weights], skip[pair.input] = true, true
	}
	for _, i := range f.lazy {
		skip[i] = true
	}
	var out []instruction
	for i, in := range f.order {
		pair, back := f.backward[i]
		conv, isConv := in.op.kernel.(backend.Convolution)
		gradient, isGradient := in.op.kernel.(backend.BatchNormGradient)
		switch {
		case skip[i]:
		case isConv && f.isLazy(in.inputs[0]):
			norm := f.order[f.lazy[in.inputs[0]]]
			out = append(out, instruction{op: normedConvolution(conv.Shape, norm.normShape()), results: in.results, inputs: append(slices.Clone(norm.inputs), in.inputs[1])})
		case back:
			if !known[in.results[1]] {
				out = append(out, instruction{op: in.op, results: []node{nil, in.results[1], nil}, inputs: in.inputs})
			}
			out = append(out, f.backwardInstruction(in, pair, known))
		case isGradient && known[in.results[1]]:
			out = append(out, instruction{op: batchNormGradientInput(gradient.Shape, in.op.in[0]), results: in.results[:1], inputs: append(slices.Clone(in.inputs), in.results[1])})
		default:
			out = append(out, in)
		}
	}
	return out
}

// convShape is the convolution that an instruction computes the gradient of by the weights.
func (in instruction) convShape() kernels.ConvShape {
	return in.op.kernel.(backend.ConvolutionWeights).Shape
}

// normShape is the batch norm that an instruction computes.
func (in instruction) normShape() kernels.BatchNormShape {
	return in.op.kernel.(backend.BatchNorm).Shape
}

func (f *fusion) isLazy(z node) bool {
	_, ok := f.lazy[z]
	return ok
}

// backwardInstruction is the batch norm gradient in with the gradients of the convolution before it.
func (f *fusion) backwardInstruction(in instruction, pair backwardPair, known map[node]bool) instruction {
	weights, input := f.order[pair.weights], f.order[pair.input]
	x := weights.inputs[0]
	made := instruction{results: []node{input.results[0], weights.results[0], nil}}
	made.inputs = append(slices.Clone(in.inputs), in.results[1], input.inputs[1])
	var before *kernels.BatchNormShape
	if at, ok := f.lazy[x]; ok {
		norm := f.order[at]
		shape := norm.normShape()
		before = &shape
		made.inputs = append(made.inputs, norm.inputs...)
		// What becomes of dx: the gradient of that norm, whose parameters' gradients are summed here.
		for _, u := range f.used[input.results[0]] {
			user := f.order[u]
			if _, ok := user.op.kernel.(backend.BatchNormGradient); ok && user.inputs[0] == norm.inputs[0] && user.inputs[4] == input.results[0] {
				made.results[2] = user.results[1]
				known[user.results[1]] = true
			}
		}
	} else {
		made.inputs = append(made.inputs, x)
	}
	made.op = normedGradients(weights.convShape(), in.op.kernel.(backend.BatchNormGradient).Shape, before)
	return made
}

// normedConvolution is a batch norm with its activation and the convolution after it: what norm normalises [n][h][w][c], its
// statistics, gamma, beta and w to slot 0: y [n][outH][outW][k]; slot 1: mean and biased variance of y [2][k].
func normedConvolution(s kernels.ConvShape, norm kernels.BatchNormShape) *operation {
	return &operation{
		kind: "normed convolution", attrs: fmt.Sprint(describe(s), " ", norm.Act), flops: s.Flops(), slots: 2,
		in: [][]int{convInput(s), {2, s.C}, {s.C}, {s.C}, convWeight(s)}, out: convOutput(s), kernel: backend.NormedConvolution{Shape: s, Norm: norm},
	}
}

// normedGradients is the gradients of a convolution and of the batch norm after it: y, its statistics, gamma, beta, the gradient
// dz of the norm's result, its parameters' gradients [2][k], w, and the convolution's input x or, with before, what the norm
// before it normalises, its statistics, gamma and beta; to slot 0: the gradient by x (by the result of before); slot 1: by w;
// slot 2: by the parameters of before [2][c].
func normedGradients(s kernels.ConvShape, after kernels.BatchNormShape, before *kernels.BatchNormShape) *operation {
	o := &operation{
		kind: "normed convolution gradients", attrs: describe(s), flops: 2 * s.Flops(), slots: 3,
		in: [][]int{convOutput(s), {2, s.K}, {s.K}, {s.K}, convOutput(s), {2, s.K}, convWeight(s), convInput(s)}, out: convInput(s),
		kernel: backend.NormedConvolutionGradients{Shape: s, After: after, Before: before},
	}
	if before != nil {
		o.attrs += " " + before.Act.String()
		o.in = append(o.in, []int{2, s.C}, []int{s.C}, []int{s.C})
	}
	return o
}

// batchNormGradientInput is a batch norm's gradient by its input where those by its parameters are known: x, statistics, gamma,
// beta, dy, the parameters' gradients [2][c] to dx of x's shape.
func batchNormGradientInput(s kernels.BatchNormShape, shape []int) *operation {
	return &operation{
		kind: "batch norm gradient by input", attrs: describeNorm(s), in: [][]int{shape, {2, s.C}, {s.C}, {s.C}, shape, {2, s.C}}, out: shape,
		kernel: backend.BatchNormGradientInput{Shape: s}, overwrites: []int{4},
	}
}
