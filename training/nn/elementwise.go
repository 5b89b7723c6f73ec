package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// sum is y = a + b, all of one shape.
func sum(shape []int) *operation {
	return &operation{
		kind: "sum", in: [][]int{shape, shape}, out: shape, overwrites: []int{0, 1},
		run:            func(c *call) { kernels.Add(c.pool, c.in[0], c.in[1], c.out()) },
		differentiable: []bool{true, true},
		gradient:       func(_ []node, _, dy node) ([]node, error) { return []node{dy, dy}, nil },
	}
}

// activation is y = act(x), both of one shape.
func activation(shape []int, act kernels.Activation) *operation {
	return &operation{
		kind: "activation", attrs: act.String(), in: [][]int{shape}, out: shape, overwrites: []int{0},
		run:            func(c *call) { kernels.ActivationForward(c.pool, act, c.in[0], c.out()) },
		differentiable: []bool{true},
		gradient: func(_ []node, y, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "activation gradient", attrs: act.String(), in: [][]int{shape, shape}, out: shape, overwrites: []int{1},
				run: func(c *call) { kernels.ActivationBackward(c.pool, act, c.in[0], c.in[1], c.out()) },
			}, y, dy)
			return []node{dx}, err
		},
	}
}

// dropout is y = x / (1 - rate) where an element is kept and 0 where it isn't; which are kept follows from seed and from
// step, a vector of one float32 that counts the steps (exact up to 2^24).
func dropout(shape []int, rate float64, seed uint64) *operation {
	return &operation{
		kind: "dropout", attrs: fmt.Sprint(rate, " ", seed), in: [][]int{shape, {1}}, out: shape, overwrites: []int{0},
		run: func(c *call) {
			// An odd multiple of the step keeps the seeds of different steps apart.
			at := seed + uint64(c.in[1][0])*0xd1342543de82ef95
			kernels.Dropout(c.pool, float32(rate), at, c.in[0], c.out())
		},
		differentiable: []bool{true, false},
		gradient: func(in []node, _, dy node) ([]node, error) {
			dx, err := apply(dropout(shape, rate, seed), dy, in[1])
			return []node{dx, nil}, err
		},
	}
}

// concat is the channels of a [..., ca] followed by those of b [..., cb].
func concat(a, b []int) *operation {
	last := len(a) - 1
	rows, ca, cb := elements(a[:last]), a[last], b[last]
	out := append(append([]int{}, a[:last]...), ca+cb)
	return &operation{
		kind: "concatenation", in: [][]int{a, b}, out: out,
		run:            func(c *call) { kernels.ConcatChannels(c.pool, rows, ca, cb, c.in[0], c.in[1], c.out()) },
		differentiable: []bool{true, true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			grads := make([]node, 2)
			for slot, shape := range [][]int{a, b} {
				var err error
				grads[slot], err = apply(&operation{
					kind: fmt.Sprintf("split %d", slot), attrs: fmt.Sprint(ca, cb), family: fmt.Sprint("split ", ca, cb), slot: slot, slots: 2,
					in: [][]int{out}, out: shape, spare: rows * max(ca, cb),
					run: func(c *call) {
						kernels.SplitChannels(c.pool, rows, ca, cb, c.in[0], c.wanted(0, rows*ca, 0), c.wanted(1, rows*cb, 0))
					},
				}, dy)
				if err != nil {
					return nil, err
				}
			}
			return grads, nil
		},
	}
}
