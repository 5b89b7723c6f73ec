package nn

import (
	"fmt"
	"math"

	"viewfinder/training/kernels"
)

// A detector's joint map is [n][h][w][classes+4]: logits of the heatmap of each class, then two values of which softplus is
// the box's width and height in cells, then the offset of the box's centre from the cell's upper left corner, in cells.
// Its target is [n][h][w][classes+6]: the heatmaps (0 to 1, exactly 1 at centres), width, height, the two offsets, then what
// the cell counts in its box, 1 at the centre, and 1 over the sum of that over the box; both are 0 where no box is.
const (
	boxValues    = 4 // of a cell of the map besides the heatmaps
	targetValues = 6 // of a cell of the target besides the heatmaps

	heatFloor = 1e-4 // scores are kept so far from 0 and 1, where the logarithm is steep
	boxFloor  = 1e-3 // cells that count less in their box learn nothing of it
	boxWeight = 2.0  // of the boxes' loss beside the heatmaps'
)

// detectionMap is the shape of what a detector computes and of what it should have.
type detectionMap struct{ n, h, w, classes int }

func (m detectionMap) output() []int { return []int{m.n, m.h, m.w, m.classes + boxValues} }
func (m detectionMap) target() []int { return []int{m.n, m.h, m.w, m.classes + targetValues} }

// detectionLoss is the penalty-reduced focal loss of CenterNet's heatmaps (Zhou, Wang, Krähenbühl, "Objects as Points", 2019;
// exponents 2 and 4 of Law and Deng, "CornerNet", 2018), plus boxWeight times the generalized intersection over union's loss
// of the boxes (boxLoss), which every cell near a centre learns, weighted by the Gaussian around it (Liu et al.,
// "Training-Time-Friendly Network for Real-Time Object Detection", 2020), each box with the sum 1; all divided by the number
// of boxes in the batch. weights [classes] or nil weigh the heatmaps.
//
// Value and gradient need the same exponentials and logarithms of every cell, so whichever operation a step runs first works out both
// and leaves the other its part.
func detectionLoss(m detectionMap, weights []float32) *operation {
	l := newDetectionLoss(m, weights)
	kept := make([]float32, m.n*m.h*m.w*(m.classes+boxValues))
	var value float64
	var hasValue, hasGradient bool
	return lossOf("detection loss", fmt.Sprint(weights), m.output(), m.target(), 0, func(c *call, gradient []float32) float64 {
		switch {
		case gradient == nil && hasValue:
			hasValue = false
		case gradient == nil:
			value, hasGradient = l.compute(c.pool, m.n, c.in[0], c.in[1], kept), true
		case hasGradient:
			copy(gradient, kept)
			hasGradient = false
		default:
			value, hasValue = l.compute(c.pool, m.n, c.in[0], c.in[1], gradient), true
		}
		return value
	})
}

// detectionLossState is what detectionLoss needs between its tiles; a tile is one row of one image's map.
type detectionLossState struct {
	m                        detectionMap
	weights                  []float32
	output, target, gradient []float32
	boxes                    float64   // in the batch, at least 1
	sums                     []float64 // of each tile
	countTile, lossTile      func(tile int)
}

func newDetectionLoss(m detectionMap, weights []float32) *detectionLossState {
	l := &detectionLossState{m: m, weights: weights, sums: make([]float64, m.n*m.h)}
	l.countTile, l.lossTile = l.count, l.loss
	return l
}

// compute is the loss of the first n images; gradient, if not nil, gets the map's.
func (l *detectionLossState) compute(pool *kernels.Pool, n int, output, target, gradient []float32) float64 {
	l.output, l.target, l.gradient = output, target, gradient
	rows := n * l.m.h
	pool.Run(rows, l.countTile)
	l.boxes = max(1, l.total(rows))
	pool.Run(rows, l.lossTile)
	return l.total(rows) / l.boxes
}

// total adds the tiles' sums in order.
func (l *detectionLossState) total(rows int) float64 {
	sum := 0.0
	for _, v := range l.sums[:rows] {
		sum += v
	}
	return sum
}

func (l *detectionLossState) count(tile int) {
	size := l.m.classes + targetValues
	sum := 0.0
	for cell := tile * l.m.w; cell < (tile+1)*l.m.w; cell++ {
		if l.target[cell*size+l.m.classes+4] == 1 {
			sum++
		}
	}
	l.sums[tile] = sum
}

func (l *detectionLossState) loss(tile int) {
	classes := l.m.classes
	sum := 0.0
	for cell := tile * l.m.w; cell < (tile+1)*l.m.w; cell++ {
		out := l.output[cell*(classes+boxValues):][:classes+boxValues]
		want := l.target[cell*(classes+targetValues):][:classes+targetValues]
		var gradient []float32
		if l.gradient != nil {
			gradient = l.gradient[cell*len(out):][:len(out)]
			clear(gradient)
		}
		for k := range classes {
			value, slope := focal(float64(out[k]), float64(want[k]))
			if l.weights != nil {
				value *= float64(l.weights[k])
				slope *= float64(l.weights[k])
			}
			sum += value
			if gradient != nil {
				gradient[k] = float32(slope / l.boxes)
			}
		}
		want = want[classes:]
		if want[4] == 0 {
			continue
		}
		weight := boxWeight * float64(want[4]) * float64(want[5])
		value, slopes := boxLoss([boxValues]float32(out[classes:]), [boxValues]float32(want))
		sum += weight * value
		if gradient != nil {
			for k, slope := range slopes {
				gradient[classes+k] = float32(weight * slope / l.boxes)
			}
		}
	}
	l.sums[tile] = sum
}

// focal is one element of the penalty-reduced focal loss and its derivative by the logit x, where the heatmap should be t.
func focal(x, t float64) (value, slope float64) {
	p := sigmoid(x)
	q := min(max(p, heatFloor), 1-heatFloor)
	inner := p * (1 - p)
	if q != p && p == p {
		inner = 0
	}
	if t == 1 {
		log := math.Log(q)
		return -(1 - q) * (1 - q) * log, (2*(1-q)*log - (1-q)*(1-q)/q) * inner
	}
	reduced := (1 - t) * (1 - t) * (1 - t) * (1 - t)
	log := math.Log(1 - q)
	return -reduced * q * q * log, reduced * (-2*q*log + q*q/(1-q)) * inner
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }
