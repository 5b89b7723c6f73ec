package nn

import (
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// lossOf makes the operation of a loss: prediction and target to a scalar, with the gradient for prediction, which the same kernel
// computes. Losses are computed in float64.
func lossOf(k backend.Kernel, attrs string, prediction, target []int) *operation {
	slot := func(i int) *operation {
		return &operation{
			kind: []string{k.Name(), k.Name() + " gradient"}[i], attrs: attrs, family: k.Name() + " " + attrs, slot: i, slots: 2,
			in: [][]int{prediction, target}, out: [][]int{nil, prediction}[i], kernel: k,
		}
	}
	o := slot(0)
	o.differentiable = []bool{true, false}
	o.gradient = func(in []node, _, dy node) ([]node, error) {
		dx, err := apply(slot(1), in[0], in[1])
		if err == nil {
			dx, err = apply(scaled(prediction), dx, dy)
		}
		return []node{dx, nil}, err
	}
	return o
}

// crossEntropy is the mean softmax cross-entropy of logits [n][classes] with labels [n] (whole numbers; below 0: left out)
// as torch.nn.CrossEntropyLoss: weights [classes] or nil weigh the classes, the mean is over the weights, smoothing moves
// that share of each label evenly to all classes.
func crossEntropy(n, classes int, weights []float32, smoothing float64) *operation {
	k := backend.CrossEntropy{N: n, Classes: classes, Weights: weights, Smoothing: float32(smoothing)}
	return lossOf(k, fmt.Sprint(weights, smoothing), []int{n, classes}, []int{n})
}

// sigmoidCrossEntropy is the mean over all elements of the binary cross-entropy of logits [n][classes] with targets of the
// same shape (0 to 1) as torch.nn.BCEWithLogitsLoss: positive [classes] or nil weighs the classes' positive terms, as its pos_weight.
func sigmoidCrossEntropy(n, classes int, positive []float32) *operation {
	k := backend.SigmoidCrossEntropy{N: n, Classes: classes, Positive: positive}
	return lossOf(k, fmt.Sprint(positive), []int{n, classes}, []int{n, classes})
}

// detectionLoss is kernels.DetectionLoss of a detector's joint map; weights [classes] or nil weigh the heatmaps.
func detectionLoss(m detectionMap, weights []float32) *operation {
	shape := kernels.DetectionShape{N: m.n, H: m.h, W: m.w, Classes: m.classes}
	return lossOf(backend.DetectionLoss{Shape: shape, Weights: weights}, fmt.Sprint(weights), m.output(), m.target())
}

// lossFor is the loss of spec's task for so many images: of logits, or of the detector's map m.
func lossFor(spec Spec, n int, m detectionMap, weights []float32, smoothing float64) *operation {
	switch spec.Task {
	case domain.Classification:
		return crossEntropy(n, spec.Classes, weights, smoothing)
	case domain.Tagging:
		return sigmoidCrossEntropy(n, spec.Classes, weights)
	}
	m.n = n
	return detectionLoss(m, weights)
}
