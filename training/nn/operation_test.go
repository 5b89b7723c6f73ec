package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/storage/domain"
	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// gradientCheck is a piece of graph and what it should compute.
type gradientCheck struct {
	shapes [][]int
	// fill, if not nil, makes the values of input i instead of random ones.
	fill func(i int, data []float32, r *rand.Rand)
	// fixed inputs have no gradient.
	fixed     map[int]bool
	build     func(in []node) (node, error)
	reference func(in [][]float64) []float64
}

// probe is the sum of y's elements times weights: it makes a scalar of a result, for gradients. Its inputs are y, weights and a zero.
func probe(shape []int) *operation {
	n := elements(shape)
	return &operation{
		kind: "probe", in: [][]int{shape, {1, n}, {1}}, kernel: backend.Linear{N: 1, In: n, Out: 1},
		differentiable: []bool{true, false, false},
		gradient: func(in []node, _, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "probe gradient", in: [][]int{shape, {1, n}, nil}, out: shape, slots: 3, kernel: backend.LinearGradient{N: 1, In: n, Out: 1},
			}, in[0], in[1], dy)
			return []node{dx, nil, nil}, err
		},
	}
}

// TestOperations holds every operation's result against a plain version in float64, and every gradient that gorgonia derives
// from it against central differences of that version (float64, step 1e-5: exact to some 1e-9). The tolerance is 1e-4 of
// the largest value: float32 sums of up to some hundred terms make 1e-6, the Winograd forms up to 2e-5.
func TestOperations(t *testing.T) {
	for name, c := range gradientChecks() {
		t.Run(name, func(t *testing.T) { c.run(t) })
	}
}

const operationTolerance = 1e-4

func (c gradientCheck) run(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	g := gorgonia.NewGraph()
	var in, wanted []node
	var data [][]float32
	for i, shape := range c.shapes {
		d := make([]float32, elements(shape))
		for k := range d {
			d[k] = float32(r.NormFloat64())
		}
		if c.fill != nil {
			c.fill(i, d, r)
		}
		n := constant(g, fmt.Sprint("input ", i), d, shape...)
		in, data = append(in, n), append(data, d)
		if !c.fixed[i] {
			wanted = append(wanted, n)
		}
	}
	y, err := c.build(in)
	if err != nil {
		t.Fatal(err)
	}
	loss, weights := y, []float32{1}
	if !y.IsScalar() {
		weights = make([]float32, elements(y.Shape()))
		for i := range weights {
			weights[i] = float32(r.NormFloat64())
		}
		if loss, err = apply(probe(y.Shape()), y, constant(g, "weights", weights, 1, len(weights)), constant(g, "zero", []float32{0}, 1)); err != nil {
			t.Fatal(err)
		}
	}
	gradients, err := gorgonia.Grad(loss, wanted...)
	if err != nil {
		t.Fatal(err)
	}
	m, err := newMachine(hostDevice(), append([]node{y, loss}, gradients...), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second run finds what the first left in the memory
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
	}
	exact := make([][]float64, len(data))
	for i, d := range data {
		for _, v := range d {
			exact[i] = append(exact[i], float64(v))
		}
	}
	if e := relative(valueOf(t, m, y), c.reference(exact)); e > operationTolerance {
		t.Errorf("result: relative error %.2g", e)
	}
	at := func() float64 {
		sum := 0.0
		for i, v := range c.reference(exact) {
			sum += v * float64(weights[i])
		}
		return sum
	}
	which := 0
	for i := range c.shapes {
		if c.fixed[i] {
			continue
		}
		got := valueOf(t, m, gradients[which])
		which++
		var numeric, own []float64
		samples := 20
		if testing.Short() {
			samples = 6
		}
		for k := 0; k < len(got); k += 1 + len(got)/samples {
			const step = 1e-5
			was := exact[i][k]
			exact[i][k] = was + step
			up := at()
			exact[i][k] = was - step
			down := at()
			exact[i][k] = was
			numeric, own = append(numeric, (up-down)/(2*step)), append(own, float64(got[k]))
		}
		scale := 0.0
		for _, v := range got {
			scale = max(scale, math.Abs(float64(v)))
		}
		for k := range numeric {
			if e := math.Abs(numeric[k]-own[k]) / max(scale, 1e-3); !(e <= operationTolerance) {
				t.Errorf("gradient of input %d, sample %d: %v, numerically %v", i, k, own[k], numeric[k])
				break
			}
		}
	}
}

