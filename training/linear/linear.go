// Package linear fits logistic regressions with an L2 penalty to features: of classes that exclude one another (softmax) or of concepts each for itself
// (sigmoid). The objective is the mean loss over the samples plus decay/2 times the squared norm of the weights; biases go free. It is convex,
// so what comes out doesn't depend on where it starts.
package linear

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"viewfinder/training/samples"
)

// Problem is what to learn: features x [samples][features] of samples that have the classes of labels.
type Problem struct {
	X       [][]float32
	Labels  [][]int // of each sample: exactly one where Exclusive, else any number
	Classes int
	// Exclusive: each sample has exactly one class.
	Exclusive bool
}

// check returns what does not belong together.
func (p Problem) check() error {
	if err := samples.Check(p.X, p.Labels, p.Classes); err != nil {
		return err
	}
	for _, of := range p.Labels {
		if p.Exclusive && len(of) != 1 {
			return samples.ErrShape
		}
	}
	for _, x := range p.X {
		for _, v := range x {
			if v-v != 0 { // NaN or infinite
				return errNotFinite
			}
		}
	}
	return nil
}

// targets are [samples][classes], 0 or 1.
func (p Problem) targets() []float64 {
	y := make([]float64, len(p.X)*p.Classes)
	for i, of := range p.Labels {
		for _, c := range of {
			y[i*p.Classes+c] = 1
		}
	}
	return y
}

// Model is a fitted regression.
type Model struct {
	Weights [][]float64 // [classes][features]
	Bias    []float64   // [classes]
}

// Fit fits a problem with this decay.
func Fit(ctx context.Context, p Problem, decay float64) (*Model, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if !(decay > 0) {
		return nil, fmt.Errorf("linear: a decay of %v", decay)
	}
	b := basisOf(p.X)
	all := make([]int, len(p.X))
	for i := range all {
		all[i] = i
	}
	theta := make([]float64, p.Classes*(b.size+1))
	if err := newObjective(b, p, all, decay).solve(ctx, theta); err != nil {
		return nil, err
	}
	return b.model(theta, p.Classes), nil
}

// Decays are the strengths that Choose tries, the strongest first; scikit-learn's C is 1 / (decay * samples).
func Decays() []float64 { return []float64{10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003} }

// most samples that Choose looks at: time grows with their square.
const most = 1000

// Choose picks the decay by cross-validation: the samples are dealt into folds by group (samples of one group, such as views of one image, stay together; nil:
// each is its own), each class spread evenly, and the decay is taken with which the samples left out have the least mean loss.
func Choose(ctx context.Context, p Problem, groups []int, folds int) (decay float64, err error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	fold := deal(p, groups, folds)
	if len(p.X) > most {
		p, fold = thin(p, fold, most)
	}
	b := basisOf(p.X)
	return choose(ctx, p, fold, folds, func([]int) (*basis, error) { return b, nil })
}

// choose is Choose with the samples as a basis describes them, which may depend on those that are learnt from.
func choose(ctx context.Context, p Problem, fold []int, folds int, of func(in []int) (*basis, error)) (decay float64, err error) {
	decays := Decays()
	losses := make([]float64, len(decays))
	for k := range folds {
		var in, out []int
		for i, f := range fold {
			if f == k {
				out = append(out, i)
			} else {
				in = append(in, i)
			}
		}
		if len(in) == 0 || len(out) == 0 {
			continue
		}
		b, err := of(in)
		if err != nil {
			return 0, err
		}
		left := newObjective(b, p, out, 0)
		theta := make([]float64, p.Classes*(b.size+1)) // each decay starts where the stronger one before it ended
		for d, decay := range decays {
			if err := newObjective(b, p, in, decay).solve(ctx, theta); err != nil {
				return 0, err
			}
			losses[d] += left.value(theta, nil) * float64(len(out))
		}
	}
	best := 0
	for d, l := range losses {
		if l < losses[best] {
			best = d
		}
	}
	return decays[best], nil
}

// deal gives each sample its fold: groups in turn, those of the same classes one after the other.
func deal(p Problem, groups []int, folds int) []int {
	first := map[int]int{} // sample of each group
	var order []int
	for i := range p.X {
		g := i
		if groups != nil {
			g = groups[i]
		}
		if _, ok := first[g]; !ok {
			first[g] = i
			order = append(order, g)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return slices.Compare(p.Labels[first[a]], p.Labels[first[b]]) })
	of := map[int]int{}
	for at, g := range order {
		of[g] = at % folds
	}
	fold := make([]int, len(p.X))
	for i := range fold {
		if groups != nil {
			fold[i] = of[groups[i]]
		} else {
			fold[i] = of[i]
		}
	}
	return fold
}

// thin keeps n samples that are spread evenly.
func thin(p Problem, fold []int, n int) (Problem, []int) {
	q := Problem{Classes: p.Classes, Exclusive: p.Exclusive}
	var folds []int
	for k := range n {
		i := k * len(p.X) / n
		q.X, q.Labels, folds = append(q.X, p.X[i]), append(q.Labels, p.Labels[i]), append(folds, fold[i])
	}
	return q, folds
}

// basis describes samples by fewer numbers where there are more features than samples: a rotation of the space that they span, in which a penalised
// regression comes out the same.
type basis struct {
	n, size int
	z       blas64.General // [n][size]
	x       [][]float32
	back    *mat.Dense // [n][size]: the basis' vectors as sums of samples; nil: z is x itself
}

