package linear

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/training/samples"
)

// some makes samples of three classes in a space of d features, which lie apart by distance in the first three.
func some(n, d int, distance float64, exclusive bool) Problem {
	r := rand.New(rand.NewPCG(1, uint64(d)))
	p := Problem{Classes: 3, Exclusive: exclusive}
	for i := range n {
		x := make([]float32, d)
		for j := range x {
			x[j] = float32(r.NormFloat64())
		}
		of := []int{i % 3}
		if !exclusive && i%4 == 0 {
			of = append(of, (i+1)%3)
		}
		if !exclusive && i%7 == 0 {
			of = nil
		}
		for _, c := range of {
			x[c] += float32(distance)
		}
		p.X, p.Labels = append(p.X, x), append(p.Labels, of)
	}
	return p
}

// value computes the objective plainly.
func value(p Problem, m *Model, decay float64) float64 {
	loss, norm := 0.0, 0.0
	for i, x := range p.X {
		logits := make([]float64, p.Classes)
		for c := range logits {
			logits[c] = m.Bias[c]
			for j, v := range x {
				logits[c] += m.Weights[c][j] * float64(v)
			}
		}
		is := make([]bool, p.Classes)
		for _, c := range p.Labels[i] {
			is[c] = true
		}
		sum := 0.0
		for c, v := range logits {
			sum += math.Exp(v)
			switch {
			case p.Exclusive && is[c]:
				loss -= v
			case !p.Exclusive && is[c]:
				loss += math.Log(1+math.Exp(-v)) / float64(p.Classes)
			case !p.Exclusive:
				loss += math.Log(1+math.Exp(v)) / float64(p.Classes)
			}
		}
		if p.Exclusive {
			loss += math.Log(sum)
		}
	}
	for _, w := range m.Weights {
		for _, v := range w {
			norm += v * v
		}
	}
	return loss/float64(len(p.X)) + decay/2*norm
}

// TestLeast: no small change of what is fitted lowers the objective, with more samples than features and with fewer.
func TestLeast(t *testing.T) {
	for _, exclusive := range []bool{true, false} {
		for _, d := range []int{5, 80} {
			p := some(40, d, 1, exclusive)
			for _, decay := range []float64{1, 0.01} {
				m, err := Fit(context.Background(), p, decay)
				if err != nil {
					t.Fatal(err)
				}
				least := value(p, m, decay)
				for c := range m.Weights {
					for j := -1; j < min(d, 6); j++ {
						at := &m.Bias[c]
						if j >= 0 {
							at = &m.Weights[c][j]
						}
						for _, by := range []float64{0.01, -0.01} {
							*at += by
							if v := value(p, m, decay); v < least-1e-6 {
								t.Errorf("exclusive %v, %d features, decay %g: %g lower", exclusive, d, decay, least-v)
							}
							*at -= by
						}
					}
				}
			}
		}
	}
}

// TestTwoClasses: of two classes the weights mirror each other.
func TestTwoClasses(t *testing.T) {
	p := Problem{X: [][]float32{{0, 1}, {1, 1}, {2, 0}, {3, 1}, {4, 0}, {5, 1}}, Labels: [][]int{{0}, {0}, {0}, {1}, {1}, {1}}, Classes: 2, Exclusive: true}
	m, err := Fit(context.Background(), p, 0.1)
	if err != nil {
		t.Fatal(err)
	}
	// What lies half way is undecided, and the classes mirror each other.
	for j := range 2 {
		if math.Abs(m.Weights[0][j]+m.Weights[1][j]) > 1e-3 {
			t.Errorf("weights %v", m.Weights)
		}
	}
	if m.Weights[1][0] < 0.3 || m.Bias[1] > m.Bias[0] {
		t.Errorf("weights %v, bias %v", m.Weights, m.Bias)
	}
}

// TestChoose: where the classes lie far apart weak decay is best, where they can't be distinguished, strong.
func TestChoose(t *testing.T) {
	choose := func(distance float64, exclusive bool) float64 {
		decay, err := Choose(context.Background(), some(120, 30, distance, exclusive), nil, 5)
		if err != nil {
			t.Fatal(err)
		}
		return decay
	}
	for _, exclusive := range []bool{true, false} {
		if far, near := choose(6, exclusive), choose(0, exclusive); far >= near || far > 0.1 || near < 1 {
			t.Errorf("exclusive %v: %g far apart, %g where nothing tells them apart", exclusive, far, near)
		}
	}
}

// TestGroupsStayTogether: views of one image, of which one would give the other's class away, are never on both sides.
func TestGroupsStayTogether(t *testing.T) {
	p := some(60, 10, 1, true)
	groups := make([]int, 60)
	for i := range groups {
		groups[i] = i / 3 // of three classes each
	}
	fold := deal(p, groups, 5)
	count := make([]int, 5)
	for i, f := range fold {
		if f != fold[i/3*3] {
			t.Fatal("a group is in two folds")
		}
		count[f]++
	}
	for _, n := range count {
		if n != 12 {
			t.Errorf("folds of %v", count)
		}
	}
	even := deal(p, nil, 3)
	perClass := [3][3]int{}
	for i, f := range even {
		perClass[i%3][f]++
	}
	for _, of := range perClass {
		for _, n := range of {
			if n < 6 || n > 7 {
				t.Errorf("classes in folds %v", perClass)
			}
		}
	}
}

func TestBadProblems(t *testing.T) {
	ctx := context.Background()
	good := some(6, 4, 1, true)
	bad := good
	bad.Labels = [][]int{{0}, {1}, nil, {0}, {1}, {2}}
	if _, err := Fit(ctx, bad, 1); !errors.Is(err, samples.ErrShape) {
		t.Errorf("a sample without a class: %v", err)
	}
	if _, err := Choose(ctx, Problem{}, nil, 5); !errors.Is(err, samples.ErrShape) {
		t.Errorf("no samples: %v", err)
	}
	for _, decay := range []float64{0, -1, math.NaN()} {
		if _, err := Fit(ctx, good, decay); err == nil {
			t.Errorf("a decay of %v", decay)
		}
	}
	for _, d := range []int{4, 20} {
		nan := some(6, d, 1, true)
		nan.X[3][1] = float32(math.NaN())
		if _, err := Fit(ctx, nan, 1); !errors.Is(err, errNotFinite) {
			t.Errorf("not a number: %v", err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Choose(cancelled, good, nil, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
