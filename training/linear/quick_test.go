package linear

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"viewfinder/training/samples"
)

// TestLeftOut: what is predicted of a sample without a second fit is what a head says that was fitted to all others.
func TestLeftOut(t *testing.T) {
	for _, exclusive := range []bool{true, false} {
		for _, d := range []int{4, 40} {
			p := some(24, d, 1, exclusive)
			f := newQuickFit(p)
			if !f.decompose() {
				t.Fatal("no directions")
			}
			scores := f.leftOut(0.3, f.all())
			for i := range p.X {
				q := p
				q.X = slices.Delete(slices.Clone(p.X), i, i+1)
				q.Labels = slices.Delete(slices.Clone(p.Labels), i, i+1)
				others := newQuickFit(q)
				if !others.decompose() {
					t.Fatal("no directions")
				}
				h := others.head(0.3 * f.unit / others.unit)
				for c := range p.Classes {
					want := h.Bias[c] + Dot(h.Weights[c], p.X[i])
					if got := scores[i*p.Classes+c]; math.Abs(float64(got-want)) > 1e-4 {
						t.Fatalf("exclusive %v, %d features, sample %d, class %d: %g, fitted anew %g", exclusive, d, i, c, got, want)
					}
				}
			}
		}
	}
}

// TestQuickLearns: far apart classes are told apart with confidence, and where nothing tells them apart there is none.
func TestQuickLearns(t *testing.T) {
	for _, exclusive := range []bool{true, false} {
		for _, far := range []bool{true, false} {
			distance := 0.0
			if far {
				distance = 8
			}
			p := some(90, 20, distance, exclusive)
			q, left, err := FitQuick(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			right, certainty := 0, 0.0
			for i, row := range left {
				sum := 0.0
				for c, v := range row {
					sum += float64(v)
					if (v > 0.5) == slices.Contains(p.Labels[i], c) {
						right++
					}
					certainty += math.Abs(float64(v) - 0.5)
				}
				if exclusive && math.Abs(sum-1) > 1e-5 {
					t.Fatalf("probabilities add to %g", sum)
				}
			}
			n := float64(len(left) * p.Classes)
			share, certain := float64(right)/n, 2*certainty/n
			if far && (share < 0.97 || certain < 0.7) || !far && exclusive && certain > 0.5 {
				t.Errorf("exclusive %v, far apart %v: %.2f right, certain by %.2f", exclusive, far, share, certain)
			}
			got := make([]float32, p.Classes)
			q.Probabilities(got, p.X[1])
			if far && slices.Index(got, slices.Max(got)) != p.Labels[1][0] {
				t.Errorf("exclusive %v: %v of a sample of %v", exclusive, got, p.Labels[1])
			}
		}
	}
}

// TestQuickOddities: samples that are all alike, one class, a thousand classes and damaged numbers have an end, and no probability is other than a number.
func TestQuickOddities(t *testing.T) {
	ctx := context.Background()
	alike := Problem{Classes: 2, Exclusive: true}
	for i := range 12 {
		alike.X, alike.Labels = append(alike.X, []float32{1, 2, 3}), append(alike.Labels, []int{i % 2})
	}
	one := some(9, 5, 1, true)
	one.Classes = 1
	for i := range one.Labels {
		one.Labels[i] = []int{0}
	}
	many := Problem{Classes: 1000, Exclusive: true}
	for i, x := range some(300, 12, 1, true).X {
		many.X, many.Labels = append(many.X, x), append(many.Labels, []int{i * 3})
	}
	for name, p := range map[string]Problem{"alike": alike, "one class": one, "a thousand": many} {
		q, left, err := FitQuick(ctx, p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		row := make([]float32, p.Classes)
		q.Probabilities(row, p.X[1])
		for _, v := range append(slices.Clone(left[0]), row...) {
			if !(v >= 0 && v <= 1) {
				t.Fatalf("%s: a probability of %v", name, v)
			}
		}
		if name == "alike" && math.Abs(float64(row[0]-0.5)) > 0.05 {
			t.Errorf("images that are all the same are told apart: %v", row)
		}
	}
	if _, _, err := FitQuick(ctx, Problem{}); !errors.Is(err, samples.ErrShape) {
		t.Errorf("no samples: %v", err)
	}
	bad := some(6, 3, 1, true)
	bad.X[2][0] = float32(math.Inf(1))
	if _, _, err := FitQuick(ctx, bad); !errors.Is(err, errNotFinite) {
		t.Errorf("infinite: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := FitQuick(cancelled, some(9, 3, 1, true)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// BenchmarkQuick is the head of 5,000 samples of 128 features in 20 classes.
func BenchmarkQuick(b *testing.B) {
	p := some(5000, 128, 1, true)
	p.Classes = 20
	for b.Loop() {
		if _, _, err := FitQuick(context.Background(), p); err != nil {
			b.Fatal(err)
		}
	}
}
