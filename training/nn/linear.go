package nn

import (
	"fmt"

	"viewfinder/training/backend"
)

// linear is y = x * w transposed + bias: x [n][in], w [out][in], bias [out] to y [n][out].
func linear(n, in, out int, inputGradient bool) *operation {
	return &operation{
		kind: "linear", in: [][]int{{n, in}, {out, in}, {out}}, out: []int{n, out}, flops: 2 * n * in * out,
		kernel:         backend.Linear{N: n, In: in, Out: out},
		differentiable: []bool{inputGradient, true, true},
		gradient: func(inputs []node, _, dy node) ([]node, error) {
			grads := make([]node, 3)
			for _, slot := range []int{1, 2, 0} {
				if slot == 0 && !inputGradient {
					continue
				}
				var err error
				if grads[slot], err = apply(linearGradient(n, in, out, slot), inputs[0], inputs[1], dy); err != nil {
					return nil, err
				}
			}
			return grads, nil
		},
	}
}

// linearGradient is the gradients of linear: x, w and dy to slot 0: dx [n][in]; slot 1: dw [out][in]; slot 2: dbias [out].
func linearGradient(n, in, out, slot int) *operation {
	shapes := [][]int{{n, in}, {out, in}, {out}}
	o := &operation{
		kind: fmt.Sprintf("linear gradient %d", slot), family: "linear gradient", slot: slot, slots: 3,
		in: [][]int{{n, in}, {out, in}, {n, out}}, out: shapes[slot], kernel: backend.LinearGradient{N: n, In: in, Out: out},
	}
	if slot < 2 {
		o.flops = 2 * n * in * out
	}
	return o
}
