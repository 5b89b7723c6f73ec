package linear

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Quick is a head that is fitted in closed form, in one sweep over the samples for any number of classes: least squares towards 1 for a sample's classes and -1 for
// the others, with an L2 penalty. The penalty, and how certain a score is, are chosen by what is predicted of each sample by the head of all others, which for least
// squares costs no second fit (Allen, "The relationship between variable selection and data augmentation and a method for prediction", 1974).
type Quick struct {
	Exclusive bool
	Weights   [][]float32 // [classes][features]
	Bias      []float32   // [classes]
	Scale     float64     // what a score is multiplied by before it becomes a probability
}

// quickPenalties are those that FitQuick chooses among, in units of the samples' mean squared length.
var quickPenalties = []float64{30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003}

// choosingClasses bounds how many classes a penalty is chosen by: those of the first samples.
const choosingClasses = 64

// FitQuick fits a head, and returns besides what is predicted of each sample by the head of all others: probabilities, [samples][classes].
func FitQuick(ctx context.Context, p Problem) (q *Quick, left [][]float32, err error) {
	if err := p.check(); err != nil {
		return nil, nil, err
	}
	if p.Classes == 0 {
		return nil, nil, fmt.Errorf("linear: a head of no classes")
	}
	f := newQuickFit(p)
	if !f.decompose() {
		return nil, nil, errNotFinite
	}
	best, least := quickPenalties[0], math.Inf(1)
	few := f.leading(choosingClasses)
	for _, penalty := range quickPenalties {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		scores := f.leftOut(penalty, few)
		if _, loss := f.scale(scores, few); loss < least {
			best, least = penalty, loss
		}
	}
	scores := f.leftOut(best, f.all())
	scale, _ := f.scale(scores, f.all())
	q = f.head(best)
	q.Scale = scale
	left = make([][]float32, f.n)
	for i := range left {
		left[i] = scores[i*p.Classes : (i+1)*p.Classes : (i+1)*p.Classes]
		q.probabilities(left[i])
	}
	return q, left, ctx.Err()
}

// Probabilities writes the probability of each class for a sample's features to dst [classes].
func (q *Quick) Probabilities(dst, x []float32) {
	for c, w := range q.Weights {
		dst[c] = q.Bias[c] + Dot(w, x)
	}
	q.probabilities(dst)
}

// probabilities turns scores into probabilities, in their place.
func (q *Quick) probabilities(s []float32) {
	if !q.Exclusive {
		for c, v := range s {
			s[c] = float32(1 / (1 + math.Exp(-q.Scale*float64(v))))
		}
		return
	}
	top := s[0]
	for _, v := range s {
		top = max(top, v)
	}
	sum := 0.0
	for c, v := range s {
		e := math.Exp(q.Scale * float64(v-top))
		s[c] = float32(e)
		sum += e
	}
	for c := range s {
		s[c] = float32(float64(s[c]) / sum)
	}
}

// Dot is the product of two vectors of one length. It sums in eight strands, which the processor works on side by side.
func Dot(a, b []float32) float32 {
	var s [8]float32
	b = b[:len(a)]
	i := 0
	for ; i+8 <= len(a); i += 8 {
		for l := range s {
			s[l] += a[i+l] * b[i+l]
		}
	}
	for ; i < len(a); i++ {
		s[0] += a[i] * b[i]
	}
	return ((s[0] + s[4]) + (s[1] + s[5])) + ((s[2] + s[6]) + (s[3] + s[7]))
}

// quickFit is the samples in the directions in which they vary.
type quickFit struct {
	p       Problem
	n, d    int
	mean    []float64      // of the features
	means   []float64      // of each class's targets
	z       blas64.General // [n][d] samples less their mean, turned into the directions
	values  []float64      // [d] how much they vary in each
	vectors *mat.Dense     // [d][d] a direction a column
	b       blas64.General // [d][classes] directions times targets less their mean
	unit    float64        // mean squared length
}

