package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func convolution(k backend.Convolution, op backend.Op) kernel {
	s := k.Shape
	if len(op.Out) < 2 || op.Out[1].None() {
		return simple(s.ForwardScratch(), func(c *call) {
			var bias []float32
			if len(c.in) > 2 {
				bias = c.in[2]
			}
			kernels.ConvForward(c.pool, s, c.in[0], c.in[1], bias, c.out[0], c.scratch)
		})
	}
	n := max(s.ForwardScratch(), s.StatsScratch())
	return simple(n+spare(op, 0, s.OutputLen()), func(c *call) {
		y, stats := c.wanted(0, s.OutputLen(), n), c.out[1]
		kernels.ConvForwardStats(c.pool, s, c.in[0], c.in[1], y, stats[:s.K], stats[s.K:], c.scratch[:n])
	})
}

func convolutionInput(k backend.ConvolutionInput) kernel {
	s := k.Shape
	return simple(s.InputScratch(), func(c *call) {
		kernels.ConvBackwardInput(c.pool, s, c.in[0], c.in[1], c.out[0], c.scratch)
	})
}

func convolutionWeights(k backend.ConvolutionWeights, op backend.Op) kernel {
	s := k.Shape
	n := s.WeightsScratch()
	return simple(n+spare(op, 0, s.WeightLen()), func(c *call) {
		dw := c.wanted(0, s.WeightLen(), n)
		kernels.ConvBackwardWeights(c.pool, s, c.in[0], c.in[1], dw, c.out[1], c.scratch[:n])
	})
}

// norming is a batch norm in the form of the kernels: statistics [2][c], gamma and beta are inputs from the given one on.
func norming(s kernels.BatchNormShape, c *call, from int) kernels.Norming {
	mean, variance := c.stats(from)
	return kernels.Norming{Shape: s, Gamma: c.in[from+1], Beta: c.in[from+2], Mean: mean, Variance: variance}
}

func normedConvolution(k backend.NormedConvolution) kernel {
	s, norm := k.Shape, k.Norm
	return simple(s.NormedForwardScratch(), func(c *call) {
		stats := c.out[1]
		kernels.ConvForwardNormed(c.pool, s, norming(norm, c, 1), c.in[0], c.in[4], c.out[0], stats[:s.K], stats[s.K:], c.scratch)
	})
}

func normedConvolutionGradients(k backend.NormedConvolutionGradients) kernel {
	s, n := k.Shape, k.Shape.NormedBackwardScratch()
	return simple(n+2*s.C, func(c *call) {
		a := kernels.NormedBackward{
			Out: norming(k.After, c, 1), Y: c.in[0], DZ: c.in[4], DGamma: c.in[5][:s.K], DBeta: c.in[5][s.K:],
			W: c.in[6], X: c.in[7], DX: c.out[0], DW: c.out[1],
		}
		if k.Before != nil {
			a.In = norming(*k.Before, c, 8)
			params := c.wanted(2, 2*s.C, n)
			a.InDGamma, a.InDBeta = params[:s.C], params[s.C:]
		}
		kernels.ConvBackwardNormed(c.pool, s, a, c.scratch[:n])
	})
}

func convolutionPrediction(k backend.ConvolutionPrediction) kernel {
	s, act := k.Shape, k.Act
	return simple(0, func(c *call) {
		var residual []float32
		if len(c.in) > 3 {
			residual = c.in[3]
		}
		kernels.ConvPredict(c.pool, s, act, c.in[0], c.in[1], c.in[2], residual, c.out[0])
	})
}

func pack(k backend.Pack) kernel {
	s := k.Shape
	return simple(0, func(c *call) { kernels.PackConv(c.pool, s, c.in[0], c.in[1], c.out[0]) })
}
