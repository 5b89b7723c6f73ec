// Package ridge learns concepts from histograms by kernel ridge regression (Saunders, Gammerman and Vovk, Ridge regression learning algorithm in dual
// variables, ICML 1998): least squares on the samples' classes, in the space of their similarities. It takes seconds, and beside trees that look at
// single numbers it looks at all of them at once.
package ridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"

	"viewfinder/training/parallel"
	"viewfinder/training/samples"
)

// Options are how to learn. The zero value is a good default.
type Options struct {
	// Blocks are the sizes of the groups of features, which add to all of them: the similarity of two samples is the mean of their similarities in each group. nil: one group.
	Blocks []int
	Lambda float64 // of the regression; 0 = 0.3
	Gamma  float64 // how fast similarity falls: exp(-Gamma d/m) at the squared distance d, where m is the median of the squared distances; 0 = 2
	Most   int     // most samples that are learnt from, drawn at random: time grows with their cube; 0 = 3,000
	Seed   uint64
}

func (o Options) orDefaults(features int) Options {
	if o.Blocks == nil {
		o.Blocks = []int{features}
	}
	o.Lambda = cmp.Or(max(0, o.Lambda), 0.3)
	o.Gamma = cmp.Or(max(0, o.Gamma), 2)
	o.Most = cmp.Or(max(0, o.Most), 3000)
	return o
}

// Regression is what was learnt. It may be used by several goroutines.
type Regression struct {
	o       Options
	x       [][]float32 // learnt from
	medians []float64   // of each block's squared distances
	weights *mat.Dense  // [samples][classes]
	shares  []float64   // of the classes
}

// Train learns from samples x [samples][features] that have the classes of labels [samples][of each 0 or more]. What does not belong together is samples.ErrShape.
func Train(ctx context.Context, x [][]float32, labels [][]int, classes int, o Options) (*Regression, error) {
	if err := samples.Check(x, labels, classes); err != nil {
		return nil, err
	}
	r := &Regression{o: o.orDefaults(len(x[0])), shares: make([]float64, classes)}
	features := 0
	for _, size := range r.o.Blocks {
		features += size
	}
	if features != len(x[0]) {
		return nil, samples.ErrShape
	}
	if len(x) > r.o.Most {
		x, labels = some(x, labels, r.o.Most, r.o.Seed)
	}
	r.x = x
	n := len(x)
	for _, of := range labels {
		for _, c := range of {
			r.shares[c] += 1 / float64(n)
		}
	}
	y := mat.NewDense(n, classes, nil)
	for i, of := range labels {
		for c := range classes {
			y.Set(i, c, -r.shares[c])
		}
		for _, c := range of {
			y.Set(i, c, 1-r.shares[c])
		}
	}
	r.medians = medians(x, r.o.Blocks)
	k := mat.NewSymDense(n, nil)
	parallel.Each(n, func(i int) {
		if ctx.Err() != nil {
			return
		}
		for j := i; j < n; j++ {
			v := r.similarity(x[i], x[j])
			if i == j {
				v += r.o.Lambda
			}
			k.SetSym(i, j, v)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var factors mat.Cholesky
	if !factors.Factorize(k) { // similarity and a positive number on the diagonal: only what is not a number can do that
		return nil, errors.New("ridge: the samples hold something that is not a number")
	}
	r.weights = mat.NewDense(n, classes, nil)
	if err := factors.SolveTo(r.weights, y); err != nil {
		return nil, fmt.Errorf("ridge: solving the regression: %w", err)
	}
	return r, ctx.Err()
}

// Predict gives a score of each class [classes], 0 to 1, for x [features]. Where each sample has one class, they add to about 1.
func (r *Regression) Predict(x []float32) []float64 {
	scores := slices.Clone(r.shares)
	for i := range r.x {
		v := r.similarity(x, r.x[i])
		for c, w := range r.weights.RawRowView(i) {
			scores[c] += v * w
		}
	}
	for c := range scores {
		scores[c] = min(max(0, scores[c]), 1)
	}
	return scores
}

// similarity is 1 for the same and falls towards 0.
func (r *Regression) similarity(a, b []float32) float64 {
	sum, from := 0.0, 0
	for k, size := range r.o.Blocks {
		sum += math.Exp(-r.o.Gamma * distance(a[from:from+size], b[from:from+size]) / r.medians[k])
		from += size
	}
	return sum / float64(len(r.o.Blocks))
}

// distance is the squared Euclidean distance.
func distance(a, b []float32) float64 {
	var sum float32
	for i, v := range a {
		d := v - b[i]
		sum += d * d
	}
	return float64(sum)
}

// medianPairs bounds the pairs of which a median is taken.
const medianPairs = 20_000

// medians are those of each block's squared distances, of pairs that are spread evenly; above 0.
func medians(x [][]float32, blocks []int) []float64 {
	n := len(x)
	step := max(1, n*(n-1)/2/medianPairs)
	all := make([][]float64, len(blocks))
	at := 0
	for i := range n {
		for j := range i {
			if at++; at%step != 0 {
				continue
			}
			from := 0
			for k, size := range blocks {
				all[k] = append(all[k], distance(x[i][from:from+size], x[j][from:from+size]))
				from += size
			}
		}
	}
	m := make([]float64, len(blocks))
	for k, d := range all {
		m[k] = 1e-12
		if len(d) > 0 {
			slices.Sort(d)
			m[k] = max(m[k], d[len(d)/2])
		}
	}
	return m
}

func some(x [][]float32, labels [][]int, most int, seed uint64) (fewer [][]float32, theirs [][]int) {
	for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(x))[:most] {
		fewer, theirs = append(fewer, x[i]), append(theirs, labels[i])
	}
	return fewer, theirs
}
