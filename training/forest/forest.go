// Package forest learns concepts from numbers with extremely randomised trees (Geurts, Ernst and Wehenkel, Extremely randomized trees, Machine Learning 63,
// 2006): it takes seconds where a network takes minutes, errs otherwise than a network does, and does not learn single wrong labels by heart.
package forest

import (
	"cmp"
	"context"
	"math/rand/v2"

	"viewfinder/training/parallel"
	"viewfinder/training/samples"
)

// Options are how a forest grows. The zero value is a good default.
type Options struct {
	Trees    int     // 0 = 300
	MinLeaf  int     // least samples of a leaf; 0 = 2
	Features float64 // share of the features that are tried at each split; 0 = 0.2
	Most     int     // most samples that a tree grows from, drawn for it at random; 0 = 10,000
	Seed     uint64
}

func (o Options) orDefaults() Options {
	o.Trees = cmp.Or(max(0, o.Trees), 300)
	o.MinLeaf = cmp.Or(max(0, o.MinLeaf), 2)
	o.Features = cmp.Or(max(0, o.Features), 0.2)
	o.Most = cmp.Or(max(0, o.Most), 10_000)
	return o
}

// Forest is what was learnt. It may be used by several goroutines.
type Forest struct {
	trees   []tree
	classes int
}

// Train grows a forest from samples x [samples][features] that have the classes of labels [samples][of each 0 or more]. The same input gives the
// same forest on every machine. What does not belong together is samples.ErrShape.
func Train(ctx context.Context, x [][]float32, labels [][]int, classes int, o Options) (*Forest, error) {
	if err := samples.Check(x, labels, classes); err != nil {
		return nil, err
	}
	o = o.orDefaults()
	set := newSet(x, labels, classes)
	f := &Forest{trees: make([]tree, o.Trees), classes: classes}
	parallel.Each(o.Trees, func(k int) {
		if ctx.Err() == nil {
			f.trees[k] = newGrower(set, o, rand.New(rand.NewPCG(o.Seed, uint64(k)))).grow()
		}
	})
	return f, ctx.Err()
}

// Predict gives the mean over the trees of the shares [classes] that the classes have in the leaf of x [features].
func (f *Forest) Predict(x []float32) []float64 {
	scores := make([]float64, f.classes)
	for k := range f.trees {
		for c, share := range f.trees[k].leaf(x, f.classes) {
			scores[c] += float64(share) / float64(len(f.trees))
		}
	}
	return scores
}

// set are the samples, a column for each feature.
type set struct {
	columns [][]float32
	labels  [][]int
	classes int
}

func newSet(x [][]float32, labels [][]int, classes int) *set {
	s := &set{columns: make([][]float32, len(x[0])), labels: labels, classes: classes}
	for f := range s.columns {
		s.columns[f] = make([]float32, len(x))
	}
	for i, row := range x {
		for f, v := range row {
			s.columns[f][i] = v
		}
	}
	return s
}
