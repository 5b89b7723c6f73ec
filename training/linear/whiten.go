package linear

import (
	"context"
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// MostWhitened is how many samples can be whitened: time grows with their cube.
const MostWhitened = 1000

// mostDirections bounds the directions that are kept, those of the largest variance.
const mostDirections = 512

// softer is what the penalty that is best for least squares is multiplied by: a logistic regression on numbers so whitened is as often right, and its
// probabilities are better (measured in docs/transfer.md).
const softer = 5

// mostChosen is by how many samples ChooseWhitened chooses.
const mostChosen = 500

// ErrFlat: the samples, or those of a fold, do not differ in any direction, so nothing can be whitened.
var ErrFlat = errors.New("linear: the samples do not differ")

// Whitening turns features into numbers that vary about equally and independently of one another: each is a direction in which the samples vary, divided by the root of its
// variance and of a penalty together. A penalised regression on these is as good as least squares with that penalty where samples are few, which weighs each direction by
// what it tells; on features as they are it would lean on those that vary most.
type Whitening struct {
	Directions [][]float32 // [numbers][features]
	Penalty    float64     // in units of the samples' mean squared length
}

// Whiten finds the whitening of at most MostWhitened samples, whose features are about 0 in the mean. Its penalty is softer times the one with which least squares,
// towards 1 for a sample's classes and -1 for the others, err least on each sample when it is left out (Allen, see Quick). The error may be ErrFlat. The numbers have the features' mean squared length.
func Whiten(ctx context.Context, p Problem) (*Whitening, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if len(p.X) > MostWhitened {
		return nil, fmt.Errorf("linear: %d samples are too many to be whitened", len(p.X))
	}
	g := gramOf(p.X)
	s := g.spectrum(everyOne(len(p.X)))
	if s == nil {
		return nil, ErrFlat
	}
	w := &Whitening{Penalty: quickPenalties[0]}
	least := math.Inf(1)
	for _, penalty := range quickPenalties {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if e := s.leftOut(p, penalty); e < least {
			w.Penalty, least = penalty, e
		}
	}
	w.Penalty *= softer
	by := s.factors(w.Penalty)
	size := len(p.X[0])
	for j, factor := range by {
		direction := make([]float64, size)
		for i, x := range p.X {
			share := s.vectors.At(i, s.kept[j]) * factor / math.Sqrt(s.values[j])
			for k, v := range x {
				direction[k] += share * float64(v)
			}
		}
		row := make([]float32, size)
		for k, v := range direction {
			row[k] = float32(v)
		}
		w.Directions = append(w.Directions, row)
	}
	return w, nil
}

// ChooseWhitened is Choose for features as they are after a whitening with this penalty, which each fold finds anew from the samples it learns from: what is left out
// has no part in it. The error may be ErrFlat.
func ChooseWhitened(ctx context.Context, p Problem, groups []int, folds int, penalty float64) (decay float64, err error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	fold := deal(p, groups, folds)
	if len(p.X) > mostChosen {
		p, fold = thin(p, fold, mostChosen)
	}
	g := gramOf(p.X)
	return choose(ctx, p, fold, folds, func(in []int) (*basis, error) {
		s := g.spectrum(in)
		if s == nil {
			return nil, ErrFlat
		}
		return s.basis(penalty), nil
	})
}

func everyOne(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// gram is the products of samples with one another, [n][n].
type gram struct {
	n int
	k blas64.General
}

func gramOf(x [][]float32) *gram {
	n, d := len(x), len(x[0])
	z := blas64.General{Rows: n, Cols: d, Stride: d, Data: make([]float64, 0, n*d)}
	for _, row := range x {
		for _, v := range row {
			z.Data = append(z.Data, float64(v))
		}
	}
	g := &gram{n, blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)}}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, z, z, 0, g.k)
	return g
}