// constant is an input of a graph.
func constant(g *gorgonia.ExprGraph, name string, data []float32, shape ...int) node {
	return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name),
		gorgonia.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))))
}

func gradientChecks() map[string]gradientCheck {
	checks := map[string]gradientCheck{}
	addConvolutions(checks)
	addNorms(checks)
	addPoolings(checks)
	addStatistics(checks)
	addElementwise(checks)
	addLosses(checks)
	return checks
}

func conv(n, h, w, c, k, kernel, stride, groups int) kernels.ConvShape {
	return kernels.ConvShape{N: n, H: h, W: w, C: c, K: k, KH: kernel, KW: kernel, StrideH: stride, StrideW: stride, PadH: kernel / 2, PadW: kernel / 2, Groups: groups}
}

func addConvolutions(checks map[string]gradientCheck) {
	for name, s := range map[string]kernels.ConvShape{
		"3x3":             conv(2, 6, 7, 5, 9, 3, 1, 1),
		"3x3 stride 2":    conv(2, 7, 6, 3, 8, 3, 2, 1),
		"1x1":             conv(2, 5, 4, 9, 17, 1, 1, 1),
		"1x1 stride 2":    conv(2, 5, 4, 9, 7, 1, 2, 1),
		"7x7 stride 2":    conv(1, 12, 11, 3, 8, 7, 2, 1),
		"depthwise":       conv(2, 5, 6, 12, 12, 3, 1, 12),
		"depthwise wide":  conv(2, 6, 6, 19, 19, 3, 2, 19),
		"groups":          conv(2, 5, 5, 8, 12, 3, 1, 4),
		"one pixel":       conv(3, 1, 1, 8, 8, 3, 1, 1),
		"3x3 of 64":       conv(1, 8, 8, 64, 32, 3, 1, 1),
		"3x3 odd of many": conv(1, 9, 5, 33, 40, 3, 1, 1),
	} {
		for _, bias := range []bool{false, true} {
			c := gradientCheck{
				shapes: [][]int{convInput(s), convWeight(s)},
				build: func(in []node) (node, error) {
					return apply(convolution(s, convolutionForm{bias: bias, inputGradient: true}), in...)
				},
				reference: func(in [][]float64) []float64 {
					if bias {
						return refConv(s, in[0], in[1], in[2])
					}
					return refConv(s, in[0], in[1], nil)
				},
			}
			if bias {
				c.shapes = append(c.shapes, []int{s.K})
			}
			checks[fmt.Sprintf("convolution %s bias %v", name, bias)] = c
		}
	}
}

