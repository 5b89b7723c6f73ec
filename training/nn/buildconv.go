package nn

import "viewfinder/training/kernels"

// convConfig describes a square convolution; zero values stand for the usual.
type convConfig struct {
	out    int
	kernel int
	stride int    // 0 = 1
	groups int    // 0 = 1
	fill   filler // of the weight; nil: PyTorch's default
	act    kernels.Activation
	// biasFill is for conv and joinedConv; nil: PyTorch's default.
	biasFill filler
}

func (b *builder) convShape(x node, c convConfig) kernels.ConvShape {
	s := x.Shape()
	shape := kernels.ConvShape{
		N: s[0], H: s[1], W: s[2], C: s[3], K: c.out, KH: c.kernel, KW: c.kernel,
		StrideH: max(c.stride, 1), StrideW: max(c.stride, 1), PadH: c.kernel / 2, PadW: c.kernel / 2, Groups: max(c.groups, 1),
	}
	if b.mode == declaring {
		return shape
	}
	return b.plan.choose(shape)
}

// weight declares the convolution's weight [out][in/groups][kernel][kernel].
func (c convConfig) weight(b *builder, name string, channels int) *parameter {
	perGroup := channels / max(c.groups, 1)
	fill := c.fill
	if fill == nil {
		fill = defaultFill(perGroup * c.kernel * c.kernel)
	}
	return b.parameter(name+".weight", weightRole, fill, c.out, perGroup, c.kernel, c.kernel)
}

// conv adds a convolution with a bias; its padding keeps the size of the map at stride 1.
func (b *builder) conv(x node, name string, c convConfig) node {
	return b.joinedConv(x, []string{name}, []convConfig{c})
}

// joinedConv adds several convolutions of one kernel size on the same map as one: their outputs' channels follow each other.
// Each has parameters of its own, which must be declared one after the other.
func (b *builder) joinedConv(x node, names []string, configs []convConfig) node {
	joint := configs[0]
	joint.out = 0
	channels := x.Shape()[3]
	var weights, biases []*parameter
	for i, c := range configs {
		joint.out += c.out
		weights = append(weights, c.weight(b, names[i], channels))
		fill := c.biasFill
		if fill == nil {
			fill = defaultFill(channels / max(c.groups, 1) * c.kernel * c.kernel)
		}
		biases = append(biases, b.parameter(names[i]+".bias", biasRole, fill, c.out))
	}
	s := b.convShape(x, joint)
	w, bias := b.variable(weights...), b.variable(biases...)
	if b.mode == predicting {
		f := b.sharedFold(s)
		if f == nil {
			f = &foldedConv{shape: s, name: weights[0].name, weight: b.given[w], packed: b.mine(b.device.Allocate(b.device.PackedLen(s)))}
		}
		return b.predictConv(x, f, b.given[bias], kernels.None, nil)
	}
	y := b.apply(convolution(s, convolutionForm{bias: true, inputGradient: b.learns(x)}), x, w, bias)
	l := joint.stage()
	l.Weights, l.Biases = namesOf(weights), namesOf(biases)
	b.record(y, l, x)
	return y
}

// declareAhead declares the parameters of the convNorm with the same arguments that will be added later: a network's order of
// parameters is PyTorch's, its layers' order is that of the computation.
func (b *builder) declareAhead(channels int, convName, normName string, c convConfig) {
	if b.mode != declaring {
		return
	}
	from := len(b.net.parameters)
	c.weight(b, convName, channels)
	b.normParameters(normName, c.out)
	if b.ahead == nil {
		b.ahead = map[string]bool{}
	}
	for _, p := range b.net.parameters[from:] {
		b.ahead[p.name] = true
	}
}

// convNorm adds a convolution without bias, batch norm and the activation c.act; if residual isn't nil, it is added before
// the activation. Where the network evaluates, the norm is folded into the convolution.
func (b *builder) convNorm(x node, convName, normName string, c convConfig, residual node) node {
	s := b.convShape(x, c)
	weight := c.weight(b, convName, s.C)
	norm := b.normParameters(normName, s.K)
	if b.mode != declaring && b.evaluates() {
		return b.folded(x, s, weight, norm, c.act, residual)
	}
	y, statistics, shape := b.convStatistics(x, s, weight, norm, c.act)
	inputs := []node{y, statistics, b.variable(norm.gamma), b.variable(norm.beta)}
	if residual != nil {
		inputs = append(inputs, residual)
	}
	z := b.apply(batchNorm(shape, y.Shape(), residual != nil), inputs...)
	l := c.stage()
	l.Weights, l.Norm = []string{weight.name}, normName
	b.record(z, l, x, residual)
	return z
}

// convNormPool is convNorm without residual followed by max pooling over windows of size x size.
func (b *builder) convNormPool(x node, convName, normName string, c convConfig, size, stride, pad int) node {
	if b.mode == declaring || b.evaluates() {
		y := b.convNorm(x, convName, normName, c, nil)
		z := b.apply(maxPool(poolShape(y, size, stride, pad)), y)
		b.record(z, Stage{Kind: MaxPoolStage, Kernel: size, Stride: stride, Padding: pad}, y)
		return z
	}
	s := b.convShape(x, c)
	weight := c.weight(b, convName, s.C)
	norm := b.normParameters(normName, s.K)
	y, statistics, shape := b.convStatistics(x, s, weight, norm, c.act)
	return b.apply(batchNormPool(shape, poolShape(y, size, stride, pad)), y, statistics, b.variable(norm.gamma), b.variable(norm.beta))
}

// convStatistics adds a convolution and its result's statistics for the batch norm that follows.
func (b *builder) convStatistics(x node, s kernels.ConvShape, weight *parameter, norm normParameters, act kernels.Activation) (y, statistics node, shape kernels.BatchNormShape) {
	w := b.variable(weight)
	y = b.apply(convolution(s, convolutionForm{inputGradient: b.learns(x)}), x, w)
	statistics = b.apply(convolutionStatistics(s), x, w)
	shape = kernels.BatchNormShape{Rows: s.N * s.OutH() * s.OutW(), C: s.K, Eps: normEpsilon, Act: act}
	if b.mode == training {
		b.norms = append(b.norms, normLayer{shape: shape, parameters: norm, statistics: statistics})
	}
	return y, statistics, shape
}