func newQuickFit(p Problem) *quickFit {
	f := &quickFit{p: p, n: len(p.X), d: len(p.X[0])}
	f.mean = make([]float64, f.d)
	for _, x := range p.X {
		for j, v := range x {
			f.mean[j] += float64(v) / float64(f.n)
		}
	}
	f.means = make([]float64, p.Classes)
	for c := range f.means {
		f.means[c] = -1
	}
	for _, of := range p.Labels {
		for _, c := range of {
			f.means[c] += 2 / float64(f.n)
		}
	}
	return f
}

// decompose finds the directions; false where they cannot be had.
func (f *quickFit) decompose() bool {
	x := blas64.General{Rows: f.n, Cols: f.d, Stride: f.d, Data: make([]float64, f.n*f.d)}
	for i, row := range f.p.X {
		for j, v := range row {
			x.Data[i*f.d+j] = float64(v) - f.mean[j]
		}
	}
	gram := blas64.General{Rows: f.d, Cols: f.d, Stride: f.d, Data: make([]float64, f.d*f.d)}
	blas64.Gemm(blas.Trans, blas.NoTrans, 1, x, x, 0, gram)
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(f.d, gram.Data), true) {
		return false
	}
	f.values = eigen.Values(nil)
	f.vectors = new(mat.Dense)
	eigen.VectorsTo(f.vectors)
	total := 0.0
	for j, v := range f.values {
		f.values[j] = max(0, v)
		total += f.values[j]
	}
	f.unit = max(1e-12, total/float64(f.n))
	f.z = blas64.General{Rows: f.n, Cols: f.d, Stride: f.d, Data: make([]float64, f.n*f.d)}
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, x, f.vectors.RawMatrix(), 0, f.z)
	k := f.p.Classes
	f.b = blas64.General{Rows: f.d, Cols: k, Stride: k, Data: make([]float64, f.d*k)}
	// Samples less their mean add to 0 in each direction, so that the targets' common part does not count.
	for i, of := range f.p.Labels {
		row := f.z.Data[i*f.d : (i+1)*f.d]
		for _, c := range of {
			for j, v := range row {
				f.b.Data[j*k+c] += 2 * v
			}
		}
	}
	return true
}

func (f *quickFit) all() []int {
	all := make([]int, f.p.Classes)
	for c := range all {
		all[c] = c
	}
	return all
}

// leading are at most so many classes, in the order in which the samples have them first; all, in order, where there are no more.
func (f *quickFit) leading(most int) []int {
	if f.p.Classes <= most {
		return f.all()
	}
	var list []int
	seen := make([]bool, f.p.Classes)
	for _, of := range f.p.Labels {
		for _, c := range of {
			if !seen[c] && len(list) < most {
				seen[c] = true
				list = append(list, c)
			}
		}
	}
	return list
}

// leftOut are the scores of each sample by the head of all others, for some of the classes: [samples][those].
func (f *quickFit) leftOut(penalty float64, classes []int) []float32 {
	k := len(classes)
	shrunk := blas64.General{Rows: f.d, Cols: k, Stride: k, Data: make([]float64, f.d*k)}
	by := make([]float64, f.d)
	for j, v := range f.values {
		by[j] = 1 / (v + penalty*f.unit)
		for to, c := range classes {
			shrunk.Data[j*k+to] = by[j] * f.b.Data[j*f.b.Stride+c]
		}
	}
	fitted := blas64.General{Rows: f.n, Cols: k, Stride: k, Data: make([]float64, f.n*k)}
	blas64.Gemm(blas.NoTrans, blas.NoTrans, 1, f.z, shrunk, 0, fitted)
	scores := make([]float32, f.n*k)
	target := make([]float64, f.p.Classes)
	for i, of := range f.p.Labels {
		own := 1 / float64(f.n) // how far a sample's score follows its own target
		for j, v := range f.z.Data[i*f.d : (i+1)*f.d] {
			own += v * v * by[j]
		}
		own = min(own, 1-1e-6)
		for _, c := range of {
			target[c] = 2
		}
		for to, c := range classes {
			y := target[c] - 1
			score := fitted.Data[i*k+to] + f.means[c]
			scores[i*k+to] = float32(y - (y-score)/(1-own))
		}
		for _, c := range of {
			target[c] = 0
		}
	}
	return scores
}

