package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

// statisticsInPyTorch makes the classifier with PoolingStatistics; of the most channels whose correlations are taken, and the width.
const statisticsInPyTorch = `class Net(torchvision.models.MobileNetV2):
    def forward(self, x):
        parts = []
        for i, layer in enumerate(self.features):
            x = layer(x)
            if i in (0, 10, 13, 16):
                m = x.flatten(2)
                mean = m.mean(2, keepdim=True)
                deviation = (m.var(2, unbiased=False, keepdim=True) + 1e-5).sqrt()
                parts += [mean.flatten(1), deviation.flatten(1)]
                if m.shape[1] <= %d:
                    z = (m - mean) / deviation
                    a, b = torch.tril_indices(m.shape[1], m.shape[1], -1)
                    parts.append((z @ z.transpose(1, 2) / m.shape[2])[:, a, b])
        return self.classifier(torch.cat([x.mean((2, 3))] + parts, 1))

net = Net(num_classes=len(concepts), width_mult=%s).eval()
with torch.no_grad():
    net.classifier[1] = torch.nn.LazyLinear(len(concepts))
    net(torch.zeros(1, 3, 64, 64))`

// mobileNetV2 is MobileNet-V2 (Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018) with its
// channels multiplied by width, laid out, named and started as torchvision's.
func mobileNetV2(name string, width float64) architecture {
	texts := map[float64][2]string{
		0.35: {"MobileNet-V2 0.35", "Deep but light: the best accuracy for a short training, and fast to predict with"},
		0.5:  {"MobileNet-V2 0.5", "A little larger than 0.35: a good backbone for detection on a laptop"},
		1:    {"MobileNet-V2", "The full width: for many similar concepts, if training may take long"},
	}
	return architecture{
		Info: Info{
			Statistics: true,
			Name:       name, Title: texts[width][0], Description: texts[width][1],
			PyTorch:           fmt.Sprintf("net = torchvision.models.mobilenet_v2(num_classes=len(concepts), width_mult=%g)", width),
			PyTorchStatistics: fmt.Sprintf(statisticsInPyTorch, mostPaired, fmt.Sprintf("%g", width)),
		},
		strides: []int{4, 8, 16},
		stages:  func(b *builder, x node) []node { return mobileNetStages(b, x, width) },
		top: func(b *builder, x node) node {
			return b.convNorm(x, "features.18.0", "features.18.1", mobileConv(divisible(1280*max(1, width)), 1, 1, 1, kernels.ReLU6), nil)
		},
		last: lastLayer{name: "classifier.1", weight: normalFill(0.01), bias: constantFill(0)},
	}
}

// mobileNetGroups are the paper's table 2: each group's blocks have the same number of channels, and the first has the stride.
var mobileNetGroups = []struct{ expansion, channels, blocks, stride int }{
	{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1},
}

// mobileNetStages returns the maps of strides 4, 8, 16 and 32: the outputs of blocks 3, 6, 13 and 17.
func mobileNetStages(b *builder, x node, width float64) []node {
	x = b.convNorm(x, "features.0.0", "features.0.1", mobileConv(divisible(32*width), 3, 2, 1, kernels.ReLU6), nil)
	b.depth(x)
	var maps []node
	block := 0
	for _, g := range mobileNetGroups {
		for i := range g.blocks {
			block++
			stride := 1
			if i == 0 {
				stride = g.stride
			}
			x = invertedResidual(b, x, fmt.Sprintf("features.%d.conv", block), g.expansion, divisible(float64(g.channels)*width), stride)
			switch block {
			case 3, 6, 13, 17:
				maps = append(maps, x)
			}
			switch block {
			case 10, 13, 16: // the last of 64, 96 and 160 channels; chosen by measurement, see docs/transfer.md
				b.depth(x)
			}
		}
	}
	return maps
}

// invertedResidual widens x by expansion with a 1x1 convolution, filters each channel by itself, and narrows to out channels,
// adding x where the shapes agree.
func invertedResidual(b *builder, x node, name string, expansion, out, stride int) node {
	in := x.Shape()[3]
	wide := in * expansion
	y, layer := x, 0
	if expansion != 1 {
		y = b.convNorm(y, name+".0.0", name+".0.1", mobileConv(wide, 1, 1, 1, kernels.ReLU6), nil)
		layer = 1
	}
	depthwise := fmt.Sprintf("%s.%d", name, layer)
	y = b.convNorm(y, depthwise+".0", depthwise+".1", mobileConv(wide, 3, stride, wide, kernels.ReLU6), nil)
	var residual node
	if stride == 1 && in == out {
		residual = x
	}
	return b.convNorm(y, fmt.Sprintf("%s.%d", name, layer+1), fmt.Sprintf("%s.%d", name, layer+2), mobileConv(out, 1, 1, 1, kernels.None), residual)
}

func mobileConv(out, kernel, stride, groups int, act kernels.Activation) convConfig {
	return convConfig{out: out, kernel: kernel, stride: stride, groups: groups, fill: kaimingNormalFanOut(out, kernel*kernel), act: act}
}

// divisible rounds channels to a multiple of 8, not below 8 and not more than a tenth down, as torchvision's
// _make_divisible.
func divisible(channels float64) int {
	n := max(8, int(channels+4)/8*8)
	if float64(n) < 0.9*channels {
		n += 8
	}
	return n
}
