package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// What torchvision's networks use.
const (
	normEpsilon  = 1e-5
	normMomentum = 0.1
)

func describeNorm(s kernels.BatchNormShape) string { return fmt.Sprintf("%d rows %s", s.Rows, s.Act) }

// batchNorm is y = act((x - mean) / sqrt(variance + eps) * gamma + beta + residual): x [n][h][w][c], statistics [2][c] (mean
// and biased variance, of convolutionStatistics), gamma [c], beta [c] and, if there is one, residual of x's shape to y of
// x's shape. The gradient for x is the whole one, through the statistics too, so those get none of their own.
func batchNorm(s kernels.BatchNormShape, shape []int, residual bool) *operation {
	o := &operation{
		kind: "batch norm", attrs: describeNorm(s), in: [][]int{shape, {2, s.C}, {s.C}, {s.C}}, out: shape,
		kernel: backend.BatchNorm{Shape: s}, overwrites: []int{0},
		differentiable: []bool{true, false, true, true},
	}
	if residual {
		o.in = append(o.in, shape)
		o.differentiable = append(o.differentiable, true)
		o.overwrites = []int{0, 4}
	}
	o.gradient = func(in []node, y, dy node) ([]node, error) {
		inputs := []node{in[0], in[1], in[2], in[3], dy}
		if residual && s.Act != kernels.None {
			inputs = append(inputs, y)
		}
		grads := make([]node, len(in))
		params, err := apply(batchNormGradient(s, shape, len(inputs) > 5, 1), inputs...)
		if err != nil {
			return nil, err
		}
		for i := range 2 {
			if grads[2+i], err = apply(row(2, s.C, i), params); err != nil {
				return nil, err
			}
		}
		if residual {
			grads[4] = dy
			if s.Act != kernels.None {
				if grads[4], err = apply(batchNormGradient(s, shape, true, 2), inputs...); err != nil {
					return nil, err
				}
			}
		}
		grads[0], err = apply(batchNormGradient(s, shape, len(inputs) > 5, 0), inputs...)
		return grads, err
	}
	return o
}

// batchNormGradient is the gradients of a batch norm: x, statistics, gamma, beta, dy and, where a residual and an activation
// followed, y to slot 0: dx of x's shape; slot 1: dgamma and dbeta [2][c]; slot 2: the residual's gradient.
func batchNormGradient(s kernels.BatchNormShape, shape []int, withResult bool, slot int) *operation {
	attrs := describeNorm(s)
	o := &operation{
		kind: fmt.Sprintf("batch norm gradient %d", slot), attrs: attrs, family: "batch norm gradient " + attrs, slot: slot, slots: 3,
		in: [][]int{shape, {2, s.C}, {s.C}, {s.C}, shape}, out: shape, kernel: backend.BatchNormGradient{Shape: s},
	}
	if withResult {
		o.in = append(o.in, shape)
	}
	switch slot {
	case 0:
		o.overwrites = []int{4}
	case 1:
		o.out = []int{2, s.C}
	}
	return o
}

// row is row i of a [rows][size] matrix.
func row(rows, size, i int) *operation {
	return &operation{
		kind: "row", attrs: fmt.Sprint(i), in: [][]int{{rows, size}}, out: []int{size},
		kernel: backend.Row{Index: i},
	}
}