// addNorms checks batch norms behind the convolution that their statistics are taken of.
func addNorms(checks map[string]gradientCheck) {
	for _, act := range []kernels.Activation{kernels.None, kernels.ReLU, kernels.ReLU6} {
		for _, residual := range []bool{false, true} {
			s := conv(3, 4, 5, 4, 10, 3, 1, 1)
			shape := kernels.BatchNormShape{Rows: s.N * s.OutH() * s.OutW(), C: s.K, Eps: normEpsilon, Act: act}
			c := gradientCheck{
				shapes: [][]int{convInput(s), convWeight(s), {s.K}, {s.K}},
				fill: func(i int, data []float32, _ *rand.Rand) {
					if i == 2 { // so large a scale that ReLU6 cuts
						for k := range data {
							data[k] *= 4
						}
					}
				},
				build: func(in []node) (node, error) {
					y, stats, err := convAndStatistics(s, in)
					if err != nil {
						return nil, err
					}
					return apply(batchNorm(shape, convOutput(s), residual), append([]node{y, stats}, in[2:]...)...)
				},
				reference: func(in [][]float64) []float64 {
					var add []float64
					if residual {
						add = in[4]
					}
					return refNorm(s.K, act, refConv(s, in[0], in[1], nil), in[2], in[3], add)
				},
			}
			if residual {
				c.shapes = append(c.shapes, convOutput(s))
			}
			checks[fmt.Sprintf("batch norm %s residual %v", act, residual)] = c
		}
		for name, window := range map[string][3]int{"2x2": {2, 2, 0}, "3x3": {3, 2, 1}} {
			s := conv(2, 6, 8, 3, 9, 3, 1, 1)
			shape := kernels.BatchNormShape{Rows: s.N * s.OutH() * s.OutW(), C: s.K, Eps: normEpsilon, Act: act}
			pool := kernels.PoolShape{N: s.N, H: 6, W: 8, C: s.K, KH: window[0], KW: window[0], StrideH: window[1], StrideW: window[1], PadH: window[2], PadW: window[2]}
			checks[fmt.Sprintf("batch norm %s and max pooling %s", act, name)] = gradientCheck{
				shapes: [][]int{convInput(s), convWeight(s), {s.K}, {s.K}},
				build: func(in []node) (node, error) {
					y, stats, err := convAndStatistics(s, in)
					if err != nil {
						return nil, err
					}
					return apply(batchNormPool(shape, pool), y, stats, in[2], in[3])
				},
				reference: func(in [][]float64) []float64 {
					return refMaxPool(pool, refNorm(s.K, act, refConv(s, in[0], in[1], nil), in[2], in[3], nil))
				},
			}
		}
	}
}

func convAndStatistics(s kernels.ConvShape, in []node) (y, stats node, err error) {
	if y, err = apply(convolution(s, convolutionForm{inputGradient: true}), in[0], in[1]); err != nil {
		return nil, nil, err
	}
	stats, err = apply(convolutionStatistics(s), in[0], in[1])
	return y, stats, err
}

