package nn

import (
	"fmt"

	"viewfinder/training/backend"
)

// upsampleAdd is y = fine + x spread to fine's size by nearest neighbours, the join of a feature pyramid: x [n][h][w][c],
// fine [n][H][W][c] to y of fine's shape. Pixel i of the output's axis comes from pixel floor(i*h/H) of the input's, as in
// PyTorch's interpolate(mode="nearest").
func upsampleAdd(x, fine []int) *operation {
	return &operation{
		kind: "upsampling and sum", in: [][]int{x, fine}, out: fine, overwrites: []int{1},
		kernel:         backend.UpsampleAdd{Upsampling: upsampling(x, fine)},
		differentiable: []bool{true, true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(upsampleGradient(x, fine), dy)
			return []node{dx, dy}, err
		},
	}
}

// upsampleGradient is the gradient by upsampleAdd's x: dy [n][H][W][c] to dx [n][h][w][c], the sum over the pixels that
// copied each.
func upsampleGradient(x, fine []int) *operation {
	return &operation{
		kind: "upsampling gradient", attrs: fmt.Sprint(x[1], "x", x[2]), in: [][]int{fine}, out: x,
		kernel: backend.UpsampleGradient{Upsampling: upsampling(x, fine)},
	}
}

func upsampling(x, fine []int) backend.Upsampling {
	return backend.Upsampling{N: x[0], H: x[1], W: x[2], C: x[3], ToH: fine[1], ToW: fine[2]}
}