// spectrum is the directions in which some of the samples vary.
type spectrum struct {
	g       *gram
	of      []int
	values  []float64  // squared lengths of the samples along each direction, the largest first
	vectors *mat.Dense // [of][of]: each direction a column, as shares of the samples
	kept    []int      // columns of the directions
	unit    float64    // mean squared length of a sample
}

// spectrum is nil where it cannot be had.
func (g *gram) spectrum(of []int) *spectrum {
	n := len(of)
	k := mat.NewSymDense(n, nil)
	trace := 0.0
	for a, i := range of {
		for b, j := range of[:a+1] {
			k.SetSym(a, b, g.k.Data[i*g.n+j])
		}
		trace += k.At(a, a)
	}
	var eigen mat.EigenSym
	if !(trace > 0) || !eigen.Factorize(k, true) {
		return nil
	}
	s := &spectrum{g: g, of: of, vectors: new(mat.Dense), unit: trace / float64(n)}
	eigen.VectorsTo(s.vectors)
	values := eigen.Values(nil)
	for j := n - 1; j >= 0 && len(s.kept) < mostDirections && values[j] > 1e-9*values[n-1]; j-- {
		s.kept, s.values = append(s.kept, j), append(s.values, values[j])
	}
	return s
}

// factors are what each direction, as long as 1 for all samples, is multiplied by, so that the samples keep their mean squared length.
func (s *spectrum) factors(penalty float64) []float64 {
	by := make([]float64, len(s.values))
	total := 0.0
	for _, v := range s.values {
		total += v / (v + penalty*s.unit)
	}
	length := math.Sqrt(s.unit * float64(len(s.of)) / total)
	for j, v := range s.values {
		by[j] = length / math.Sqrt(v+penalty*s.unit)
	}
	return by
}

// basis describes all samples in the directions.
func (s *spectrum) basis(penalty float64) *basis {
	by := s.factors(penalty)
	m, n, size := s.g.n, len(s.of), len(by)
	products := blas64.General{Rows: m, Cols: n, Stride: n, Data: make([]float64, m*n)}
	for i := range m {
		for a, j := range s.of {
			products.Data[i*n+a] = s.g.k.Data[i*m+j]
		}
	}
	turn := blas64.General{Rows: n, Cols: size, Stride: size, Data: make([]float64, n*size)}
	for j, factor := range by {
		root := math.Sqrt(s.values[j])
		for a := range n {
			turn.Data[a*size+j] = s.vectors.At(a, s.kept[j]) * factor / root
		}
	}
	b := &basis{n: m, size: size, z: blas64.General{Rows: m, Cols: size, Stride: size, Data: make([]float64, m*size)}}
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, products, turn, 0, b.z)
	return b
}

// leftOut is the mean squared error of least squares on each sample when it is left out.
func (s *spectrum) leftOut(p Problem, penalty float64) float64 {
	n, c := len(s.of), p.Classes
	y := p.targets()
	means := make([]float64, c)
	for i := range n {
		for k := range c {
			y[i*c+k] = 2*y[i*c+k] - 1
			means[k] += y[i*c+k] / float64(n)
		}
	}
	turned := make([]float64, len(s.values)*c)
	for j, at := range s.kept {
		for i := range n {
			v := s.vectors.At(i, at)
			for k := range c {
				turned[j*c+k] += v * (y[i*c+k] - means[k])
			}
		}
	}
	sum := 0.0
	for i := range n {
		own := 1 / float64(n)
		score := append([]float64(nil), means...)
		for j, at := range s.kept {
			v, share := s.vectors.At(i, at), s.values[j]/(s.values[j]+penalty*s.unit)
			own += v * v * share
			for k := range c {
				score[k] += v * share * turned[j*c+k]
			}
		}
		own = min(own, 1-1e-6)
		for k, v := range score {
			e := (y[i*c+k] - v) / (1 - own)
			sum += e * e
		}
	}
	return sum / float64(n*c)
}
