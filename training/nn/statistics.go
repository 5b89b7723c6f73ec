package nn

import (
	"fmt"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// What a classifier's last layer stands on, see Spec.Pooling.
const (
	// PoolingMean: the mean of the last map.
	PoolingMean = "mean"
	// PoolingStatistics: besides, the statistics of maps at several depths that the architecture names: each channel's mean and deviation and the correlations of
	// each two channels, after the second-order pooling of Carreira et al., "Semantic Segmentation with Second-Order Pooling" (2012). They tell textures
	// and materials, which the last map of a network that was trained on objects tells little of.
	PoolingStatistics = "statistics"
)

// mostPaired is how many channels a map has at most whose correlations are taken: their number grows with its square.
const mostPaired = 64

// pools reports whether s asks for statistics.
func (s Spec) pools() bool { return s.Pooling == PoolingStatistics && !s.Task.HasBoxes() }

// mapStatistics is the statistics of each map of x [n][h][w][c]: y [n][kernels.StatisticsShape.Len].
func mapStatistics(shape []int, pairs bool) *operation {
	s := kernels.StatisticsShape{N: shape[0], Pixels: shape[1] * shape[2], C: shape[3], Pairs: pairs}
	out := []int{s.N, s.Len()}
	return &operation{
		kind: "statistics of maps", attrs: fmt.Sprint(pairs), in: [][]int{shape}, out: out, kernel: backend.MapStatistics{Shape: s},
		differentiable: []bool{true},
		gradient: func(in []node, y, dy node) ([]node, error) {
			dx, err := apply(&operation{
				kind: "statistics of maps gradient", attrs: fmt.Sprint(pairs), in: [][]int{shape, out, out}, out: shape,
				kernel: backend.MapStatisticsBack{Shape: s},
			}, in[0], y, dy)
			return []node{dx}, err
		},
	}
}

// depth has the statistics of a map join what the last layer stands on, if the network is to.
func (b *builder) depth(x node) {
	if !b.net.spec.pools() {
		return
	}
	pairs := x.Shape()[3] <= mostPaired
	y := b.apply(mapStatistics(x.Shape(), pairs), x)
	b.record(y, Stage{Kind: StatisticsStage, Pairs: pairs, Inner: x.Shape()[3]}, x)
	b.depths = append(b.depths, y)
	b.groups = append(b.groups, 2*x.Shape()[3])
	if pairs {
		b.groups = append(b.groups, y.Shape()[1]-2*x.Shape()[3])
	}
}

// joined is the features: the mean of the last map x [n][c], then the statistics of the depths.
func (b *builder) joined(x node) node {
	b.groups = append([]int{x.Shape()[1]}, b.groups...)
	for _, d := range b.depths {
		y := b.apply(concat(x.Shape(), d.Shape()), x, d)
		b.record(y, Stage{Kind: ConcatStage}, x, d)
		x = y
	}
	return x
}

// FeatureGroups is of how many numbers the features are, one after the other: the mean of the last map, then of each map at a depth, if the network pools their
// statistics, its means and deviations, and its correlations if it has any. It is nil for detection.
func (n *Network) FeatureGroups() []int { return n.groups }
