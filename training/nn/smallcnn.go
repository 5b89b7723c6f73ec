package nn

import (
	"fmt"

	"viewfinder/training/kernels"
)

const smallCNNInPyTorch = `nn = torch.nn
layers, last = [], 3
for c in (32, 64, 128, 256):
    layers += [nn.Conv2d(last, c, 3, padding=1, bias=False), nn.BatchNorm2d(c), nn.ReLU(), nn.MaxPool2d(2)]
    last = c
class SmallCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.features, self.classifier = nn.Sequential(*layers), nn.Linear(last, len(concepts))
    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))
net = SmallCNN()`

// smallCNN is four 3x3 convolutions of 32, 64, 128 and 256 channels, each with batch norm, ReLU and 2x2 max pooling; then
// global average pooling and one linear layer. Names are those of the same network as a torch.nn.Sequential.
func smallCNN() architecture {
	return architecture{
		Info: Info{
			Name:        "small_cnn",
			Title:       "Small CNN",
			Description: "Four plain convolutions: trains in minutes on any processor; a good start for few images or simple differences",
			PyTorch:     smallCNNInPyTorch,
		},
		strides: []int{4, 8, 16},
		stages: func(b *builder, x node) []node {
			var maps []node
			for i, channels := range []int{32, 64, 128, 256} {
				name := func(layer int) string { return fmt.Sprintf("features.%d", 4*i+layer) }
				x = b.convNormPool(x, name(0), name(1), convConfig{out: channels, kernel: 3, act: kernels.ReLU}, 2, 2, 0)
				maps = append(maps, x)
			}
			return maps
		},
		last: lastLayer{name: "classifier"},
	}
}
