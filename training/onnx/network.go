package onnx

import (
	"fmt"
	"math"

	"viewfinder/training/nn"
)

// network adds spec's layers on the input [n][3][height][width] and returns what the last one computes.
func (g *graph) network(m Model, input string) (string, error) {
	layers, err := nn.Stages(m.Spec)
	if err != nil {
		return "", err
	}
	results := make([]string, len(layers))
	for i, l := range layers {
		in := make([]string, len(l.Inputs))
		for k, at := range l.Inputs {
			if in[k] = input; at != nn.ImageInput {
				in[k] = results[at]
			}
		}
		if results[i], err = g.layer(m, l, in); err != nil {
			return "", err
		}
	}
	return results[len(results)-1], nil
}

func (g *graph) layer(m Model, l nn.Stage, in []string) (string, error) {
	switch l.Kind {
	case nn.ConvStage:
		return g.convolution(m, l, in)
	case nn.MaxPoolStage:
		return g.op("MaxPool", in, square("kernel_shape", l.Kernel), square("strides", l.Stride), padding(l.Padding)), nil
	case nn.PictureStage:
		return g.pictureForm(l.Picture, in[0]), nil
	case nn.MeanStage:
		return g.op("ReduceMean", in, attribute{"axes", []int64{2, 3}}, attribute{"keepdims", int64(0)}), nil
	case nn.StatisticsStage:
		return g.statistics(l, in[0]), nil
	case nn.ConcatStage:
		return g.concat(1, in...), nil
	case nn.UpsampleAddStage:
		batch := g.slice(g.op("Shape", []string{in[0]}), 0, 0, 2)
		sizes := g.concat(0, batch, g.ints(int64(l.Height), int64(l.Width)))
		spread := g.op("Resize", []string{in[0], "", "", sizes},
			attribute{"mode", "nearest"}, attribute{"coordinate_transformation_mode", "asymmetric"}, attribute{"nearest_mode", "floor"})
		return g.add(spread, in[1]), nil
	case nn.LinearStage:
		w, err := m.joined(l.Weights)
		if err != nil {
			return "", err
		}
		b, err := m.joined(l.Biases)
		if err != nil {
			return "", err
		}
		return g.op("Gemm", []string{in[0], g.weights(m.Precision, w), g.plain(b)}, attribute{"transB", int64(1)}), nil
	}
	return "", fmt.Errorf("layers of the kind %q are not written as ONNX", l.Kind)
}

// statistics adds those of each map, as nn.StatisticsStage describes them: with z the maps less their means, covariances are z times z transposed.
func (g *graph) statistics(l nn.Stage, x string) string {
	c := int64(l.Inner)
	flat := g.reshape(x, 0, c, -1)
	mean := func(x string) string {
		return g.op("ReduceMean", []string{x}, attribute{"axes", []int64{2}}, attribute{"keepdims", int64(1)})
	}
	m := mean(flat)
	z := g.sub(flat, m)
	deviation := g.op("Sqrt", []string{g.add(mean(g.mul(z, z)), g.float(nn.StatisticsEpsilon))})
	parts := []string{g.reshape(m, 0, c), g.reshape(deviation, 0, c)}
	if l.Pairs {
		unit := g.div(z, deviation)
		pixels := g.cast(g.slice(g.op("Shape", []string{unit}), 0, 2, 3), typeFloat)
		related := g.div(g.op("MatMul", []string{unit, g.transpose(unit, 0, 2, 1)}), pixels)
		var pairs []int64
		for i := range c {
			for k := range i {
				pairs = append(pairs, i*c+k)
			}
		}
		parts = append(parts, g.op("Gather", []string{g.reshape(related, 0, c*c), g.ints(pairs...)}, attribute{"axis", int64(1)}))
	}
	return g.concat(1, parts...)
}

