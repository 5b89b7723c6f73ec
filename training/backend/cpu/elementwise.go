package cpu

import (
	"unsafe"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func sum() kernel {
	return simple(0, func(c *call) { kernels.Add(c.pool, c.in[0], c.in[1], c.out[0]) })
}

func activate(k backend.Activate) kernel {
	return simple(0, func(c *call) { kernels.ActivationForward(c.pool, k.Act, c.in[0], c.out[0]) })
}

func activateGradient(k backend.ActivateGradient) kernel {
	return simple(0, func(c *call) { kernels.ActivationBackward(c.pool, k.Act, c.in[0], c.in[1], c.out[0]) })
}

func multiply() kernel {
	return simple(0, func(c *call) {
		if factor := c.in[1][0]; factor != 1 || unsafe.SliceData(c.in[0]) != unsafe.SliceData(c.out[0]) {
			kernels.Scale(c.pool, factor, c.in[0], c.out[0])
		}
	})
}

func row(k backend.Row) kernel {
	return simple(0, func(c *call) { copy(c.out[0], c.in[0][k.Index*len(c.out[0]):]) })
}

func copies() kernel {
	return simple(0, func(c *call) {
		for i, out := range c.out {
			copy(out, c.in[i])
		}
	})
}
