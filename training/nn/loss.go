package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// lossOf makes the operation of a loss: prediction and target to a scalar, with the gradient for prediction. compute writes
// the gradient, if asked for, and returns the loss. Losses are computed in float64.
func lossOf(kind, attrs string, prediction, target []int, scratch int, compute func(c *call, gradient []float32) float64) *operation {
	return &operation{
		kind: kind, attrs: attrs, in: [][]int{prediction, target}, scratch: scratch,
		run:            func(c *call) { c.out()[0] = float32(compute(c, nil)) },
		differentiable: []bool{true, false},
		gradient: func(in []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: kind + " gradient", attrs: attrs, in: [][]int{prediction, target, nil}, out: prediction, scratch: scratch,
				run: func(c *call) {
					compute(c, c.out())
					if factor := c.in[2][0]; factor != 1 {
						kernels.Scale(c.pool, factor, c.out(), c.out())
					}
				},
			}, in[0], in[1], dy)
			return []node{dx, nil}, err
		},
	}
}

// crossEntropy is the mean softmax cross-entropy of logits [n][classes] with labels [n] (whole numbers; below 0: left out)
// as torch.nn.CrossEntropyLoss: weights [classes] or nil weigh the classes, the mean is over the weights, smoothing moves
// that share of each label to all classes alike.
func crossEntropy(n, classes int, weights []float32, smoothing float64) *operation {
	labels := make([]int32, n)
	return lossOf("cross-entropy", fmt.Sprint(weights, smoothing), []int{n, classes}, []int{n}, 0, func(c *call, gradient []float32) float64 {
		for i, v := range c.in[1] {
			labels[i] = int32(v)
		}
		return kernels.SoftmaxCrossEntropy(n, classes, c.in[0], labels, weights, float32(smoothing), gradient)
	})
}

// sigmoidCrossEntropy is the mean over all elements of the binary cross-entropy of logits [n][classes] with targets of the
// same shape (0 to 1) as torch.nn.BCEWithLogitsLoss: positive [classes] or nil weighs the classes' positive terms, as its pos_weight.
func sigmoidCrossEntropy(n, classes int, positive []float32) *operation {
	return lossOf("sigmoid cross-entropy", fmt.Sprint(positive), []int{n, classes}, []int{n, classes}, 0, func(c *call, gradient []float32) float64 {
		return kernels.SigmoidBCE(n, classes, c.in[0], c.in[1], positive, nil, gradient)
	})
}