// scale is the factor of scores with which their probabilities fit the samples best, and their mean loss then. Targets are smoothed as if
// one more sample had been wrong, so that a few samples that are all right are no proof of certainty.
func (f *quickFit) scale(scores []float32, classes []int) (scale, loss float64) {
	smooth := 1 / float64(f.n+2)
	at := make([]int, f.p.Classes)
	for c := range at {
		at[c] = -1
	}
	for to, c := range classes {
		at[c] = to
	}
	k := len(classes)
	has := make([]bool, k)
	lossOf := func(scale float64) float64 {
		total := 0.0
		for i, of := range f.p.Labels {
			row := scores[i*k : (i+1)*k]
			for _, c := range of {
				if at[c] >= 0 {
					has[at[c]] = true
				}
			}
			if f.p.Exclusive {
				total += smoothedSoftmax(row, has, scale, smooth)
			} else {
				total += smoothedSigmoids(row, has, scale, smooth)
			}
			clear(has)
		}
		return total / float64(f.n)
	}
	// Golden section over the logarithm: the loss has one lowest place.
	low, high := math.Log(0.3), math.Log(12)
	const golden = 0.6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	la, lb := lossOf(math.Exp(a)), lossOf(math.Exp(b))
	for range 12 {
		if la < lb {
			high, b, lb = b, a, la
			a = high - golden*(high-low)
			la = lossOf(math.Exp(a))
		} else {
			low, a, la = a, b, lb
			b = low + golden*(high-low)
			lb = lossOf(math.Exp(b))
		}
	}
	if la < lb {
		return math.Exp(a), la
	}
	return math.Exp(b), lb
}

func smoothedSoftmax(row []float32, has []bool, scale, smooth float64) float64 {
	top := row[0]
	for _, v := range row {
		top = max(top, v)
	}
	sum := 0.0
	for _, v := range row {
		sum += math.Exp(scale * float64(v-top))
	}
	log, loss, known := math.Log(sum), 0.0, false
	for c, v := range row {
		of := scale*float64(v-top) - log
		loss -= smooth / float64(len(row)) * of
		if has[c] {
			loss -= (1 - smooth) * of
			known = true
		}
	}
	if !known { // its class is not among those looked at
		return 0
	}
	return loss
}

func smoothedSigmoids(row []float32, has []bool, scale, smooth float64) float64 {
	loss := 0.0
	for c, v := range row {
		s := scale * float64(v)
		if !has[c] {
			s = -s
		}
		// log(1+exp(-s)) is the loss of what is right, s more that of the opposite
		l := math.Log1p(math.Exp(-math.Abs(s))) + max(0, -s)
		loss += (l + smooth/2*s) / float64(len(row))
	}
	return loss
}

// head is the head of all samples.
func (f *quickFit) head(penalty float64) *Quick {
	k := f.p.Classes
	shrunk := mat.NewDense(f.d, k, nil)
	for j, v := range f.values {
		for c := range k {
			shrunk.Set(j, c, f.b.Data[j*k+c]/(v+penalty*f.unit))
		}
	}
	var w mat.Dense
	w.Mul(f.vectors, shrunk)
	q := &Quick{Exclusive: f.p.Exclusive, Weights: make([][]float32, k), Bias: make([]float32, k)}
	for c := range k {
		q.Weights[c] = make([]float32, f.d)
		bias := f.means[c]
		for j := range f.d {
			q.Weights[c][j] = float32(w.At(j, c))
			bias -= w.At(j, c) * f.mean[j]
		}
		q.Bias[c] = float32(bias)
	}
	return q
}
