package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// pictureForm is the picture as the network wants it: x and y [n][h][w][3]. It has no gradient: nothing that learns is before it.
func pictureForm(shape []int, p Picture) *operation {
	s := kernels.PictureShape{N: shape[0], Pixels: shape[1] * shape[2], C: shape[3], Turned: p.Turned, Scale: p.Scale, Shift: p.Shift}
	return &operation{
		kind: "picture", attrs: fmt.Sprint(p), in: [][]int{shape}, out: shape, kernel: backend.Picture{Shape: s},
		differentiable: []bool{false},
	}
}

// turn is each map turned by 180 degrees: x and y [n][h][w][c].
func turn(shape []int) *operation {
	return &operation{
		kind: "turn", in: [][]int{shape}, out: shape,
		kernel:         backend.Picture{Shape: kernels.PictureShape{N: shape[0], Pixels: shape[1] * shape[2], C: shape[3], Turned: true}},
		differentiable: []bool{true},
		gradient: func(_ []node, _, dy node) ([]node, error) {
			dx, err := apply(turn(shape), dy)
			return []node{dx}, err
		},
	}
}

// backboneMaps builds the backbone on the network's picture and returns its maps, upright.
func (b *builder) backboneMaps() []node {
	spec, x := b.net.spec, b.image
	if spec.Picture != (Picture{}) {
		x = b.apply(pictureForm(x.Shape(), spec.Picture), x)
		b.record(x, Stage{Kind: PictureStage, Picture: spec.Picture}, b.image)
	}
	maps := b.net.arch.stages(b, x)
	if spec.Picture.Turned {
		for i, m := range maps {
			if !spec.Task.HasBoxes() && i < len(maps)-1 {
				continue // only the last is used
			}
			maps[i] = b.apply(turn(m.Shape()), m)
			b.record(maps[i], Stage{Kind: PictureStage, Picture: Picture{Turned: true}}, m)
		}
	}
	return maps
}
