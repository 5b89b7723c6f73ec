package onnx

import "viewfinder/training/nn"

// found is a detector's boxes, most confident first.
type found struct {
	boxes  string // [found][4]: xmin, ymin, xmax, ymax in fractions of the frame
	scores string // [found]
	labels string // [found], int64
	images string // [found], int64: the place in the batch
}

// decoded adds what nn's decoder does to the joint map [n][classes+4][h][w]: the local maxima of each class's heatmap in 3x3 windows, the boxes
// at these cells, and non-maximum suppression within each class.
func (g *graph) decoded(spec nn.Spec, joint string, h, w int) found {
	classes := int64(spec.Classes)
	heat := g.slice(joint, 1, 0, classes)
	top := g.op("MaxPool", []string{heat}, square("kernel_shape", 3), square("strides", 1), padding(1))
	peak := g.op("Equal", []string{heat, top})
	score := g.op("Where", []string{peak, g.op("Sigmoid", []string{heat}), g.float(0)})

	size := g.op("Softplus", []string{g.slice(joint, 1, classes, classes+2)})
	offset := g.slice(joint, 1, classes+2, classes+4)
	columns, rows := make([]float32, w), make([]float32, h)
	for i := range columns {
		columns[i] = float32(i)
	}
	for i := range rows {
		rows[i] = float32(i)
	}
	edges := func(axis int64, cells int, grid string) (lo, hi string) {
		centre := g.add(g.slice(offset, 1, axis, axis+1), grid)
		half := g.mul(g.slice(size, 1, axis, axis+1), g.float(0.5))
		share := g.float(1 / float32(cells))
		return g.clip(g.mul(g.sub(centre, half), share), 0, 1), g.clip(g.mul(g.add(centre, half), share), 0, 1)
	}
	xmin, xmax := edges(0, w, g.floats([]int{1, 1, 1, w}, columns...))
	ymin, ymax := edges(1, h, g.floats([]int{1, 1, h, 1}, rows...))
	inside := g.op("And", []string{g.op("Greater", []string{xmax, xmin}), g.op("Greater", []string{ymax, ymin})})
	score = g.op("Where", []string{inside, score, g.float(0)})

	cells := int64(h * w)
	scores := g.reshape(score, 0, 0, cells)
	boxes := g.transpose(g.reshape(g.concat(1, xmin, ymin, xmax, ymax), 0, 4, cells), 0, 2, 1)
	// The overlap of two boxes is the same with x and y exchanged, so they can stay in this order.
	picked := g.op("NonMaxSuppression", []string{boxes, scores, g.ints(nn.MaxFound), g.floats([]int{1}, nn.Overlap), g.floats([]int{1}, nn.ScoreFloor)})
	f := found{scores: g.op("GatherND", []string{scores, picked})}
	column := func(i int64) string {
		return g.op("Gather", []string{picked, g.scalarInt(i)}, attribute{"axis", int64(1)})
	}
	f.images, f.labels = column(0), column(1)
	f.boxes = g.op("GatherND", []string{boxes, g.op("Gather", []string{picked, g.ints(0, 2)}, attribute{"axis", int64(1)})})
	return g.sorted(f)
}

// sorted puts the most confident boxes first.
func (g *graph) sorted(f found) found {
	values, order := "sorted_scores", "sorted_order"
	g.node("TopK", []string{f.scores, g.op("Shape", []string{f.scores})}, []string{values, order})
	pick := func(x string) string { return g.op("Gather", []string{x, order}) }
	return found{boxes: pick(f.boxes), scores: values, labels: pick(f.labels), images: pick(f.images)}
}

// toPicture leads the boxes of one picture from the frame to the picture, leaves out what lies on the padding, and keeps the first nn.MaxFound.
func (g *graph) toPicture(f found, p placed, spec nn.Spec) found {
	first := func(x string) string { return g.slice(x, 0, 0, nn.MaxFound) }
	f = found{boxes: first(f.boxes), scores: first(f.scores), labels: first(f.labels)}
	if p.x == "" {
		return f
	}
	vector := func(parts ...string) string {
		for i := range parts {
			parts[i] = g.reshape(parts[i], 1)
		}
		return g.concat(0, parts...)
	}
	frame := g.floats([]int{4}, float32(spec.Width), float32(spec.Height), float32(spec.Width), float32(spec.Height))
	boxes := g.div(g.sub(g.mul(f.boxes, frame), vector(p.x, p.y, p.x, p.y)), vector(p.width, p.height, p.width, p.height))
	boxes = g.clip(boxes, 0, 1)
	column := func(i int64) string {
		return g.op("Gather", []string{boxes, g.scalarInt(i)}, attribute{"axis", int64(1)})
	}
	inside := g.op("And", []string{g.op("Greater", []string{column(2), column(0)}), g.op("Greater", []string{column(3), column(1)})})
	keep := func(x string) string { return g.op("Compress", []string{x, inside}, attribute{"axis", int64(0)}) }
	return found{boxes: keep(boxes), scores: keep(f.scores), labels: keep(f.labels)}
}
