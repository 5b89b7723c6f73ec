package nn

import "viewfinder/training/kernels"

const pyramidChannels = 64

// detector adds the head of a one-stage detector after CenterNet on the backbone's maps: from the coarsest to the finest
// wanted one each map gets a 1x1 convolution to 64 channels, the coarser one spread over it is added, and a 3x3
// convolution with batch norm and ReLU follows. Three 3x3 convolutions on the last one give the joint map
// [n][h][w][classes+4] (see detectionMap). With strides as in torchvision's networks map i has stride 4<<i; small_cnn's
// first has 2.
func (b *builder) detector(maps []node) node {
	height := b.net.spec.Height
	first := 0
	for i, m := range maps {
		// The map of the wanted stride is the coarsest one that is still at least as fine.
		if ceilDiv(height, m.Shape()[1]) <= b.net.spec.stride() {
			first = i
		}
	}
	var y node
	for i := len(maps) - 1; i >= first; i-- {
		side := b.conv(maps[i], indexed("side", i), convConfig{out: pyramidChannels, kernel: 1})
		if y != nil {
			joined := b.apply(upsampleAdd(y.Shape(), side.Shape()), y, side)
			b.record(joined, Stage{Kind: UpsampleAddStage}, y, side)
			side = joined
		}
		smooth := indexed("smooth", i)
		y = b.convNorm(side, smooth+".0", smooth+".1", convConfig{out: pyramidChannels, kernel: 3, act: kernels.ReLU}, nil)
	}
	// A heatmap that starts near 0.1 everywhere keeps the many empty cells from drowning the first steps: -2.19 is the
	// logit of 0.1.
	heads := []convConfig{
		{out: b.net.spec.Classes, kernel: 3, biasFill: constantFill(-2.19)},
		{out: 2, kernel: 3},
		{out: 2, kernel: 3},
	}
	return b.joinedConv(y, []string{"heat", "size", "off"}, heads)
}

func indexed(name string, i int) string { return name + "." + string(rune('0'+i)) }

func ceilDiv(a, b int) int { return (a + b - 1) / b }
