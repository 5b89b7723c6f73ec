package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// convolutionForm is what a convolution has beside its shape.
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
		in: [][]int{convInput(s), convWeight(s)}, out: convOutput(s), kernel: backend.Convolution{Shape: s},
		differentiable: []bool{form.inputGradient, true},
	}
	if form.bias {
		o.in = append(o.in, []int{s.K})
		o.differentiable = append(o.differentiable, true)
	} else {
		o.family, o.slots = "convolution "+o.attrs, 2
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
		in: [][]int{convInput(s), convWeight(s)}, out: []int{2, s.K}, kernel: backend.Convolution{Shape: s},
	}
}

// convolutionInput is the gradient of a convolution by its input: dy [n][outH][outW][k] and w to dx [n][h][w][c].
func convolutionInput(s kernels.ConvShape) *operation {
	return &operation{
		kind: "convolution input gradient", attrs: describe(s), flops: s.Flops(),
		in: [][]int{convOutput(s), convWeight(s)}, out: convInput(s), kernel: backend.ConvolutionInput{Shape: s},
	}
}

// convolutionWeights is the gradient of a convolution by its weights: x and dy to dw [k][c/groups][kh][kw].
func convolutionWeights(s kernels.ConvShape) *operation {
	attrs := describe(s)
	return &operation{
		kind: "convolution weights gradient", attrs: attrs, flops: s.Flops(), family: "convolution weights gradient " + attrs, slots: 2,
		in: [][]int{convInput(s), convOutput(s)}, out: convWeight(s), kernel: backend.ConvolutionWeights{Shape: s},
	}
}

// convolutionBias is the gradient of a convolution by its bias: x and dy to dbias [k]. x only serves to make it one family
// with convolutionWeights.
func convolutionBias(s kernels.ConvShape) *operation {
	attrs := describe(s)
	return &operation{
		kind: "convolution bias gradient", attrs: attrs, family: "convolution weights gradient " + attrs, slot: 1, slots: 2,
		in: [][]int{convInput(s), convOutput(s)}, out: []int{s.K}, kernel: backend.ConvolutionWeights{Shape: s},
	}
}

// convolutionPrediction is y = act(conv(x, packed) + bias + residual) without gradient: x [n][h][w][c], packed [size]
// as backend.Pack makes it, bias [k] and, if there is one, residual [n][outH][outW][k] to y of the residual's shape.
func convolutionPrediction(s kernels.ConvShape, size int, act kernels.Activation, residual bool) *operation {
	o := &operation{
		kind: "convolution prediction", attrs: fmt.Sprint(describe(s), " ", act), flops: s.Flops(),
		in: [][]int{convInput(s), {size}, {s.K}}, out: convOutput(s), kernel: backend.ConvolutionPrediction{Shape: s, Act: act},
	}
	if residual {
		o.in = append(o.in, o.out)
		o.overwrites = []int{3}
	}
	return o
}
