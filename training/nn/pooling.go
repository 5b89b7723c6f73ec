package nn

import (
	"fmt"
	"unsafe"

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

func indexBytes(index []float32, s kernels.PoolShape) []uint8 {
	return unsafe.Slice((*uint8)(unsafe.Pointer(unsafe.SliceData(index))), s.OutputLen())
}

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
			run: func(c *call) { kernels.MaxPoolBackward(c.pool, s, c.in[0], indexBytes(c.in[1], s), c.out()) },
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
		in: [][]int{poolInput(s)}, out: poolOutput(s), spare: indexShape(s)[0],
		run: func(c *call) {
			index := c.wanted(1, indexShape(s)[0], 0)
			kernels.MaxPoolForward(c.pool, s, c.in[0], c.wanted(0, s.OutputLen(), 0), indexBytes(index, s))
		},
	}
	if slot == 1 {
		o.out, o.spare = indexShape(s), s.OutputLen()
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
		in: [][]int{poolInput(pool), {2, s.C}, {s.C}, {s.C}}, out: poolOutput(pool), scratch: 2 * s.C, spare: indexShape(pool)[0],
		run: func(c *call) {
			stats := c.in[1]
			index := c.wanted(1, indexShape(pool)[0], 2*s.C)
			kernels.BatchNormMaxPoolForward(c.pool, s, pool, c.in[0], c.in[2], c.in[3], stats[:s.C], stats[s.C:],
				c.wanted(0, pool.OutputLen(), 2*s.C), indexBytes(index, pool), c.scratch[:2*s.C])
		},
	}
	if slot == 1 {
		o.out, o.spare = indexShape(pool), pool.OutputLen()
	}
	return o
}

// batchNormPoolGradient is the gradients of batchNormPool: x, statistics, gamma, beta, y, index, dy to slot 0: dx; slot 1:
// dgamma and dbeta [2][c].
func batchNormPoolGradient(s kernels.BatchNormShape, pool kernels.PoolShape, slot int) *operation {
	attrs := describeNorm(s) + " " + describePool(pool)
	n := kernels.BatchNormMaxPoolScratch(pool)
	o := &operation{
		kind: fmt.Sprintf("batch norm and max pooling gradient %d", slot), attrs: attrs, family: "batch norm and max pooling gradient " + attrs, slot: slot, slots: 2,
		in:  [][]int{poolInput(pool), {2, s.C}, {s.C}, {s.C}, poolOutput(pool), indexShape(pool), poolOutput(pool)},
		out: poolInput(pool), scratch: n, spare: 2 * s.C,
		run: func(c *call) {
			stats, params := c.in[1], c.wanted(1, 2*s.C, n)
			kernels.BatchNormMaxPoolBackward(c.pool, s, pool, c.in[0], c.in[4], indexBytes(c.in[5], pool), c.in[6], c.in[2], c.in[3],
				stats[:s.C], stats[s.C:], c.wanted(0, pool.InputLen(), n), params[:s.C], params[s.C:], c.scratch[:n])
		},
	}
	if slot == 1 {
		o.out, o.spare = []int{2, s.C}, pool.InputLen()
	}
	return o
}

// avgPool is the mean of each window: x [n][h][w][c] to y [n][outH][outW][c]. Padding counts as zeros.
func avgPool(s kernels.PoolShape) *operation {
	return &operation{
		kind: "average pooling", attrs: describePool(s), in: [][]int{poolInput(s)}, out: poolOutput(s),
		run:            func(c *call) { kernels.AvgPoolForward(c.pool, s, c.in[0], c.out()) },
		differentiable: []bool{true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "average pooling gradient", attrs: describePool(s), in: [][]int{poolOutput(s)}, out: poolInput(s),
				run: func(c *call) { kernels.AvgPoolBackward(c.pool, s, c.in[0], c.out()) },
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
		run:            func(c *call) { kernels.GlobalAvgPoolForward(c.pool, n, pixels, channels, c.in[0], c.out()) },
		differentiable: []bool{true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "global average pooling gradient", attrs: fmt.Sprint(shape[1], "x", shape[2]), in: [][]int{{n, channels}}, out: shape,
				run: func(c *call) { kernels.GlobalAvgPoolBackward(c.pool, n, pixels, channels, c.in[0], c.out()) },
			}, dy)
			return []node{dx}, err
		},
	}
}
