package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// loss is a kernel that writes the loss, if that is wanted, and the gradient, if that is.
func loss(scratch int, compute func(c *call, gradient []float32) float64) kernel {
	return simple(scratch, func(c *call) {
		value := compute(c, c.out[1])
		if c.out[0] != nil {
			c.out[0][0] = float32(value)
		}
	})
}

func crossEntropy(k backend.CrossEntropy) kernel {
	return loss(k.N, func(c *call, gradient []float32) float64 {
		labels := kernels.Ints(c.scratch[:k.N])
		for i, v := range c.in[1] {
			labels[i] = int32(v)
		}
		return kernels.SoftmaxCrossEntropy(k.N, k.Classes, c.in[0], labels, k.Weights, k.Smoothing, gradient)
	})
}

func sigmoidCrossEntropy(k backend.SigmoidCrossEntropy) kernel {
	return loss(0, func(c *call, gradient []float32) float64 {
		return kernels.SigmoidBCE(k.N, k.Classes, c.in[0], c.in[1], k.Positive, nil, gradient)
	})
}

func distance(k backend.Distance) kernel {
	return loss(k.Shape.Scratch(), func(c *call, gradient []float32) float64 {
		return kernels.Distance(c.pool, k.Shape, c.in[0], c.in[1], gradient, c.scratch)
	})
}

func detectionLoss(k backend.DetectionLoss) kernel {
	return loss(k.Shape.Scratch(), func(c *call, gradient []float32) float64 {
		return kernels.DetectionLoss(c.pool, k.Shape, k.Weights, c.in[0], c.in[1], gradient, c.scratch)
	})
}
