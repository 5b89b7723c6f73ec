package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// resNet18 is ResNet-18 (He et al., "Deep Residual Learning for Image Recognition", 2015), laid out, named and started as
// torchvision's.
func resNet18() architecture {
	return architecture{
		Info: Info{
			Name:        "resnet18",
			Title:       "ResNet-18",
			Description: "Large and accurate: for many images and fine differences, if training may take hours",
			PyTorch:     "net = torchvision.models.resnet18(num_classes=len(concepts))",
		},
		strides: []int{4, 8, 16},
		stages: func(b *builder, x node) []node {
			x = b.convNormPool(x, "conv1", "bn1", resConv(64, 7, 2, kernels.ReLU), 3, 2, 1)
			var maps []node
			for i, channels := range []int{64, 128, 256, 512} {
				for block := range 2 {
					stride := 1
					if i > 0 && block == 0 {
						stride = 2
					}
					x = basicBlock(b, x, fmt.Sprintf("layer%d.%d", i+1, block), channels, stride)
				}
				maps = append(maps, x)
			}
			return maps
		},
		last: lastLayer{name: "fc"},
	}
}

// basicBlock is two 3x3 convolutions around which x is added, through a 1x1 convolution where the shapes differ.
func basicBlock(b *builder, x node, name string, channels, stride int) node {
	y := b.convNorm(x, name+".conv1", name+".bn1", resConv(channels, 3, stride, kernels.ReLU), nil)
	if stride == 1 && x.Shape()[3] == channels {
		return b.convNorm(y, name+".conv2", name+".bn2", resConv(channels, 3, 1, kernels.ReLU), x)
	}
	// torchvision lists the second convolution before the one on the shortcut.
	second := resConv(channels, 3, 1, kernels.ReLU)
	b.declareAhead(channels, name+".conv2", name+".bn2", second)
	shortcut := b.convNorm(x, name+".downsample.0", name+".downsample.1", resConv(channels, 1, stride, kernels.None), nil)
	return b.convNorm(y, name+".conv2", name+".bn2", second, shortcut)
}

func resConv(out, kernel, stride int, act kernels.Activation) convConfig {
	return convConfig{out: out, kernel: kernel, stride: stride, fill: kaimingNormalFanOut(out, kernel*kernel), act: act}
}
