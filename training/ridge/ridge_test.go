package ridge

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/training/samples"
)

// What no straight line divides is learnt, a tenth of the labels being wrong, also from a part of the samples.
func TestLearns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	make := func(n int, wrong float64) (x [][]float32, labels [][]int, truth []int) {
		for range n {
			row := []float32{2*r.Float32() - 1, 2*r.Float32() - 1, 0.1 * r.Float32()}
			c := 0
			if row[0]*row[1] > 0 {
				c = 1
			}
			x, truth = append(x, row), append(truth, c)
			if r.Float64() < wrong {
				c = 1 - c
			}
			labels = append(labels, []int{c})
		}
		return x, labels, truth
	}
	x, labels, _ := make(600, 0.1)
	others, _, truth := make(300, 0)
	for _, o := range []Options{{}, {Most: 300}, {Blocks: []int{2, 1}}} {
		m, err := Train(context.Background(), x, labels, 2, o)
		if err != nil {
			t.Fatal(err)
		}
		right := 0
		for i, row := range others {
			scores := m.Predict(row)
			if scores[0] < 0 || scores[1] > 1 || math.Abs(scores[0]+scores[1]-1) > 0.2 {
				t.Fatalf("scores %v", scores)
			}
			if (scores[1] > scores[0]) == (truth[i] == 1) {
				right++
			}
		}
		if right < 270 {
			t.Errorf("%+v: %d of 300 are right", o, right)
		}
	}
}

// Two samples, worked out by hand: the median of the one distance is 1, so their likeness is e^-2, and the regression of +-1/2 has the weights
// +-1/2 / (1 + lambda - e^-2).
func TestByHand(t *testing.T) {
	m, err := Train(context.Background(), [][]float32{{0}, {1}}, [][]int{{0}, {1}}, 2, Options{})
	if err != nil {
		t.Fatal(err)
	}
	likeness := math.Exp(-2)
	weight := 0.5 / (1.3 - likeness)
	for _, c := range []struct{ x, a, b float64 }{{0, 1, likeness}, {1, likeness, 1}, {0.5, math.Exp(-0.5), math.Exp(-0.5)}} {
		want := 0.5 + weight*(c.a-c.b)
		if got := m.Predict([]float32{float32(c.x)}); math.Abs(got[0]-want) > 1e-6 || math.Abs(got[1]-(1-want)) > 1e-6 {
			t.Errorf("at %v: %v, not %v", c.x, got, want)
		}
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	one := [][]float32{{1, 2}}
	for name, c := range map[string]struct {
		x      [][]float32
		labels [][]int
		blocks []int
	}{
		"nothing": {}, "a label too few": {one, nil, nil}, "a class too high": {one, [][]int{{2}}, nil}, "a class below zero": {one, [][]int{{-1}}, nil},
		"blocks too small": {one, [][]int{{0}}, []int{1}}, "rows of two lengths": {[][]float32{{1}, {1, 2}}, [][]int{{0}, {0}}, nil},
	} {
		if _, err := Train(context.Background(), c.x, c.labels, 2, Options{Blocks: c.blocks}); !errors.Is(err, samples.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
	nan := float32(math.NaN())
	if _, err := Train(context.Background(), [][]float32{{nan}, {1}}, [][]int{{0}, {1}}, 2, Options{}); err == nil {
		t.Error("not a number was learnt from")
	}
	if m, err := Train(context.Background(), [][]float32{{1}, {1}}, [][]int{{0}, {1}}, 2, Options{}); err != nil || math.Abs(m.Predict([]float32{1})[0]-0.5) > 1e-6 {
		t.Errorf("twice the same: %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(cancelled, one, [][]int{{0}}, 1, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