func addPoolings(checks map[string]gradientCheck) {
	pool := func(h, w, size, stride, pad int) kernels.PoolShape {
		return kernels.PoolShape{N: 2, H: h, W: w, C: 5, KH: size, KW: size, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
	}
	for name, s := range map[string]kernels.PoolShape{"2x2": pool(6, 4, 2, 2, 0), "3x3": pool(7, 6, 3, 2, 1), "odd": pool(5, 7, 2, 2, 0)} {
		checks["max pooling "+name] = gradientCheck{
			shapes:    [][]int{poolInput(s)},
			build:     func(in []node) (node, error) { return apply(maxPool(s), in...) },
			reference: func(in [][]float64) []float64 { return refMaxPool(s, in[0]) },
		}
		checks["average pooling "+name] = gradientCheck{
			shapes:    [][]int{poolInput(s)},
			build:     func(in []node) (node, error) { return apply(avgPool(s), in...) },
			reference: func(in [][]float64) []float64 { return refAvgPool(s, in[0]) },
		}
	}
	whole := kernels.PoolShape{N: 2, H: 4, W: 3, C: 5, KH: 4, KW: 3, StrideH: 1, StrideW: 1}
	checks["global average pooling"] = gradientCheck{
		shapes:    [][]int{poolInput(whole)},
		build:     func(in []node) (node, error) { return apply(globalAvgPool(poolInput(whole)), in...) },
		reference: func(in [][]float64) []float64 { return refAvgPool(whole, in[0]) },
	}
}

func addStatistics(checks map[string]gradientCheck) {
	shape := []int{2, 5, 4, 3}
	for _, pairs := range []bool{false, true} {
		checks[fmt.Sprint("statistics of maps, pairs ", pairs)] = gradientCheck{
			shapes:    [][]int{shape},
			build:     func(in []node) (node, error) { return apply(mapStatistics(shape, pairs), in...) },
			reference: func(in [][]float64) []float64 { return refStatistics(shape, pairs, in[0]) },
		}
	}
	checks["features of two depths"] = gradientCheck{
		shapes: [][]int{shape, {2, 3, 2, 4}},
		build: func(in []node) (node, error) {
			a, err := apply(mapStatistics(shape, true), in[0])
			if err != nil {
				return nil, err
			}
			b, err := apply(globalAvgPool([]int{2, 3, 2, 4}), in[1])
			if err != nil {
				return nil, err
			}
			return apply(concat(b.Shape(), a.Shape()), b, a)
		},
		reference: func(in [][]float64) []float64 {
			a := refStatistics(shape, true, in[0])
			b := refAvgPool(kernels.PoolShape{N: 2, H: 3, W: 2, C: 4, KH: 3, KW: 2, StrideH: 1, StrideW: 1}, in[1])
			return slices.Concat(b[:4], a[:len(a)/2], b[4:], a[len(a)/2:])
		},
	}
}

func addElementwise(checks map[string]gradientCheck) {
	checks["linear"] = gradientCheck{
		shapes: [][]int{{3, 7}, {4, 7}, {4}},
		build:  func(in []node) (node, error) { return apply(linear(3, 7, 4, true), in...) },
		reference: func(in [][]float64) []float64 {
			return refConv(kernels.ConvShape{N: 3, H: 1, W: 1, C: 7, K: 4, KH: 1, KW: 1, StrideH: 1, StrideW: 1, Groups: 1}, in[0], in[1], in[2])
		},
	}
	// The sum's first input is used twice, so that gorgonia joins its gradients by a "+" of its own.
	checks["sum"] = gradientCheck{
		shapes: [][]int{{2, 3, 4, 5}, {2, 3, 4, 5}},
		build: func(in []node) (node, error) {
			y, err := apply(sum([]int{2, 3, 4, 5}), in...)
			if err != nil {
				return nil, err
			}
			return apply(sum([]int{2, 3, 4, 5}), in[0], y)
		},
		reference: func(in [][]float64) []float64 {
			y := make([]float64, len(in[0]))
			for i := range y {
				y[i] = 2*in[0][i] + in[1][i]
			}
			return y
		},
	}
	for _, act := range []kernels.Activation{kernels.ReLU, kernels.ReLU6} {
		checks["activation "+act.String()] = gradientCheck{
			shapes: [][]int{{2, 30}},
			fill: func(_ int, data []float32, _ *rand.Rand) {
				for i := range data {
					data[i] *= 5
				}
			},
			build: func(in []node) (node, error) { return apply(activation([]int{2, 30}, act), in...) },
			reference: func(in [][]float64) []float64 {
				y := make([]float64, len(in[0]))
				for i, v := range in[0] {
					y[i] = refAct(act, v)
				}
				return y
			},
		}
	}
	checks["turn"] = gradientCheck{
		shapes: [][]int{{2, 3, 2, 5}},
		build:  func(in []node) (node, error) { return apply(turn([]int{2, 3, 2, 5}), in...) },
		reference: func(in [][]float64) []float64 {
			out := make([]float64, len(in[0]))
			for n := range 2 {
				for pixel := range 6 {
					copy(out[(n*6+5-pixel)*5:][:5], in[0][(n*6+pixel)*5:])
				}
			}
			return out
		},
	}
	checks["concatenation"] = gradientCheck{
		shapes: [][]int{{2, 3, 2, 3}, {2, 3, 2, 4}},
		build:  func(in []node) (node, error) { return apply(concat([]int{2, 3, 2, 3}, []int{2, 3, 2, 4}), in...) },
		reference: func(in [][]float64) []float64 {
			var y []float64
			for r := range 12 {
				y = append(append(y, in[0][r*3:r*3+3]...), in[1][r*4:r*4+4]...)
			}
			return y
		},
	}
	for name, shapes := range map[string][][]int{"double": {{2, 3, 2, 5}, {2, 6, 4, 5}}, "odd": {{2, 3, 2, 5}, {2, 5, 3, 5}}, "same": {{1, 2, 3, 4}, {1, 2, 3, 4}}} {
		checks["upsampling "+name] = gradientCheck{
			shapes:    shapes,
			build:     func(in []node) (node, error) { return apply(upsampleAdd(shapes[0], shapes[1]), in...) },
			reference: func(in [][]float64) []float64 { return refUpsampleAdd(shapes[0], shapes[1], in[0], in[1]) },
		}
	}
}

func addLosses(checks map[string]gradientCheck) {
	weights := []float32{1, 0.5, 2}
	for _, smoothing := range []float64{0, 0.1} {
		checks[fmt.Sprint("cross-entropy ", smoothing)] = gradientCheck{
			shapes: [][]int{{4, 3}, {4}}, fixed: map[int]bool{1: true},
			fill: func(i int, data []float32, _ *rand.Rand) {
				if i == 1 {
					copy(data, []float32{0, 1, 2, 1})
				}
			},
			build: func(in []node) (node, error) { return apply(crossEntropy(4, 3, weights, smoothing), in...) },
			reference: func(in [][]float64) []float64 {
				return []float64{refCrossEntropy(3, in[0], in[1], weights, smoothing)}
			},
		}
	}
	checks["sigmoid cross-entropy"] = gradientCheck{
		shapes: [][]int{{4, 3}, {4, 3}}, fixed: map[int]bool{1: true},
		fill: func(i int, data []float32, r *rand.Rand) {
			for k := range data {
				if i == 1 {
					data[k] = float32(r.Float64())
				}
			}
		},
		build: func(in []node) (node, error) { return apply(sigmoidCrossEntropy(4, 3, weights), in...) },
		reference: func(in [][]float64) []float64 {
			loss := 0.0
			for i, x := range in[0] {
				p := 1 / (1 + math.Exp(-x))
				loss -= (float64(weights[i%3])*in[1][i]*math.Log(p) + (1-in[1][i])*math.Log(1-p)) / 12
			}
			return []float64{loss}
		},
	}
	m := detectionMap{n: 2, h: 5, w: 6, classes: 3}
	checks["detection loss"] = gradientCheck{
		shapes: [][]int{m.output(), m.target()}, fixed: map[int]bool{1: true},
		fill: func(i int, data []float32, _ *rand.Rand) {
			if i == 1 {
				boxes := [][]domain.Box32{{{XMin: 0.1, YMin: 0.1, XMax: 0.6, YMax: 0.5, Class: 2}, {XMin: 0.5, YMin: 0.5, XMax: 1, YMax: 1}}, {{XMax: 1, YMax: 1, Class: 1}}}
				if err := fillBoxes(m, boxes, data); err != nil {
					panic(err)
				}
			}
		},
		build:     func(in []node) (node, error) { return apply(detectionLoss(m, weights), in...) },
		reference: func(in [][]float64) []float64 { return []float64{refDetectionLoss(m, in[0], in[1], weights)} },
	}
}

// Dropout keeps the share that its rate sets, scales it, and its gradient passes just where its input did; another step drops others.
func TestDropout(t *testing.T) {
	const rate = 0.3
	shape := []int{4, 500}
	var kept []float64
	for _, step := range []float32{0, 1, 1} {
		o := dropout(shape, rate, 9)
		ones := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(slices.Repeat([]float32{1}, 2000)))
		v, err := o.Do(ones, tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{step})))
		if err != nil {
			t.Fatal(err)
		}
		out := v.Data().([]float32)
		sum := 0.0
		for _, v := range out {
			if v != 0 && math.Abs(float64(v)-1/(1-rate)) > 1e-6 {
				t.Fatalf("a kept element is %v", v)
			}
			sum += float64(v)
		}
		if share := sum * (1 - rate) / 2000; math.Abs(share-(1-rate)) > 0.05 {
			t.Errorf("%v kept", share)
		}
		kept = append(kept, float64(out[0]), float64(out[1]), sum)
	}
	if kept[2] == kept[5] || kept[5] != kept[8] {
		t.Errorf("sums of steps 0, 1, 1: %v, %v, %v", kept[2], kept[5], kept[8])
	}
}
