package nn

import (
	"fmt"
	"slices"

	"viewfinder/training/kernels"
)

// fusiblePart says what an operation is to fuse.
type fusiblePart int

const (
	_                fusiblePart = iota
	convForwardPart              // convolution without bias: x, w to the result and its statistics
	convWeightsPart              // x, dy to the weights' gradient
	convInputPart                // dy, w to the input's gradient
	normPart                     // batch norm: x, statistics, gamma, beta (, residual)
	normGradientPart             // x, statistics, gamma, beta, dy (, y) to dx, parameters' gradients, residual's gradient
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
	order []instruction
	roots map[node]bool
	made  map[node]int   // instruction that computes a node
	used  map[node][]int // instructions that read it
	gone  []bool
	// backward maps the batch norm gradient (an index of order) to the gradients of the convolution that it is one with.
	backward map[int]backwardPair
	// lazy maps the result of a batch norm that is gone to its instruction.
	lazy map[node]int
}

// backwardPair are the instructions of a convolution's two gradients.
type backwardPair struct{ weights, input int }

func fuse(order []instruction, roots []node) []instruction {
	f := &fusion{order: slices.Clone(order), roots: map[node]bool{}, made: map[node]int{}, used: map[node][]int{}, gone: make([]bool, len(order)), backward: map[int]backwardPair{}, lazy: map[node]int{}}
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
		if in.op.part != normGradientPart || len(in.inputs) != 5 || in.results[0] == nil || in.results[1] == nil || in.results[2] != nil || f.roots[in.results[0]] {
			continue
		}
		users := f.used[in.results[0]]
		if len(users) != 2 {
			continue
		}
		pair := backwardPair{-1, -1}
		for _, u := range users {
			switch op := f.order[u].op; {
			case op.part == convWeightsPart && f.order[u].results[1] == nil && f.order[u].inputs[1] == in.results[0]:
				pair.weights = u
			case op.part == convInputPart && f.order[u].inputs[0] == in.results[0]:
				pair.input = u
			}
		}
		if pair.weights >= 0 && pair.input >= 0 && f.order[pair.weights].op.conv.FusesNorm() {
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
		if in.op.part != normPart || len(in.inputs) != 4 || f.roots[in.results[0]] {
			continue
		}
		z, forward, back := in.results[0], 0, 0
		users := f.used[z]
		for _, u := range users {
			user := f.order[u]
			switch {
			case user.op.part == convForwardPart && user.inputs[0] == z && user.results[0] != nil && user.results[1] != nil && user.op.conv.FusesNorm():
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
		switch {
		case skip[i]:
		case in.op.part == convForwardPart && f.isLazy(in.inputs[0]):
			norm := f.order[f.lazy[in.inputs[0]]]
			out = append(out, instruction{op: normedConvolution(in.op.conv, norm.op.norm), results: in.results, inputs: append(slices.Clone(norm.inputs), in.inputs[1])})
		case back:
			if !known[in.results[1]] {
				out = append(out, instruction{op: in.op, results: []node{nil, in.results[1], nil}, inputs: in.inputs})
			}
			out = append(out, f.backwardInstruction(in, pair, known))
		case in.op.part == normGradientPart && known[in.results[1]]:
			out = append(out, instruction{op: batchNormGradientInput(in.op.norm, in.op.in[0]), results: in.results[:1], inputs: append(slices.Clone(in.inputs), in.results[1])})
		default:
			out = append(out, in)
		}
	}
	return out
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
		before = &norm.op.norm
		made.inputs = append(made.inputs, norm.inputs...)
		// What becomes of dx: the gradient of that norm, whose parameters' gradients are summed here.
		for _, u := range f.used[input.results[0]] {
			if user := f.order[u]; user.op.part == normGradientPart && user.inputs[0] == norm.inputs[0] && user.inputs[4] == input.results[0] {
				made.results[2] = user.results[1]
				known[user.results[1]] = true
			}
		}
	} else {
		made.inputs = append(made.inputs, x)
	}
	made.op = normedGradients(weights.op.conv, in.op.norm, before)
	return made
}

// norming is a batch norm in the form of the kernels: statistics [2][c], gamma, beta.
func norming(s kernels.BatchNormShape, statistics, gamma, beta []float32) kernels.Norming {
	return kernels.Norming{Shape: s, Gamma: gamma, Beta: beta, Mean: statistics[:s.C], Variance: statistics[s.C:]}
}

// normedConvolution is a batch norm with its activation and the convolution after it: what norm normalises [n][h][w][c], its
// statistics, gamma, beta and w to slot 0: y [n][outH][outW][k]; slot 1: mean and biased variance of y [2][k].
func normedConvolution(s kernels.ConvShape, norm kernels.BatchNormShape) *operation {
	return &operation{
		kind: "normed convolution", attrs: fmt.Sprint(describe(s), " ", norm.Act), flops: s.Flops(), slots: 2,
		in: [][]int{convInput(s), {2, s.C}, {s.C}, {s.C}, convWeight(s)}, out: convOutput(s), scratch: s.NormedForwardScratch(),
		run: func(c *call) {
			stats := c.outs[1]
			kernels.ConvForwardNormed(c.pool, s, norming(norm, c.in[1], c.in[2], c.in[3]), c.in[0], c.in[4], c.outs[0], stats[:s.K], stats[s.K:], c.scratch)
		},
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
		scratch: s.NormedBackwardScratch() + 2*s.C,
	}
	if before != nil {
		o.attrs += " " + before.Act.String()
		o.in = append(o.in, []int{2, s.C}, []int{s.C}, []int{s.C})
	}
	n := s.NormedBackwardScratch()
	o.run = func(c *call) {
		a := kernels.NormedBackward{
			Out: norming(after, c.in[1], c.in[2], c.in[3]), Y: c.in[0], DZ: c.in[4], DGamma: c.in[5][:s.K], DBeta: c.in[5][s.K:],
			W: c.in[6], X: c.in[7], DX: c.outs[0], DW: c.outs[1],
		}
		if before != nil {
			a.In = norming(*before, c.in[8], c.in[9], c.in[10])
			params := c.wanted(2, 2*s.C, n)
			a.InDGamma, a.InDBeta = params[:s.C], params[s.C:]
		}
		kernels.ConvBackwardNormed(c.pool, s, a, c.scratch[:n])
	}
	return o
}

// batchNormGradientInput is a batch norm's gradient by its input where those by its parameters are known: x, statistics, gamma,
// beta, dy, the parameters' gradients [2][c] to dx of x's shape.
func batchNormGradientInput(s kernels.BatchNormShape, shape []int) *operation {
	return &operation{
		kind: "batch norm gradient by input", attrs: describeNorm(s), in: [][]int{shape, {2, s.C}, {s.C}, {s.C}, shape, {2, s.C}}, out: shape,
		scratch: 4 * s.C, overwrites: []int{4},
		run: func(c *call) {
			params := c.in[5]
			kernels.BatchNormBackwardInput(c.pool, norming(s, c.in[1], c.in[2], c.in[3]), c.in[0], c.in[4], params[:s.C], params[s.C:], c.out(), c.scratch)
		},
	}
}
