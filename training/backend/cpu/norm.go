package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func batchNorm(k backend.BatchNorm) kernel {
	s := k.Shape
	return simple(2*s.C, func(c *call) {
		var residual []float32
		if len(c.in) > 4 {
			residual = c.in[4]
		}
		mean, variance := c.stats(1)
		kernels.BatchNormForward(c.pool, s, c.in[0], residual, c.in[2], c.in[3], mean, variance, c.out[0], c.scratch)
	})
}

func batchNormGradient(k backend.BatchNormGradient) kernel {
	s := k.Shape
	n := s.Scratch()
	return simple(n+2*s.C, func(c *call) {
		var y []float32
		if len(c.in) > 5 {
			y = c.in[5]
		}
		mean, variance := c.stats(1)
		params := c.wanted(1, 2*s.C, n)
		kernels.BatchNormBackward(c.pool, s, c.in[0], y, c.in[4], c.in[2], c.in[3], mean, variance,
			c.out[0], c.out[2], params[:s.C], params[s.C:], c.scratch[:n])
	})
}

func batchNormGradientInput(k backend.BatchNormGradientInput) kernel {
	s := k.Shape
	return simple(4*s.C, func(c *call) {
		params := c.in[5]
		kernels.BatchNormBackwardInput(c.pool, norming(s, c, 1), c.in[0], c.in[4], params[:s.C], params[s.C:], c.out[0], c.scratch)
	})
}

func batchNormRunning(k backend.BatchNormRunning) kernel {
	return simple(0, func(c *call) {
		mean, variance := c.stats(0)
		kernels.BatchNormRunning(k.Shape, k.Momentum, mean, variance, c.out[0], c.out[1])
		c.out[2][0]++
	})
}

func batchNormFold(k backend.BatchNormFold) kernel {
	return simple(0, func(c *call) {
		kernels.BatchNormFold(k.Shape, c.in[0], c.in[1], c.in[2], c.in[3], c.out[0], c.out[1])
	})
}

func batchNormMaxPool(k backend.BatchNormMaxPool, op backend.Op) kernel {
	s, pool := k.Norm, k.Pool
	size := pool.OutputLen()
	n := 2 * s.C
	y := spare(op, 0, size)
	return simple(n+y+spare(op, 1, indexLen(pool)), func(c *call) {
		mean, variance := c.stats(1)
		index := c.wanted(1, indexLen(pool), n+y)
		kernels.BatchNormMaxPoolForward(c.pool, s, pool, c.in[0], c.in[2], c.in[3], mean, variance,
			c.wanted(0, size, n), kernels.Bytes(index, size), c.scratch[:n])
	})
}

func batchNormMaxPoolGradient(k backend.BatchNormMaxPoolGradient, op backend.Op) kernel {
	s, pool := k.Norm, k.Pool
	n := kernels.BatchNormMaxPoolScratch(pool)
	dx := spare(op, 0, pool.InputLen())
	return simple(n+dx+spare(op, 1, 2*s.C), func(c *call) {
		mean, variance := c.stats(1)
		params := c.wanted(1, 2*s.C, n+dx)
		kernels.BatchNormMaxPoolBackward(c.pool, s, pool, c.in[0], c.in[4], kernels.Bytes(c.in[5], pool.OutputLen()), c.in[6], c.in[2], c.in[3],
			mean, variance, c.wanted(0, pool.InputLen(), n), params[:s.C], params[s.C:], c.scratch[:n])
	})
}
