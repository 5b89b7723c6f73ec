package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// convolutionForm says what else a convolution has than its shape.
type convolutionForm struct {
	bias bool
	// inputGradient is false where the input isn't computed from parameters (the image), so that no gradient is needed.
	inputGradient bool
}

func describe(s kernels.ConvShape) string {
	return fmt.Sprintf("%dx%d/%d pad %d groups %d forms %s", s.KH, s.KW, s.StrideH, s.PadH, s.Groups, s.Forms)
}

func convInput(s kernels.ConvShape) []int  { return []int{s.N, s.H, s.W, s.C} }
func convOutput(s kernels.ConvShape) []int { return []int{s.N, s.OutH(), s.OutW(), s.K} }
func convWeight(s kernels.ConvShape) []int { return []int{s.K, s.C / s.Groups, s.KH, s.KW} }

// convolution is y = conv(x, w) + bias: x [n][h][w][c], w [k][c/groups][kh][kw] and, with form.bias, bias [k] to
// y [n][outH][outW][k].
func convolution(s kernels.ConvShape, form convolutionForm) *operation {
	o := &operation{
		kind: "convolution", attrs: describe(s), flops: s.Flops(),
		in: [][]int{convInput(s), convWeight(s)}, out: convOutput(s),
		scratch:        s.ForwardScratch(),
		differentiable: []bool{form.inputGradient, true},
	}
	if form.bias {
		o.in = append(o.in, []int{s.K})
		o.differentiable = append(o.differentiable, true)
		o.run = func(c *call) { kernels.ConvForward(c.pool, s, c.in[0], c.in[1], c.in[2], c.out(), c.scratch) }
	} else {
		o.family, o.slots = "convolution "+o.attrs, 2
		o.part, o.conv = convForwardPart, s
		o.run = func(c *call) { runConvolution(c, s) }
		o.scratch = convolutionScratch(s)
	}
	o.gradient = func(in []node, _, dy node) ([]node, error) {
		grads := make([]node, len(in))
		var err error
		if grads[1], err = apply(convolutionWeights(s), in[0], dy); err != nil {
			return nil, err
		}
		if form.bias {
			if grads[2], err = apply(convolutionBias(s), in[0], dy); err != nil {
				return nil, err
			}
		}
		if form.inputGradient {
			grads[0], err = apply(convolutionInput(s), dy, in[1])
		}
		return grads, err
	}
	return o
}

// convolutionStatistics is the mean and biased variance [2][k] over the batch of what convolution computes from the same x
// and w. The machine runs both as one kernel.
func convolutionStatistics(s kernels.ConvShape) *operation {
	attrs := describe(s)
	return &operation{
		kind: "convolution statistics", attrs: attrs, family: "convolution " + attrs, slot: 1, slots: 2,
		part: convForwardPart, conv: s,
		in: [][]int{convInput(s), convWeight(s)}, out: []int{2, s.K},
		scratch: convolutionScratch(s), spare: s.OutputLen(),
		run: func(c *call) { runConvolution(c, s) },
	}
}

func convolutionScratch(s kernels.ConvShape) int { return max(s.ForwardScratch(), s.StatsScratch()) }

func runConvolution(c *call, s kernels.ConvShape) {
	stats := c.outs[1]
	if stats == nil {
		kernels.ConvForward(c.pool, s, c.in[0], c.in[1], nil, c.outs[0], c.scratch)
		return
	}
	y := c.wanted(0, s.OutputLen(), convolutionScratch(s))
	kernels.ConvForwardStats(c.pool, s, c.in[0], c.in[1], y, stats[:s.K], stats[s.K:], c.scratch[:convolutionScratch(s)])
}

// convolutionInput is the gradient of a convolution by its input: dy [n][outH][outW][k] and w to dx [n][h][w][c].
func convolutionInput(s kernels.ConvShape) *operation {
	return &operation{
		kind: "convolution input gradient", attrs: describe(s), flops: s.Flops(), part: convInputPart, conv: s,
		in: [][]int{convOutput(s), convWeight(s)}, out: convInput(s), scratch: s.InputScratch(),
		run: func(c *call) { kernels.ConvBackwardInput(c.pool, s, c.in[0], c.in[1], c.out(), c.scratch) },
	}
}

// convolutionWeights is the gradient of a convolution by its weights: x and dy to dw [k][c/groups][kh][kw].
func convolutionWeights(s kernels.ConvShape) *operation {
	attrs := describe(s)
	return &operation{
		kind: "convolution weights gradient", attrs: attrs, flops: s.Flops(), part: convWeightsPart, conv: s, family: "convolution weights gradient " + attrs, slots: 2,
		in: [][]int{convInput(s), convOutput(s)}, out: convWeight(s), scratch: s.WeightsScratch(),
		run: func(c *call) { runConvolutionWeights(c, s) },
	}
}

// convolutionBias is the gradient of a convolution by its bias: x and dy to dbias [k]. x only serves to make it one family
// with convolutionWeights.
func convolutionBias(s kernels.ConvShape) *operation {
	attrs := describe(s)
	return &operation{
		kind: "convolution bias gradient", attrs: attrs, family: "convolution weights gradient " + attrs, slot: 1, slots: 2,
		in: [][]int{convInput(s), convOutput(s)}, out: []int{s.K}, scratch: s.WeightsScratch(), spare: s.WeightLen(),
		run: func(c *call) { runConvolutionWeights(c, s) },
	}
}

func runConvolutionWeights(c *call, s kernels.ConvShape) {
	n := s.WeightsScratch()
	dw := c.wanted(0, s.WeightLen(), n)
	kernels.ConvBackwardWeights(c.pool, s, c.in[0], c.in[1], dw, c.outs[1], c.scratch[:n])
}

// convolutionPrediction is y = act(conv(x, packed) + bias + residual) without gradient: x [n][h][w][c], packed as
// kernels.PackConv makes it, bias [k] and, if there is one, residual [n][outH][outW][k] to y of the residual's shape.
func convolutionPrediction(s kernels.ConvShape, act kernels.Activation, residual bool) *operation {
	o := &operation{
		kind: "convolution prediction", attrs: fmt.Sprint(describe(s), " ", act), flops: s.Flops(),
		in: [][]int{convInput(s), {s.PackedLen()}, {s.K}}, out: convOutput(s),
		run: func(c *call) {
			var add []float32
			if residual {
				add = c.in[3]
			}
			kernels.ConvPredict(c.pool, s, act, c.in[0], c.in[1], c.in[2], add, c.out())
		},
	}
	if residual {
		o.in = append(o.in, o.out)
		o.overwrites = []int{3}
	}
	return o
}
