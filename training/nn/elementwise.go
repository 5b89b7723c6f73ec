package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// sum is y = a + b, all of one shape.
func sum(shape []int) *operation {
	return &operation{
		kind: "sum", in: [][]int{shape, shape}, out: shape, overwrites: []int{0, 1}, kernel: backend.Sum{},
		differentiable: []bool{true, true},
		gradient:       func(_ []node, _, dy node) ([]node, error) { return []node{dy, dy}, nil },
	}
}

// activation is y = act(x), both of one shape.
func activation(shape []int, act kernels.Activation) *operation {
	return &operation{
		kind: "activation", attrs: act.String(), in: [][]int{shape}, out: shape, overwrites: []int{0}, kernel: backend.Activate{Act: act},
		differentiable: []bool{true},
		gradient: func(_ []node, y, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "activation gradient", attrs: act.String(), in: [][]int{shape, shape}, out: shape, overwrites: []int{1},
				kernel: backend.ActivateGradient{Act: act},
			}, y, dy)
			return []node{dx}, err
		},
	}
}

// scaled is y = factor * x, both of one shape, factor a scalar.
func scaled(shape []int) *operation {
	return &operation{kind: "multiplication", in: [][]int{shape, nil}, out: shape, overwrites: []int{0}, kernel: backend.Multiply{}}
}

// dropout is y = x / (1 - rate) where an element is kept and 0 where it isn't; which are kept follows from seed and from
// step, a vector of one float32 that counts the steps (exact up to 2^24).
func dropout(shape []int, rate float64, seed uint64) *operation {
	return &operation{
		kind: "dropout", attrs: fmt.Sprint(rate, " ", seed), in: [][]int{shape, {1}}, out: shape, overwrites: []int{0},
		kernel:         backend.Dropout{Rate: float32(rate), Seed: seed},
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
		kind: "concatenation", in: [][]int{a, b}, out: out, kernel: backend.Concat{Rows: rows, CA: ca, CB: cb},
		differentiable: []bool{true, true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			grads := make([]node, 2)
			for slot, shape := range [][]int{a, b} {
				var err error
				grads[slot], err = apply(&operation{
					kind: fmt.Sprintf("split %d", slot), attrs: fmt.Sprint(ca, cb), family: fmt.Sprint("split ", ca, cb), slot: slot, slots: 2,
					in: [][]int{out}, out: shape, kernel: backend.Split{Rows: rows, CA: ca, CB: cb},
				}, dy)
				if err != nil {
					return nil, err
				}
			}
			return grads, nil
		},
	}
}
