package forest

import (
	"math"
	"math/rand/v2"
)

// tree is one of a forest: nodes in the order in which they grew, and the shares of all leaves one after the other.
type tree struct {
	nodes  []node
	shares []float32 // [leaves][classes]
}

// node sends what is below threshold to the next node, the rest to right. A leaf has right 0, and feature is its place among the leaves.
type node struct {
	feature   int32
	right     int32
	threshold float32
}

// leaf is the shares of the leaf that x falls into.
func (t *tree) leaf(x []float32, classes int) []float32 {
	at := 0
	for t.nodes[at].right != 0 {
		n := &t.nodes[at]
		if x[n.feature] < n.threshold {
			at++
		} else {
			at = int(n.right)
		}
	}
	from := int(t.nodes[at].feature) * classes
	return t.shares[from : from+classes]
}

// grower grows one tree.
type grower struct {
	*set
	o        Options
	random   *rand.Rand
	features []int
	tried    int
	samples  []int
	all      []float64 // room for counts of classes
	left     []float64
	t        tree
}

func newGrower(s *set, o Options, random *rand.Rand) *grower {
	g := &grower{set: s, o: o, random: random, all: make([]float64, s.classes), left: make([]float64, s.classes)}
	g.features = make([]int, len(s.columns))
	for i := range g.features {
		g.features[i] = i
	}
	g.tried = max(1, int(o.Features*float64(len(g.features))))
	g.samples = make([]int, len(s.labels))
	for i := range g.samples {
		g.samples[i] = i
	}
	if len(g.samples) > o.Most {
		random.Shuffle(len(g.samples), func(i, k int) { g.samples[i], g.samples[k] = g.samples[k], g.samples[i] })
		g.samples = g.samples[:o.Most]
	}
	return g
}

// span is samples that are still to become a node, and whose right one it is.
type span struct{ from, to, parent int }

// grow goes down the left sides first, so that a left node follows its parent.
func (g *grower) grow() tree {
	open := []span{{0, len(g.samples), -1}}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		at := len(g.t.nodes)
		if s.parent >= 0 {
			g.t.nodes[s.parent].right = int32(at)
		}
		samples := g.samples[s.from:s.to]
		g.count(samples)
		feature, threshold, found := g.split(samples)
		if !found {
			g.t.nodes = append(g.t.nodes, node{feature: int32(len(g.t.shares) / g.classes)})
			for _, n := range g.all {
				g.t.shares = append(g.t.shares, float32(n/float64(len(samples))))
			}
			continue
		}
		g.t.nodes = append(g.t.nodes, node{feature: int32(feature), threshold: threshold})
		middle := s.from + partition(samples, g.columns[feature], threshold)
		open = append(open, span{middle, s.to, at}, span{s.from, middle, -1})
	}
	return g.t
}

func (g *grower) count(samples []int) {
	clear(g.all)
	for _, i := range samples {
		for _, c := range g.labels[i] {
			g.all[c]++
		}
	}
}

// split tries features, drawn at random without those that are the same everywhere, at one random threshold each, and takes the best.
func (g *grower) split(samples []int) (feature int, threshold float32, found bool) {
	if len(samples) < 2*g.o.MinLeaf || g.pure(len(samples)) {
		return 0, 0, false
	}
	best := impurity(g.all, float64(len(samples))) - 1e-9
	for k, tried := 0, 0; k < len(g.features) && tried < g.tried; k++ {
		j := k + g.random.IntN(len(g.features)-k)
		g.features[k], g.features[j] = g.features[j], g.features[k]
		column := g.columns[g.features[k]]
		low, high := bounds(samples, column)
		if !(low < high) {
			continue
		}
		tried++
		at := low + float32((high-low)*g.random.Float32()) // rounded between, on every machine
		if at <= low {
			at = high // so that neither side is empty
		}
		if i := g.after(samples, column, at); i < best {
			best, feature, threshold, found = i, g.features[k], at, true
		}
	}
	return feature, threshold, found
}

// pure reports whether all of n samples have the same classes.
func (g *grower) pure(n int) bool {
	for _, c := range g.all {
		if c != 0 && c != float64(n) {
			return false
		}
	}
	return true
}

// after is the impurity of both sides together; more than any where a side is too small.
func (g *grower) after(samples []int, column []float32, threshold float32) float64 {
	clear(g.left)
	n := 0
	for _, i := range samples {
		if column[i] < threshold {
			n++
			for _, c := range g.labels[i] {
				g.left[c]++
			}
		}
	}
	if n < g.o.MinLeaf || len(samples)-n < g.o.MinLeaf {
		return math.Inf(1)
	}
	left, right := float64(n), float64(len(samples)-n)
	sum := 0.0
	for c, l := range g.left {
		r := g.all[c] - l
		sum += l*(left-l)/left + r*(right-r)/right
	}
	return sum
}

// impurity is Gini's, of each class for itself and times the samples: for samples of one class each it is the usual one.
func impurity(counts []float64, n float64) float64 {
	sum := 0.0
	for _, c := range counts {
		sum += c * (n - c) / n
	}
	return sum
}

func bounds(samples []int, column []float32) (low, high float32) {
	low, high = column[samples[0]], column[samples[0]]
	for _, i := range samples {
		low, high = min(low, column[i]), max(high, column[i])
	}
	return low, high
}

// partition puts those below the threshold first and returns how many they are.
func partition(samples []int, column []float32, threshold float32) int {
	n := 0
	for k, i := range samples {
		if column[i] < threshold {
			samples[k], samples[n] = samples[n], i
			n++
		}
	}
	return n
}
