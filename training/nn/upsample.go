package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// upsampleAdd is y = fine + x spread to fine's size by nearest neighbours, the join of a feature pyramid: x [n][h][w][c],
// fine [n][H][W][c] to y of fine's shape. Pixel i of the output's axis comes from pixel floor(i*h/H) of the input's, as in
// PyTorch's interpolate(mode="nearest").
func upsampleAdd(x, fine []int) *operation {
	n, h, w, channels := x[0], x[1], x[2], x[3]
	toH, toW := fine[1], fine[2]
	double := toH == 2*h && toW == 2*w
	rows, columns := nearest(h, toH), nearest(w, toW)
	var current *call // the machine calls an operation at one time only once
	tile := func(i int) {
		image, r := i/toH, i%toH
		from := current.in[0][(image*h+rows[r])*w*channels:][:w*channels]
		for q, v := range columns {
			at := (i*toW + q) * channels
			out := current.outs[0][at:][:channels]
			add := current.in[1][at:][:channels]
			for k, value := range from[v*channels:][:channels] {
				out[k] = add[k] + value
			}
		}
	}
	return &operation{
		kind: "upsampling and sum", in: [][]int{x, fine}, out: fine, overwrites: []int{1},
		run: func(c *call) {
			if double {
				kernels.UpsampleNearest2x(c.pool, n, h, w, channels, c.in[0], c.in[1], c.out())
				return
			}
			current = c
			c.pool.Run(n*toH, tile)
		},
		differentiable: []bool{true, true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(upsampleGradient(x, fine), dy)
			return []node{dx, dy}, err
		},
	}
}

// nearest lists for each of to pixels the one of from pixels that it copies; the scale is a float32, as PyTorch's.
func nearest(from, to int) []int {
	index := make([]int, to)
	scale := float32(from) / float32(to)
	for i := range index {
		index[i] = min(int(float32(i)*scale), from-1)
	}
	return index
}

// upsampleGradient is the gradient by upsampleAdd's x: dy [n][H][W][c] to dx [n][h][w][c], the sum over the pixels that
// copied each.
func upsampleGradient(x, fine []int) *operation {
	n, h, w, channels := x[0], x[1], x[2], x[3]
	toH, toW := fine[1], fine[2]
	double := toH == 2*h && toW == 2*w
	rows, columns := nearest(h, toH), nearest(w, toW)
	var current *call
	tile := func(i int) {
		image, r := i/h, i%h
		out := current.outs[0][i*w*channels:][:w*channels]
		clear(out)
		for above, from := range rows {
			if from != r {
				continue
			}
			for q, v := range columns {
				sum := out[v*channels:][:channels]
				for k, value := range current.in[0][((image*toH+above)*toW+q)*channels:][:channels] {
					sum[k] += value
				}
			}
		}
	}
	return &operation{
		kind: "upsampling gradient", attrs: fmt.Sprint(h, "x", w), in: [][]int{fine}, out: x,
		run: func(c *call) {
			if double {
				kernels.UpsampleNearest2xBackward(c.pool, n, h, w, channels, c.in[0], c.out())
				return
			}
			current = c
			c.pool.Run(n*h, tile)
		},
	}
}
