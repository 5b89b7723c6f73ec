package kernels

import "math"

// What a cell of a detector's maps holds besides the heatmaps.
const (
	DetectionBoxValues    = 4 // of the output
	DetectionTargetValues = 6 // of the target
)

const (
	heatFloor = 1e-4 // scores are kept so far from 0 and 1, where the logarithm is steep
	boxWeight = 2.0  // of the boxes' loss beside the heatmaps'
)

// DetectionShape is that of a detector's joint map, [N][H][W][Classes+4]: logits of the heatmap of each class, then two values of which
// softplus is the box's width and height in cells, then the offset of the box's centre from the cell's upper left corner, in cells.
// Its target is [N][H][W][Classes+6]: the heatmaps (0 to 1, exactly 1 at centres), width, height, the two offsets, then what the cell
// counts in its box, 1 at the centre, and 1 over the sum of that over the box; both are 0 where no box is.
type DetectionShape struct{ N, H, W, Classes int }

// OutputLen is the number of values of the map.
func (s DetectionShape) OutputLen() int { return s.N * s.H * s.W * (s.Classes + DetectionBoxValues) }

// TargetLen is the number of values of its target.
func (s DetectionShape) TargetLen() int { return s.N * s.H * s.W * (s.Classes + DetectionTargetValues) }

// Scratch is how many floats of scratch DetectionLoss needs.
func (s DetectionShape) Scratch() int { return 2 * s.N * s.H }

// DetectionLoss is the penalty-reduced focal loss of CenterNet's heatmaps (Zhou, Wang, Krähenbühl, "Objects as Points", 2019;
// exponents 2 and 4 of Law and Deng, "CornerNet", 2018), plus boxWeight times the generalized intersection over union's loss
// of the boxes (boxLoss), which every cell near a centre learns, weighted by the Gaussian around it (Liu et al.,
// "Training-Time-Friendly Network for Real-Time Object Detection", 2020), each box with the sum 1; all divided by the number
// of boxes in the batch, at least 1. weights [Classes] or nil weigh the heatmaps. gradient, if not nil, gets the gradient by output.
// scratch at least Scratch floats.
func DetectionLoss(p *Pool, s DetectionShape, weights, output, target, gradient, scratch []float32) float64 {
	if !(len(output) == s.OutputLen() && len(target) == s.TargetLen() && (gradient == nil || len(gradient) == len(output)) && (weights == nil || len(weights) == s.Classes) && len(scratch) >= s.Scratch()) {
		fail("detection loss %+v: lengths output %d, target %d, gradient %d, weights %d, scratch %d", s, len(output), len(target), len(gradient), len(weights), len(scratch))
	}
	j := &p.begin().detection
	defer p.finish()
	j.shape, j.weights, j.output, j.target, j.gradient = s, weights, output, target, gradient
	rows := s.N * s.H
	j.sums = doubles(scratch[:2*rows])
	p.phase(detectionCountRow{j}, rows)
	j.boxes = max(1, j.total())
	p.phase(detectionLossRow{j}, rows)
	return j.total() / j.boxes
}

// detectionJob is the job of DetectionLoss; a tile is one row of one image's map.
type detectionJob struct {
	shape                             DetectionShape
	weights, output, target, gradient []float32
	boxes                             float64   // in the batch, at least 1
	sums                              []float64 // of each tile
}

// total adds the tiles' sums in order.
func (j *detectionJob) total() float64 {
	sum := 0.0
	for _, v := range j.sums {
		sum += v
	}
	return sum
}

type detectionCountRow struct{ *detectionJob }

func (j detectionCountRow) tile(tile int, _ *workspace) {
	size := j.shape.Classes + DetectionTargetValues
	sum := 0.0
	for cell := tile * j.shape.W; cell < (tile+1)*j.shape.W; cell++ {
		if j.target[cell*size+j.shape.Classes+4] == 1 {
			sum++
		}
	}
	j.sums[tile] = sum
}

type detectionLossRow struct{ *detectionJob }

func (j detectionLossRow) tile(tile int, _ *workspace) {
	classes := j.shape.Classes
	sum := 0.0
	for cell := tile * j.shape.W; cell < (tile+1)*j.shape.W; cell++ {
		out := j.output[cell*(classes+DetectionBoxValues):][:classes+DetectionBoxValues]
		want := j.target[cell*(classes+DetectionTargetValues):][:classes+DetectionTargetValues]
		var gradient []float32
		if j.gradient != nil {
			gradient = j.gradient[cell*len(out):][:len(out)]
			clear(gradient)
		}
		for k := range classes {
			value, slope := focal(float64(out[k]), float64(want[k]))
			if j.weights != nil {
				value *= float64(j.weights[k])
				slope *= float64(j.weights[k])
			}
			sum += value
			if gradient != nil {
				gradient[k] = float32(slope / j.boxes)
			}
		}
		want = want[classes:]
		if want[4] == 0 {
			continue
		}
		weight := boxWeight * float64(want[4]) * float64(want[5])
		value, slopes := boxLoss([DetectionBoxValues]float32(out[classes:]), [DetectionBoxValues]float32(want))
		sum += weight * value
		if gradient != nil {
			for k, slope := range slopes {
				gradient[classes+k] = float32(weight * slope / j.boxes)
			}
		}
	}
	j.sums[tile] = sum
}

// focal is one element of the penalty-reduced focal loss and its derivative by the logit x, where the heatmap should be t.
func focal(x, t float64) (value, slope float64) {
	p := Sigmoid(x)
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