// pictureForm turns maps by 180 degrees, and scales and shifts the channels of a picture.
func (g *graph) pictureForm(p nn.Picture, x string) string {
	if p.Turned {
		x = g.op("Slice", []string{x, g.ints(-1, -1), g.ints(math.MinInt64, math.MinInt64), g.ints(2, 3), g.ints(-1, -1)})
	}
	if p.Scale != ([3]float32{}) {
		shape := []int{1, 3, 1, 1}
		x = g.add(g.mul(x, g.floats(shape, p.Scale[:]...)), g.floats(shape, p.Shift[:]...))
	}
	return x
}

func square(name string, n int) attribute { return attribute{name, []int64{int64(n), int64(n)}} }

func padding(n int) attribute {
	p := int64(n)
	return attribute{"pads", []int64{p, p, p, p}}
}

// convolution adds one with its batch norm folded in, the sum with a second input, and the activation.
func (g *graph) convolution(m Model, l nn.Stage, in []string) (string, error) {
	w, err := m.joined(l.Weights)
	if err != nil {
		return "", err
	}
	var b nn.Tensor
	if l.Norm != "" {
		if w, b, err = m.folded(l.Norm, w); err != nil {
			return "", err
		}
	} else if b, err = m.joined(l.Biases); err != nil {
		return "", err
	}
	y := g.op("Conv", []string{in[0], g.weights(m.Precision, w), g.plain(b)},
		square("kernel_shape", l.Kernel), square("strides", l.Stride), padding(l.Padding), attribute{"group", int64(l.Group)})
	if len(in) > 1 {
		y = g.add(y, in[1])
	}
	switch l.Activation {
	case "none":
		return y, nil
	case "relu":
		return g.op("Relu", []string{y}), nil
	case "relu6":
		return g.clip(y, 0, 6), nil
	}
	return "", fmt.Errorf("the activation %q is not written as ONNX", l.Activation)
}

// joined is one tensor, or several that follow one another along the first axis.
func (m Model) joined(names []string) (nn.Tensor, error) {
	var all nn.Tensor
	for i, name := range names {
		t, ok := m.State[name]
		if !ok || len(t.Data) != t.Elements() || len(t.Shape) == 0 {
			return all, fmt.Errorf("the network has no tensor %q, or not all of it", name)
		}
		if i == 0 {
			all = nn.Tensor{Name: name, Shape: append([]int(nil), t.Shape...), Data: append([]float32(nil), t.Data...)}
			continue
		}
		all.Name += "+" + name
		all.Shape[0] += t.Shape[0]
		all.Data = append(all.Data, t.Data...)
	}
	return all, nil
}

// folded is the weight and bias of a convolution that computes the batch norm, too.
func (m Model) folded(norm string, w nn.Tensor) (weight, bias nn.Tensor, err error) {
	var parts [4]nn.Tensor
	for i, name := range []string{".weight", ".bias", ".running_mean", ".running_var"} {
		if parts[i], err = m.joined([]string{norm + name}); err != nil {
			return weight, bias, err
		}
		if len(parts[i].Data) != w.Shape[0] {
			return weight, bias, fmt.Errorf("the tensor %q has %d values where there are %d channels", norm+name, len(parts[i].Data), w.Shape[0])
		}
	}
	gamma, beta, mean, variance := parts[0].Data, parts[1].Data, parts[2].Data, parts[3].Data
	weight = w
	bias = nn.Tensor{Name: norm + ".folded_bias", Shape: []int{w.Shape[0]}, Data: make([]float32, w.Shape[0])}
	each := len(w.Data) / w.Shape[0]
	for c := range w.Shape[0] {
		scale := float64(gamma[c]) / math.Sqrt(float64(variance[c])+nn.NormEpsilon)
		for i := c * each; i < (c+1)*each; i++ {
			weight.Data[i] = float32(float64(w.Data[i]) * scale)
		}
		bias.Data[c] = float32(float64(beta[c]) - float64(mean[c])*scale)
	}
	return weight, bias, nil
}

// plain writes a tensor as it is.
func (g *graph) plain(t nn.Tensor) string {
	return g.initializer(t.Name, typeFloat, t.Shape, rawFloats(t.Data))
}
