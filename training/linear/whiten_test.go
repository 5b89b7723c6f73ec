package linear

import (
	"context"
	"errors"
	"math"
	"testing"
)

// TestWhitening: what the directions make of the samples is nearly uncorrelated, varies the less the more the penalty outweighs a direction, and keeps the samples'
// mean squared length.
func TestWhitening(t *testing.T) {
	p := some(60, 90, 1.5, true)
	for _, x := range p.X {
		for j := range x {
			x[j] *= float32(1 + j%5)
			x[j] -= x[0] / 3
		}
	}
	centre(p.X)
	w, err := Whiten(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	n, k := len(p.X), len(w.Directions)
	if k < 40 || k > n {
		t.Fatalf("%d directions of %d samples", k, n)
	}
	z := make([][]float64, n)
	before, after := 0.0, 0.0
	for i, x := range p.X {
		z[i] = make([]float64, k)
		for _, v := range x {
			before += float64(v) * float64(v) / float64(n)
		}
		for j, d := range w.Directions {
			z[i][j] = float64(Dot(d, x))
			after += z[i][j] * z[i][j] / float64(n)
		}
	}
	if math.Abs(after/before-1) > 1e-3 {
		t.Errorf("a mean squared length of %g became %g", before, after)
	}
	product := func(a, b int) (sum float64) {
		for i := range z {
			sum += z[i][a] * z[i][b] / float64(n)
		}
		return sum
	}
	for a := range 12 {
		for b := range a {
			if c := product(a, b) / math.Sqrt(product(a, a)*product(b, b)); math.Abs(c) > 1e-3 {
				t.Errorf("directions %d and %d correlate by %g", b, a, c)
			}
		}
	}
	if first, last := product(0, 0), product(k-1, k-1); !(first > last) {
		t.Errorf("the first direction varies by %g, the last by %g", first, last)
	}
}

// TestWhitenedIsLeastSquares: with a strong decay, a regression on whitened numbers decides as least squares with the whitening's penalty.
func TestWhitenedIsLeastSquares(t *testing.T) {
	p := some(45, 70, 1, true)
	centre(p.X)
	w, err := Whiten(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	s := gramOf(p.X).spectrum(everyOne(len(p.X)))
	q := p
	q.X = nil
	for _, x := range p.X {
		z := make([]float32, len(w.Directions))
		for j, d := range w.Directions {
			z[j] = Dot(d, x)
		}
		q.X = append(q.X, z)
	}
	m, err := Fit(context.Background(), q, 1e5)
	if err != nil {
		t.Fatal(err)
	}
	other := some(40, 70, 1, true).X
	y := p.targets()
	for _, x := range other {
		logits, scores := make([]float64, p.Classes), make([]float64, p.Classes)
		for c := range logits {
			for j, d := range w.Directions {
				logits[c] += m.Weights[c][j] * float64(Dot(d, x))
			}
		}
		// Least squares in the dual form: scores = x X' (X X' + penalty)^-1 (y - mean).
		for j, at := range s.kept {
			along := 0.0
			for i, of := range p.X {
				along += s.vectors.At(i, at) * float64(Dot(of, x))
			}
			for i := range p.X {
				for c := range scores {
					scores[c] += along * s.vectors.At(i, at) / (s.values[j] + w.Penalty*s.unit) * (y[i*p.Classes+c] - 1.0/3)
				}
			}
		}
		by := logits[0] / scores[0]
		for c := range scores {
			if math.Abs(logits[c]-by*scores[c]) > 0.02*math.Abs(by)*max(math.Abs(scores[0]), math.Abs(scores[1]), math.Abs(scores[2])) {
				t.Fatalf("logits %v, least squares %v", logits, scores)
			}
		}
	}
}

// TestChooseWhitened: a decay is chosen of the list, the same each time, whatever is far outside; what cannot be whitened is refused.
func TestChooseWhitened(t *testing.T) {
	p := some(50, 80, 2, false)
	centre(p.X)
	a, err := ChooseWhitened(context.Background(), p, nil, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ChooseWhitened(context.Background(), p, nil, 5, 1)
	if err != nil || a != b {
		t.Errorf("%g, then %g, %v", a, b, err)
	}
	if a == Decays()[0] {
		t.Errorf("of classes that lie apart the strongest decay %g is taken", a)
	}
	flat := p
	flat.X = make([][]float32, len(p.X))
	for i := range flat.X {
		flat.X[i] = make([]float32, 3)
	}
	if _, err := Whiten(context.Background(), flat); !errors.Is(err, ErrFlat) {
		t.Errorf("samples that are all the same: %v", err)
	}
	many := Problem{Classes: 2, X: make([][]float32, MostWhitened+1), Labels: make([][]int, MostWhitened+1)}
	for i := range many.X {
		many.X[i] = []float32{1}
	}
	if _, err := Whiten(context.Background(), many); err == nil {
		t.Error("more samples than can be are whitened")
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Whiten(stopped, p); err == nil {
		t.Error("it was not stopped")
	}
}

// centre subtracts each feature's mean.
func centre(x [][]float32) {
	for j := range x[0] {
		mean := float32(0)
		for _, row := range x {
			mean += row[j] / float32(len(x))
		}
		for _, row := range x {
			row[j] -= mean
		}
	}
}
