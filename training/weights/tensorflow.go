package weights

import (
	"fmt"
	"math"

	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// turnedConv is the kernel [kh][kw][in][out] of a TensorFlow convolution as PyTorch lays it out, [out][in][kh][kw], turned by 180 degrees: see
// nn.Picture.
func turnedConv(t Tensor) (Tensor, error) {
	if len(t.Shape) != 4 {
		return Tensor{}, refuse("a convolution's kernel has the shape %v", t.Shape)
	}
	kh, kw, in, out := t.Shape[0], t.Shape[1], t.Shape[2], t.Shape[3]
	w := Tensor{Shape: []int{out, in, kh, kw}, Data: make([]float32, len(t.Data))}
	for y := range kh {
		for x := range kw {
			for i := range in {
				for o := range out {
					w.Data[((o*in+i)*kh+kh-1-y)*kw+kw-1-x] = t.Data[((y*kw+x)*in+i)*out+o]
				}
			}
		}
	}
	return w, nil
}

// turnedDepthwise is the same of a depthwise convolution: [kh][kw][channels][1] to [channels][1][kh][kw].
func turnedDepthwise(t Tensor) (Tensor, error) {
	if len(t.Shape) != 4 || t.Shape[3] != 1 {
		return Tensor{}, refuse("a depthwise convolution's kernel has the shape %v", t.Shape)
	}
	return turnedConv(Tensor{Shape: []int{t.Shape[0], t.Shape[1], 1, t.Shape[2]}, Data: t.Data})
}

// pictureOf is the picture of a network whose input is value*scale + shift, for values from 0 to 255.
func pictureOf(scale, shift float64) nn.Picture {
	p := nn.Picture{Turned: true}
	for c := range 3 {
		p.Scale[c] = float32(255 * scale * float64(data.Deviation[c]))
		p.Shift[c] = float32(255*scale*float64(data.Mean[c]) + shift)
	}
	return p
}

// variances moves another epsilon than PyTorch's into a batch norm's variances.
func variances(v Tensor, epsilon float64) Tensor {
	moved := Tensor{Shape: v.Shape, Data: make([]float32, len(v.Data))}
	for i, x := range v.Data {
		moved.Data[i] = float32(math.Max(0, float64(x)+epsilon-nn.NormEpsilon))
	}
	return moved
}

// mobileNetLayer is a convolution of MobileNet-V2 under torchvision's names, in the order of computation.
type mobileNetLayer struct {
	block      int    // 0: the first convolution; 1 to 17: the blocks; 18: the last
	layer      string // "expand", "depthwise", "project"; "" outside of the blocks
	conv, norm string
}

// mobileNetLayers are the 52 of them.
func mobileNetLayers() []mobileNetLayer {
	all := []mobileNetLayer{{0, "", "features.0.0", "features.0.1"}}
	for n := 1; n <= 17; n++ {
		for _, layer := range []string{"expand", "depthwise", "project"} {
			if n == 1 && layer == "expand" {
				continue
			}
			conv, norm := blockName(n, layer)
			all = append(all, mobileNetLayer{n, layer, conv, norm})
		}
	}
	return append(all, mobileNetLayer{18, "", "features.18.0", "features.18.1"})
}

// kerasName is the layer's name in Keras applications' MobileNetV2, and its batch norm's.
func (l mobileNetLayer) kerasName() (conv, norm string) {
	switch {
	case l.block == 0:
		return "Conv1", "bn_Conv1"
	case l.block == 18:
		return "Conv_1", "Conv_1_bn"
	case l.block == 1:
		conv = "expanded_conv_" + l.layer
	default:
		conv = fmt.Sprintf("block_%d_%s", l.block-1, l.layer)
	}
	return conv, conv + "_BN"
}