func basisOf(x [][]float32) *basis {
	n, d := len(x), len(x[0])
	b := &basis{n: n, size: d, x: x}
	data := make([]float64, n*d)
	for i, row := range x {
		for j, v := range row {
			data[i*d+j] = float64(v)
		}
	}
	b.z = blas64.General{Rows: n, Cols: d, Stride: d, Data: data}
	if n >= d {
		return b
	}
	k := blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, b.z, b.z, 0, k)
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(n, k.Data), true) {
		return b
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	top := values[n-1]
	var kept []int
	for i, v := range values {
		if v > 1e-10*top {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		return b
	}
	b.size = len(kept)
	b.z = blas64.General{Rows: n, Cols: b.size, Stride: b.size, Data: make([]float64, n*b.size)}
	b.back = mat.NewDense(n, b.size, nil)
	for j, at := range kept {
		root := math.Sqrt(values[at])
		for i := range n {
			v := vectors.At(i, at)
			b.z.Data[i*b.size+j] = v * root
			b.back.Set(i, j, v/root)
		}
	}
	return b
}

// model turns weights of the basis, and after each class's its bias, into weights of the features.
func (b *basis) model(theta []float64, classes int) *Model {
	m := &Model{Bias: make([]float64, classes)}
	for c := range classes {
		own := theta[c*(b.size+1) : (c+1)*(b.size+1)]
		m.Bias[c] = own[b.size]
		if b.back == nil {
			m.Weights = append(m.Weights, slices.Clone(own[:b.size]))
			continue
		}
		var share mat.VecDense
		share.MulVec(b.back, mat.NewVecDense(b.size, own[:b.size]))
		w := make([]float64, len(b.x[0]))
		for i, row := range b.x {
			a := share.AtVec(i)
			for j, v := range row {
				w[j] += a * float64(v)
			}
		}
		m.Weights = append(m.Weights, w)
	}
	return m
}

// objective is a penalised mean loss over some samples.
type objective struct {
	z         blas64.General // theirs
	y         []float64      // theirs, [samples][classes]
	classes   int
	exclusive bool
	decay     float64
	logits    blas64.General // [samples][classes]; then what the loss changes by with them
}

func newObjective(b *basis, p Problem, of []int, decay float64) *objective {
	size := b.size
	o := &objective{classes: p.Classes, exclusive: p.Exclusive, decay: decay, y: make([]float64, 0, len(of)*p.Classes)}
	o.z = blas64.General{Rows: len(of), Cols: size + 1, Stride: size + 1, Data: make([]float64, len(of)*(size+1))}
	all := p.targets()
	for k, i := range of {
		copy(o.z.Data[k*(size+1):], b.z.Data[i*size:(i+1)*size])
		o.z.Data[k*(size+1)+size] = 1 // the bias's
		o.y = append(o.y, all[i*p.Classes:(i+1)*p.Classes]...)
	}
	o.logits = blas64.General{Rows: len(of), Cols: p.Classes, Stride: p.Classes, Data: make([]float64, len(of)*p.Classes)}
	return o
}

// value is the objective at theta, and its gradient if there is room for it.
func (o *objective) value(theta, gradient []float64) float64 {
	n, k := o.z.Rows, o.classes
	w := blas64.General{Rows: k, Cols: o.z.Cols, Stride: o.z.Cols, Data: theta}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, o.z, w, 0, o.logits)
	loss := 0.0
	for i := range n {
		row, y := o.logits.Data[i*k:(i+1)*k], o.y[i*k:(i+1)*k]
		if o.exclusive {
			loss += softmax(row, y)
		} else {
			loss += sigmoids(row, y)
		}
	}
	loss /= float64(n)
	for c := range k {
		for _, v := range theta[c*o.z.Cols : (c+1)*o.z.Cols-1] {
			loss += o.decay / 2 * v * v
		}
	}
	if gradient == nil {
		return loss
	}
	g := blas64.General{Rows: k, Cols: o.z.Cols, Stride: o.z.Cols, Data: gradient}
	blas64.Gemm(blas.Trans, blas.NoTrans, 1/float64(n), o.logits, o.z, 0, g)
	for c := range k {
		own := theta[c*o.z.Cols : (c+1)*o.z.Cols-1]
		for j, v := range own {
			gradient[c*o.z.Cols+j] += o.decay * v
		}
	}
	return loss
}

// softmax is the cross-entropy of one sample, whose logits become what it changes by with them.
func softmax(row, y []float64) float64 {
	top := slices.Max(row)
	sum, loss := 0.0, 0.0
	for c, v := range row {
		if y[c] == 1 {
			loss -= v - top
		}
		row[c] = math.Exp(v - top)
		sum += row[c]
	}
	for c := range row {
		row[c] = row[c]/sum - y[c]
	}
	return loss + math.Log(sum)
}

// sigmoids is the same of concepts each for itself; the mean over them.
func sigmoids(row, y []float64) float64 {
	loss, share := 0.0, 1/float64(len(row))
	for c, v := range row {
		// log(1+exp(-|v|)) is the loss on the right side; |v| more on the wrong one
		loss += math.Log1p(math.Exp(-math.Abs(v)))
		if v > 0 && y[c] == 0 {
			loss += v
		} else if v < 0 && y[c] == 1 {
			loss -= v
		}
		row[c] = (1/(1+math.Exp(-v)) - y[c]) * share
	}
	return loss * share
}
