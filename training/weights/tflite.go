package weights

import (
	"encoding/binary"
	"math"
	"os"
	"slices"

	"viewfinder/training/float16"
	"viewfinder/training/nn"
)

// Operations and kinds of elements of the TensorFlow Lite schema (schema.fbs, version 3).
const (
	liteAdd            = 0
	litePool           = 1
	liteConv           = 3
	liteDepthwise      = 4
	liteDequantize     = 6
	liteFullyConnected = 9
	liteReshape        = 22
	liteSoftmax        = 25
	litePad            = 34
	liteMean           = 40
	liteQuantize       = 114

	liteFloat32, liteFloat16, liteInt32, liteUint8, liteInt8 = 0, 1, 2, 3, 9

	liteNone, liteReLU6 = 0, 3
)

// liteNeutral are the operations that change no value that matters here.
var liteNeutral = []int{liteAdd, litePool, liteDequantize, liteReshape, liteSoftmax, litePad, liteMean, liteQuantize}

// liteFile is a TensorFlow Lite file whose tables are found.
type liteFile struct {
	flat
	tensors, buffers []int
	plain            map[int]int // what a tensor is the de-quantised form of
}

// readTFLite reads MobileNetV2 out of a .tflite file: weights in int8 (one scale a channel), uint8, float16 or float32, batch norms folded.
func readTFLite(path string) (*Network, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parseTFLite(raw)
}

func parseTFLite(raw []byte) (*Network, error) {
	if len(raw) < 8 || string(raw[4:8]) != "TFL3" {
		return nil, refuse("not a TensorFlow Lite file")
	}
	f := &liteFile{flat: flat{data: raw}, plain: map[int]int{}}
	model := f.u32(0)
	var codes []int
	for _, c := range f.flat.tables(model, 1) {
		codes = append(codes, max(f.small(c, 0), f.number(c, 3, 0)))
	}
	graphs := f.flat.tables(model, 2)
	if f.err == nil && len(graphs) == 0 {
		return nil, refuse("it has no graph")
	}
	if f.err != nil {
		return nil, f.err
	}
	f.tensors, f.buffers = f.flat.tables(graphs[0], 0), f.flat.tables(model, 4)
	n := &Network{Source: "TensorFlow Lite"}
	inputs := f.ints(graphs[0], 1)
	if f.err != nil {
		return nil, f.err
	}
	if len(inputs) != 1 {
		return nil, refuse("it has %d inputs instead of one image", len(inputs))
	}
	if err := f.picture(inputs[0], n); err != nil {
		return nil, err
	}
	tensors, err := f.layers(graphs[0], codes)
	if err != nil {
		return nil, err
	}
	return n, n.fit(tensors)
}

// picture reads what the input is.
func (f *liteFile) picture(input int, n *Network) error {
	if input < 0 || input >= len(f.tensors) {
		return refuse("its input is tensor %d of %d", input, len(f.tensors))
	}
	t := f.tensors[input]
	shape := f.ints(t, 0)
	if len(shape) != 4 {
		return refuse("its input has the shape %v instead of one image's", shape)
	}
	if shape[3] != 3 {
		return refuse("its images have %d channels instead of 3", shape[3])
	}
	if shape[1] == shape[2] && shape[1] > 0 && shape[1] <= nn.MaxSide {
		n.Size = shape[1]
	}
	n.Picture = pictureOf(1/127.5, -1)
	kind := f.small(t, 1)
	scales, zeros := f.quantization(t)
	if kind != liteInt8 && kind != liteUint8 || len(scales) != 1 || len(zeros) != 1 {
		return f.err
	}
	scale, zero := float64(scales[0]), float64(zeros[0])
	if kind == liteInt8 {
		zero += 128
	}
	if !(scale > 0 && scale < 1) {
		return refuse("its input's scale is %v", scale)
	}
	if lo, hi := -zero*scale, (255-zero)*scale; math.Abs(lo+1) > 0.02 || math.Abs(hi-1) > 0.02 { // else it is the usual -1 to 1, rounded
		n.Picture = pictureOf(scale, lo)
	}
	return f.err
}

