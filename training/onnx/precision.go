package onnx

import (
	"encoding/binary"
	"math"

	"viewfinder/training/float16"
	"viewfinder/training/nn"
)

// Precision is how a file holds the weights of convolutions and linear layers. The arithmetic is float32 in each.
type Precision string

// The precisions.
const (
	Float32 Precision = "float32"
	Float16 Precision = "float16" // half the size; weights lose 13 of their 24 bits
	Int8    Precision = "int8"    // a quarter: whole numbers from -127 to 127 with one scale for each output channel
)

// Precisions lists them, the most exact first.
func Precisions() []Precision { return []Precision{Float32, Float16, Int8} }

// weights writes a weight in the wanted precision and returns the name of its float32 values.
func (g *graph) weights(p Precision, t nn.Tensor) string {
	switch p {
	case Float16:
		raw := make([]byte, 0, 2*len(t.Data))
		for _, v := range t.Data {
			raw = binary.LittleEndian.AppendUint16(raw, float16.Finite(v))
		}
		return g.cast(g.initializer(t.Name, typeFloat16, t.Shape, raw), typeFloat)
	case Int8:
		levels, scales := quantise(t)
		raw := make([]byte, len(levels))
		for i, v := range levels {
			raw[i] = byte(v)
		}
		w := g.initializer(t.Name, typeInt8, t.Shape, raw)
		s := g.initializer(t.Name+".scale", typeFloat, []int{len(scales)}, rawFloats(scales))
		zero := g.initializer(t.Name+".zero", typeInt8, []int{len(scales)}, make([]byte, len(scales)))
		return g.op("DequantizeLinear", []string{w, s, zero}, attribute{"axis", int64(0)})
	}
	return g.plain(t)
}

// quantise finds for each output channel (the first axis) the scale by which the rounded weights differ least from the weights in the mean square, of those
// from the one that just holds the largest weight downwards, and the weights in whole steps of it.
func quantise(t nn.Tensor) (levels []int8, scales []float32) {
	channels := t.Shape[0]
	each := len(t.Data) / channels
	levels, scales = make([]int8, len(t.Data)), make([]float32, channels)
	for c := range channels {
		row := t.Data[c*each : (c+1)*each]
		top := 0.0
		for _, v := range row {
			top = max(top, math.Abs(float64(v)))
		}
		if top == 0 {
			scales[c] = 1
			continue
		}
		best, least := 0.0, math.Inf(1)
		for step := range 41 {
			scale := top / 127 * (1 - 0.01*float64(step))
			sum := 0.0
			for _, v := range row {
				d := float64(v) - scale*math.Max(-127, math.Min(127, math.RoundToEven(float64(v)/scale)))
				sum += d * d
			}
			if sum < least {
				best, least = scale, sum
			}
		}
		scales[c] = float32(best)
		for i, v := range row {
			levels[c*each+i] = int8(math.Max(-127, math.Min(127, math.RoundToEven(float64(v)/float64(scales[c])))))
		}
	}
	return levels, scales
}
