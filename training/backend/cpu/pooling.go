package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// indexLen is the number of float32 that hold an index of one byte a result.
func indexLen(s kernels.PoolShape) int { return (s.OutputLen() + 3) / 4 }

func maxPool(k backend.MaxPool, op backend.Op) kernel {
	s := k.Shape
	y := spare(op, 0, s.OutputLen())
	return simple(y+spare(op, 1, indexLen(s)), func(c *call) {
		index := c.wanted(1, indexLen(s), y)
		kernels.MaxPoolForward(c.pool, s, c.in[0], c.wanted(0, s.OutputLen(), 0), kernels.Bytes(index, s.OutputLen()))
	})
}

func maxPoolGradient(k backend.MaxPoolGradient) kernel {
	s := k.Shape
	return simple(0, func(c *call) {
		kernels.MaxPoolBackward(c.pool, s, c.in[0], kernels.Bytes(c.in[1], s.OutputLen()), c.out[0])
	})
}

func averagePool(k backend.AveragePool) kernel {
	return simple(0, func(c *call) { kernels.AvgPoolForward(c.pool, k.Shape, c.in[0], c.out[0]) })
}

func averagePoolBack(k backend.AveragePoolBack) kernel {
	return simple(0, func(c *call) { kernels.AvgPoolBackward(c.pool, k.Shape, c.in[0], c.out[0]) })
}

func globalAverage(k backend.GlobalAverage) kernel {
	return simple(0, func(c *call) { kernels.GlobalAvgPoolForward(c.pool, k.N, k.Pixels, k.C, c.in[0], c.out[0]) })
}

func globalAverageBack(k backend.GlobalAverageBack) kernel {
	return simple(0, func(c *call) { kernels.GlobalAvgPoolBackward(c.pool, k.N, k.Pixels, k.C, c.in[0], c.out[0]) })
}

func mapStatistics(k backend.MapStatistics) kernel {
	return simple(k.Shape.Scratch(), func(c *call) { kernels.MapStatistics(c.pool, k.Shape, c.in[0], c.out[0], c.scratch) })
}

func mapStatisticsBack(k backend.MapStatisticsBack) kernel {
	return simple(k.Shape.Scratch(), func(c *call) {
		kernels.MapStatisticsBackward(c.pool, k.Shape, c.in[0], c.in[1], c.in[2], c.out[0], c.scratch)
	})
}
