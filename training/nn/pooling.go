package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func poolShape(x node, size, stride, pad int) kernels.PoolShape {
	s := x.Shape()
	return kernels.PoolShape{N: s[0], H: s[1], W: s[2], C: s[3], KH: size, KW: size, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
}

func describePool(s kernels.PoolShape) string {
	return fmt.Sprintf("%dx%d/%d pad %d", s.KH, s.KW, s.StrideH, s.PadH)
}

func poolInput(s kernels.PoolShape) []int  { return []int{s.N, s.H, s.W, s.C} }
func poolOutput(s kernels.PoolShape) []int { return []int{s.N, s.OutH(), s.OutW(), s.C} }

// The index of a max pooling (which element of each window won) is one byte a result; in the graph it is a vector of so many
// float32 as hold the bytes.
func indexShape(s kernels.PoolShape) []int { return []int{(s.OutputLen() + 3) / 4} }

// maxPool is the largest value of each window: x [n][h][w][c] to y [n][outH][outW][c]. Padding never wins.
func maxPool(s kernels.PoolShape) *operation {
	o := maxPoolSlot(s, 0)
	o.differentiable = []bool{true}
	o.gradient = func(in []node, _, dy node) ([]node, error) {
		index, err := apply(maxPoolSlot(s, 1), in[0])
		if err != nil {
			return nil, err
		}
		dx, err := apply(&operation{
			kind: "max pooling gradient", attrs: describePool(s), in: [][]int{poolOutput(s), indexShape(s)}, out: poolInput(s),
			kernel: backend.MaxPoolGradient{Shape: s},
		}, dy, index)
		return []node{dx}, err
	}
	return o
}

// maxPoolSlot is the value (slot 0) or the index (slot 1) of a max pooling.
func maxPoolSlot(s kernels.PoolShape, slot int) *operation {
	attrs := describePool(s)
	o := &operation{
		kind: fmt.Sprintf("max pooling %d", slot), attrs: attrs, family: "max pooling " + attrs, slot: slot, slots: 2,
		in: [][]int{poolInput(s)}, out: poolOutput(s), kernel: backend.MaxPool{Shape: s},
	}
	if slot == 1 {
		o.out = indexShape(s)
	}
	return o
}

// batchNormPool is y = maxpool(act(batchNorm(x))) in one sweep: x [n][h][w][c], statistics [2][c], gamma [c], beta [c] to
// y [n][outH][outW][c]. What lies between is never written.
func batchNormPool(s kernels.BatchNormShape, pool kernels.PoolShape) *operation {
	o := batchNormPoolSlot(s, pool, 0)
	o.differentiable = []bool{true, false, true, true}
	o.gradient = func(in []node, y, dy node) ([]node, error) {
		index, err := apply(batchNormPoolSlot(s, pool, 1), in...)
		if err != nil {
			return nil, err
		}
		inputs := []node{in[0], in[1], in[2], in[3], y, index, dy}
		params, err := apply(batchNormPoolGradient(s, pool, 1), inputs...)
		if err != nil {
			return nil, err
		}
		grads := make([]node, 4)
		for i := range 2 {
			if grads[2+i], err = apply(row(2, s.C, i), params); err != nil {
				return nil, err
			}
		}
		grads[0], err = apply(batchNormPoolGradient(s, pool, 0), inputs...)
		return grads, err
	}
	return o
}

// batchNormPoolSlot is the value (slot 0) or the index (slot 1) of batchNormPool.
func batchNormPoolSlot(s kernels.BatchNormShape, pool kernels.PoolShape, slot int) *operation {
	attrs := describeNorm(s) + " " + describePool(pool)
	o := &operation{
		kind: fmt.Sprintf("batch norm and max pooling %d", slot), attrs: attrs, family: "batch norm and max pooling " + attrs, slot: slot, slots: 2,
		in: [][]int{poolInput(pool), {2, s.C}, {s.C}, {s.C}}, out: poolOutput(pool), kernel: backend.BatchNormMaxPool{Norm: s, Pool: pool},
	}
	if slot == 1 {
		o.out = indexShape(pool)
	}
	return o
}

// batchNormPoolGradient is the gradients of batchNormPool: x, statistics, gamma, beta, y, index, dy to slot 0: dx; slot 1:
// dgamma and dbeta [2][c].
func batchNormPoolGradient(s kernels.BatchNormShape, pool kernels.PoolShape, slot int) *operation {
	attrs := describeNorm(s) + " " + describePool(pool)
	o := &operation{
		kind: fmt.Sprintf("batch norm and max pooling gradient %d", slot), attrs: attrs, family: "batch norm and max pooling gradient " + attrs, slot: slot, slots: 2,
		in:  [][]int{poolInput(pool), {2, s.C}, {s.C}, {s.C}, poolOutput(pool), indexShape(pool), poolOutput(pool)},
		out: poolInput(pool), kernel: backend.BatchNormMaxPoolGradient{Norm: s, Pool: pool},
	}
	if slot == 1 {
		o.out = []int{2, s.C}
	}
	return o
}

// avgPool is the mean of each window: x [n][h][w][c] to y [n][outH][outW][c]. Padding counts as zeros.
func avgPool(s kernels.PoolShape) *operation {
	return &operation{
		kind: "average pooling", attrs: describePool(s), in: [][]int{poolInput(s)}, out: poolOutput(s),
		kernel:         backend.AveragePool{Shape: s},
		differentiable: []bool{true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "average pooling gradient", attrs: describePool(s), in: [][]int{poolOutput(s)}, out: poolInput(s),
				kernel: backend.AveragePoolBack{Shape: s},
			}, dy)
			return []node{dx}, err
		},
	}
}

// globalAvgPool is the mean over a map: x [n][h][w][c] to y [n][c].
func globalAvgPool(shape []int) *operation {
	n, pixels, channels := shape[0], shape[1]*shape[2], shape[3]
	return &operation{
		kind: "global average pooling", in: [][]int{shape}, out: []int{n, channels},
		kernel:         backend.GlobalAverage{N: n, Pixels: pixels, C: channels},
		differentiable: []bool{true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "global average pooling gradient", attrs: fmt.Sprint(shape[1], "x", shape[2]), in: [][]int{{n, channels}}, out: shape,
				kernel: backend.GlobalAverageBack{N: n, Pixels: pixels, C: channels},
			}, dy)
			return []node{dx}, err
		},
	}
}
