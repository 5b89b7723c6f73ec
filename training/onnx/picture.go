package onnx

import "viewfinder/training/data"

// placed is a picture made into the network's input.
type placed struct {
	tensor string // [1][3][height][width], normalised
	// Where the picture lies in the frame, pixels, as floats without axes; "" where it fills it.
	x, y, width, height string
}

// picture adds what leads from bytes [height][width][3] of any size to the network's input: package picture's Resize or Letterbox and data.Normalise.
func (g *graph) picture(image string, m Model) placed {
	size := g.op("Shape", []string{image})
	dim := func(axis int64) string {
		return g.cast(g.op("Gather", []string{size, g.scalarInt(axis)}), typeFloat)
	}
	height, width := dim(0), dim(1)
	var p placed
	toHeight, toWidth := g.float(float32(m.Spec.Height)), g.float(float32(m.Spec.Width))
	if m.Pad {
		scale := g.op("Min", []string{g.div(toWidth, width), g.div(toHeight, height)})
		inner := func(side, frame string) string {
			rounded := g.op("Max", []string{g.round(g.mul(side, scale)), g.float(1)})
			return g.op("Min", []string{rounded, frame})
		}
		half := func(frame, inner string) string {
			return g.op("Floor", []string{g.mul(g.sub(frame, inner), g.float(0.5))})
		}
		p.width, p.height = inner(width, toWidth), inner(height, toHeight)
		p.x, p.y = half(toWidth, p.width), half(toHeight, p.height)
	}
	innerHeight, innerWidth := toHeight, toWidth
	if m.Pad {
		innerHeight, innerWidth = p.height, p.width
	}
	planes := g.transpose(g.cast(image, typeFloat), 2, 0, 1)
	// Rows first, then columns, and whole levels between them, as PIL does.
	rows := g.round(g.op("MatMul", []string{planes, g.transpose(g.triangle(width, innerWidth), 1, 0)}))
	planes = g.round(g.op("MatMul", []string{g.triangle(height, innerHeight), rows}))
	if m.Pad {
		whole := func(v string) string { return g.reshape(g.cast(v, typeInt64), 1) }
		zero := g.ints(0)
		right := g.sub(g.sub(toWidth, p.width), p.x)
		bottom := g.sub(g.sub(toHeight, p.height), p.y)
		pads := g.concat(0, zero, whole(p.y), whole(p.x), zero, whole(bottom), whole(right))
		planes = g.op("Pad", []string{planes, pads, g.float(0)})
	}
	var factor, shift []float32
	for c := range 3 {
		factor = append(factor, 1/(255*data.Deviation[c]))
		shift = append(shift, -data.Mean[c]/data.Deviation[c])
	}
	planes = g.add(g.mul(planes, g.floats([]int{3, 1, 1}, factor...)), g.floats([]int{3, 1, 1}, shift...))
	p.tensor = g.reshape(planes, 1, 3, int64(m.Spec.Height), int64(m.Spec.Width))
	return p
}

// triangle adds the matrix [to][from] that resizes one axis by the triangle filter whose support grows with the scale when shrinking (PIL's BILINEAR).
// from and to are floats without axes.
func (g *graph) triangle(from, to string) string {
	scale := g.div(from, to)
	support := g.op("Max", []string{scale, g.float(1)})
	steps := func(n string) string { return g.op("Range", []string{g.float(0), n, g.float(1)}) }
	centre := g.mul(g.add(steps(to), g.float(0.5)), scale)
	pixel := g.add(steps(from), g.float(0.5))
	distance := g.op("Abs", []string{g.sub(g.unsqueeze(pixel, 0), g.unsqueeze(centre, 1))})
	weight := g.op("Max", []string{g.sub(g.float(1), g.div(distance, support)), g.float(0)})
	sum := g.op("ReduceSum", []string{weight, g.ints(1)}, attribute{"keepdims", int64(1)})
	return g.div(weight, sum)
}
