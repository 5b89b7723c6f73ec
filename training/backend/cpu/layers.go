package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func linear(k backend.Linear) kernel {
	return simple(0, func(c *call) { kernels.LinearForward(c.pool, k.N, k.In, k.Out, c.in[0], c.in[1], c.in[2], c.out[0]) })
}

func linearGradient(k backend.LinearGradient, op backend.Op) kernel {
	size := k.In * k.Out
	return simple(spare(op, 1, size), func(c *call) {
		kernels.LinearBackward(c.pool, k.N, k.In, k.Out, c.in[0], c.in[1], c.in[2], c.out[0], c.wanted(1, size, 0), c.out[2])
	})
}

// doubles reports whether both axes become twice as long, for which there are kernels of their own.
func doubles(u backend.Upsampling) bool { return u.ToH == 2*u.H && u.ToW == 2*u.W }

func upsampleAdd(k backend.UpsampleAdd) kernel {
	u := k.Upsampling
	if doubles(u) {
		return simple(0, func(c *call) { kernels.UpsampleNearest2x(c.pool, u.N, u.H, u.W, u.C, c.in[0], c.in[1], c.out[0]) })
	}
	return simple(0, func(c *call) {
		kernels.UpsampleNearest(c.pool, u.N, u.H, u.W, u.C, u.ToH, u.ToW, c.in[0], c.in[1], c.out[0])
	})
}

func upsampleGradient(k backend.UpsampleGradient) kernel {
	u := k.Upsampling
	if doubles(u) {
		return simple(0, func(c *call) { kernels.UpsampleNearest2xBackward(c.pool, u.N, u.H, u.W, u.C, c.in[0], c.out[0]) })
	}
	return simple(0, func(c *call) {
		kernels.UpsampleNearestBackward(c.pool, u.N, u.H, u.W, u.C, u.ToH, u.ToW, c.in[0], c.out[0])
	})
}

func pictureOf(k backend.Picture) kernel {
	return simple(0, func(c *call) { kernels.Picture(c.pool, k.Shape, c.in[0], c.out[0]) })
}

func concat(k backend.Concat) kernel {
	return simple(0, func(c *call) { kernels.ConcatChannels(c.pool, k.Rows, k.CA, k.CB, c.in[0], c.in[1], c.out[0]) })
}

func split(k backend.Split, op backend.Op) kernel {
	na, nb := k.Rows*k.CA, k.Rows*k.CB
	a := spare(op, 0, na)
	return simple(a+spare(op, 1, nb), func(c *call) {
		kernels.SplitChannels(c.pool, k.Rows, k.CA, k.CB, c.in[0], c.wanted(0, na, 0), c.wanted(1, nb, a))
	})
}

func dropout(k backend.Dropout) kernel {
	return simple(0, func(c *call) {
		// An odd multiple of the step keeps the seeds of different steps apart.
		seed := k.Seed + uint64(c.in[1][0])*0xd1342543de82ef95
		kernels.Dropout(c.pool, k.Rate, seed, c.in[0], c.out[0])
	})
}
