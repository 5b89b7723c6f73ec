package cpu

import (
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

func gradientNorm(k backend.GradientNorm, op backend.Op) kernel {
	var lengths []int
	for _, b := range op.In {
		lengths = append(lengths, b.Len)
	}
	return kernel{kernels.GradNormScratch(lengths...), func(c *call) func() {
		params := make([]kernels.Param, len(c.in))
		for i, g := range c.in {
			params[i] = kernels.Param{W: g, G: g}
		}
		set := kernels.NewParamSet(params)
		return func() {
			norm := set.GradNorm(c.pool, c.scratch)
			// 1e-6 is PyTorch's guard against dividing by zero.
			c.out[0][0], c.out[0][1] = float32(norm), float32(min(1, k.Clip/(norm+1e-6)))
		}
	}}
}

// parameters are the parameters of an optimizer's operation: inputs settings, scale, gradients; results weights and memory.
func parameters(c *call, decays, rates []float32) *kernels.ParamSet {
	n := len(decays)
	params := make([]kernels.Param, n)
	for i := range params {
		p := kernels.Param{W: c.out[i], G: c.in[2+i], Decay: decays[i]}
		if rates != nil {
			p.Rate = rates[i]
		}
		if len(c.out) > n {
			p.M = c.out[n+i]
		}
		if len(c.out) > 2*n {
			p.V = c.out[2*n+i]
		}
		params[i] = p
	}
	return kernels.NewParamSet(params)
}

// scale is what gradients are multiplied by, as GradientNorm left it.
func scale(c *call) float32 {
	if c.in[1] == nil {
		return 1
	}
	return c.in[1][1]
}

func sgd(k backend.SGD) kernel {
	return kernel{0, func(c *call) func() {
		set := parameters(c, k.Decays, k.Rates)
		return func() { set.SGD(c.pool, c.in[0][backend.SettingSolver], k.Momentum, k.Nesterov, scale(c)) }
	}}
}

func adam(k backend.Adam) kernel {
	return kernel{0, func(c *call) func() {
		set := parameters(c, k.Decays, k.Rates)
		factors := c.in[0][backend.SettingSolver:][:kernels.AdamFactorsLen]
		return func() { set.Adam(c.pool, factors, k.Decoupled, scale(c)) }
	}}
}

func average() kernel {
	return simple(0, func(c *call) {
		for i, out := range c.out {
			kernels.Average(c.pool, c.in[0][backend.SettingDecay], c.in[1+i], out)
		}
	})
}