// quantization is a tensor's scales and zero points.
func (f *liteFile) quantization(tensor int) (scales []float32, zeros []int64) {
	q := f.ref(tensor, 4)
	position, count := f.vector(q, 2, 4)
	for k := range count {
		scales = append(scales, math.Float32frombits(binary.LittleEndian.Uint32(f.at(position+4*k, 4))))
	}
	position, count = f.vector(q, 3, 8)
	for k := range count {
		zeros = append(zeros, int64(binary.LittleEndian.Uint64(f.at(position+8*k, 8))))
	}
	return scales, zeros
}

// values is a constant tensor as float32.
func (f *liteFile) values(index int) (Tensor, error) {
	if from, ok := f.plain[index]; ok {
		index = from
	}
	if index < 0 || index >= len(f.tensors) {
		return Tensor{}, refuse("an operation names tensor %d of %d", index, len(f.tensors))
	}
	t := f.tensors[index]
	shape, kind, buffer := f.ints(t, 0), f.small(t, 1), f.number(t, 2, 0)
	count, ok := elements(shape)
	if !ok || buffer < 0 || buffer >= len(f.buffers) {
		return Tensor{}, refuse("tensor %d has the shape %v and buffer %d", index, shape, buffer)
	}
	raw := f.bytes(f.buffers[buffer], 0)
	width := map[int]int{liteFloat32: 4, liteFloat16: 2, liteInt32: 4, liteUint8: 1, liteInt8: 1}[kind]
	if width == 0 {
		return Tensor{}, refuse("tensor %d has elements of the kind %d, which are not read here", index, kind)
	}
	if f.err != nil {
		return Tensor{}, f.err
	}
	if len(raw) != count*width {
		return Tensor{}, refuse("tensor %d has %d bytes where its shape %v needs %d", index, len(raw), shape, count*width)
	}
	out := Tensor{Shape: shape, Data: make([]float32, count)}
	for i := range out.Data {
		switch kind {
		case liteFloat32:
			out.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
		case liteFloat16:
			out.Data[i] = float16.Value(binary.LittleEndian.Uint16(raw[2*i:]))
		case liteInt32:
			out.Data[i] = float32(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		case liteUint8:
			out.Data[i] = float32(raw[i])
		default:
			out.Data[i] = float32(int8(raw[i]))
		}
	}
	if kind == liteFloat32 || kind == liteFloat16 {
		return out, nil
	}
	return out, f.dequantize(index, kind, raw, out)
}

// dequantize turns a tensor's whole numbers into values.
func (f *liteFile) dequantize(index, kind int, raw []byte, out Tensor) error {
	scales, zeros := f.quantization(f.tensors[index])
	axis := f.number(f.ref(f.tensors[index], 4), 6, 0)
	if f.err != nil {
		return f.err
	}
	if len(scales) == 0 || len(zeros) != len(scales) || axis < 0 || axis >= len(out.Shape) || len(scales) > 1 && len(scales) != out.Shape[axis] {
		return refuse("tensor %d of the shape %v has %d scales and %d zero points", index, out.Shape, len(scales), len(zeros))
	}
	inner := 1
	for _, d := range out.Shape[axis+1:] {
		inner *= d
	}
	for i := range out.Data {
		k := 0
		if len(scales) > 1 {
			k = i / inner % len(scales)
		}
		q := float64(out.Data[i])
		if kind == liteInt32 {
			q = float64(int32(binary.LittleEndian.Uint32(raw[4*i:])))
		}
		out.Data[i] = float32((q - float64(zeros[k])) * float64(scales[k]))
	}
	return nil
}

// layers follows the graph's operations, of which the convolutions must be MobileNetV2's, and returns their tensors under torchvision's names.
func (f *liteFile) layers(graph int, codes []int) (map[string]Tensor, error) {
	want, out := mobileNetLayers(), map[string]Tensor{}
	for _, op := range f.flat.tables(graph, 3) {
		index := f.number(op, 0, 0)
		inputs, outputs, options := f.ints(op, 1), f.ints(op, 2), f.ref(op, 4)
		if f.err != nil {
			return nil, f.err
		}
		if index < 0 || index >= len(codes) {
			return nil, refuse("an operation is of the kind %d of %d", index, len(codes))
		}
		code := codes[index]
		switch {
		case code == liteDequantize && len(inputs) == 1 && len(outputs) == 1:
			f.plain[outputs[0]] = inputs[0]
		case (code == liteConv || code == liteDepthwise) && len(inputs) == 3 && len(want) > 0:
			if err := f.convolution(want[0], code, inputs, options, out); err != nil {
				return nil, err
			}
			want = want[1:]
		case (code == liteConv || code == liteFullyConnected) && len(inputs) == 3 && len(want) == 0:
			if err := f.classifier(inputs, out); err != nil {
				return nil, err
			}
		case !slices.Contains(liteNeutral, code):
			return nil, refuse("its operation %d is none of MobileNetV2's", code)
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	if len(want) > 0 {
		return nil, refuse("it has %d of MobileNetV2's %d convolutions", len(mobileNetLayers())-len(want), len(mobileNetLayers()))
	}
	return out, nil
}

// convolution reads one layer of the backbone. Its batch norm, which was folded, comes back as one that changes nothing but adds the bias.
func (f *liteFile) convolution(l mobileNetLayer, code int, inputs []int, options int, out map[string]Tensor) error {
	depthwise := l.layer == "depthwise"
	activation, stride := f.small(options, 3), f.number(options, 1, 1)
	if depthwise {
		activation = f.small(options, 4)
	}
	wanted, strides := liteReLU6, 1
	if l.layer == "project" {
		wanted = liteNone
	}
	if l.block == 0 || depthwise && slices.Contains([]int{2, 4, 7, 14}, l.block) {
		strides = 2
	}
	if depthwise != (code == liteDepthwise) || activation != wanted || stride != strides {
		return refuse("the operation in the place of %q is none of MobileNetV2's (kind %d, stride %d, activation %d)", l.conv, code, stride, activation)
	}
	kernel, err := f.values(inputs[1])
	if err != nil {
		return err
	}
	bias, err := f.values(inputs[2])
	if err != nil {
		return err
	}
	if len(kernel.Shape) != 4 {
		return refuse("the kernel of %q has the shape %v", l.conv, kernel.Shape)
	}
	// [out][kh][kw][in], depthwise [1][kh][kw][channels].
	s := kernel.Shape
	w := Tensor{Shape: []int{s[0], s[3], s[1], s[2]}, Data: make([]float32, len(kernel.Data))}
	if depthwise {
		if s[0] != 1 {
			return refuse("the kernel of %q has the shape %v", l.conv, s)
		}
		w.Shape = []int{s[3], 1, s[1], s[2]}
	}
	area := s[1] * s[2]
	for o := range s[0] {
		for place := range area {
			for c := range s[3] {
				w.Data[(o*s[3]+c)*area+area-1-place] = kernel.Data[(o*area+place)*s[3]+c]
			}
		}
	}
	channels := w.Shape[0]
	if len(bias.Data) != channels {
		return refuse("%q has %d biases for %d channels", l.conv, len(bias.Data), channels)
	}
	out[l.conv+".weight"] = w
	for name, v := range foldedNorm(bias.Data) {
		out[l.norm+"."+name] = v
	}
	return nil
}

// foldedNorm is a batch norm that adds a bias and changes nothing else.
func foldedNorm(bias []float32) map[string]Tensor {
	constant := func(v float64) Tensor {
		t := Tensor{Shape: []int{len(bias)}, Data: make([]float32, len(bias))}
		for i := range t.Data {
			t.Data[i] = float32(v)
		}
		return t
	}
	return map[string]Tensor{"weight": constant(1), "bias": {Shape: []int{len(bias)}, Data: bias}, "running_mean": constant(0), "running_var": constant(1 - nn.NormEpsilon)}
}

// classifier reads the last layer, fully connected or a convolution of one pixel.
func (f *liteFile) classifier(inputs []int, out map[string]Tensor) error {
	w, err := f.values(inputs[1])
	if err != nil {
		return err
	}
	bias, err := f.values(inputs[2])
	if err != nil {
		return err
	}
	if len(w.Shape) == 4 && w.Shape[1] == 1 && w.Shape[2] == 1 {
		w.Shape = []int{w.Shape[0], w.Shape[3]}
	}
	if _, twice := out["classifier.1.weight"]; twice || len(w.Shape) != 2 || len(bias.Data) != w.Shape[0] {
		return refuse("behind its backbone is another network than one layer")
	}
	out["classifier.1.weight"], out["classifier.1.bias"] = w, Tensor{Shape: []int{len(bias.Data)}, Data: bias.Data}
	return nil
}
