package forest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"viewfinder/training/samples"
)

// rings are points of a plane in three rings around the middle, and numbers that mean nothing; only some of the labels are right.
func rings(n int, wrong float64, seed uint64) (x [][]float32, labels [][]int, truth []int) {
	r := rand.New(rand.NewPCG(seed, 2))
	for range n {
		row := []float32{2*r.Float32() - 1, 2*r.Float32() - 1, r.Float32(), 3, r.Float32()}
		c := min(2, int(3*math.Hypot(float64(row[0]), float64(row[1]))))
		x, truth = append(x, row), append(truth, c)
		if r.Float64() < wrong {
			c = (c + 1 + r.IntN(2)) % 3
		}
		labels = append(labels, []int{c})
	}
	return x, labels, truth
}

func train(t *testing.T, x [][]float32, labels [][]int, classes int, o Options) *Forest {
	t.Helper()
	f, err := Train(context.Background(), x, labels, classes, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func top(scores []float64) int {
	best := 0
	for c := range scores {
		if scores[c] > scores[best] {
			best = c
		}
	}
	return best
}

// What no straight line divides is learnt, a tenth of the labels being wrong.
func TestLearns(t *testing.T) {
	x, labels, _ := rings(800, 0.1, 1)
	others, _, truth := rings(400, 0, 2)
	for _, o := range []Options{{Trees: 100, Features: 0.6}, {Trees: 100, Features: 0.6, Most: 500}} {
		f := train(t, x, labels, 3, o)
		right := 0
		for i, row := range others {
			scores := f.Predict(row)
			if sum := scores[0] + scores[1] + scores[2]; math.Abs(sum-1) > 1e-5 {
				t.Fatalf("scores add to %v", sum)
			}
			if top(scores) == truth[i] {
				right++
			}
		}
		if right < 360 {
			t.Errorf("%+v: %d of 400 are right", o, right)
		}
	}
}

// A sample may have several classes, or none.
func TestTags(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var x [][]float32
	var labels [][]int
	for range 400 {
		row := []float32{r.Float32(), r.Float32()}
		var of []int
		for c, v := range row {
			if v > 0.5 {
				of = append(of, c)
			}
		}
		x, labels = append(x, row), append(labels, of)
	}
	f := train(t, x, labels, 2, Options{Trees: 60, Features: 1})
	for _, c := range []struct {
		x    []float32
		want []float64
	}{{[]float32{0.2, 0.2}, []float64{0, 0}}, {[]float32{0.8, 0.2}, []float64{1, 0}}, {[]float32{0.2, 0.8}, []float64{0, 1}}, {[]float32{0.8, 0.8}, []float64{1, 1}}} {
		got := f.Predict(c.x)
		for k := range got {
			if math.Abs(got[k]-c.want[k]) > 0.1 {
				t.Errorf("%v: %v, not %v", c.x, got, c.want)
			}
		}
	}
}

func TestSameSeedSameForest(t *testing.T) {
	x, labels, _ := rings(200, 0.1, 1)
	a, b := train(t, x, labels, 3, Options{Trees: 20, Seed: 5}), train(t, x, labels, 3, Options{Trees: 20, Seed: 5})
	if !reflect.DeepEqual(a, b) {
		t.Error("two forests of one seed differ")
	}
	if c := train(t, x, labels, 3, Options{Trees: 20, Seed: 6}); reflect.DeepEqual(a, c) {
		t.Error("another seed grew the same forest")
	}
}

// Every leaf has at least as many samples as was asked for: each is sent to its leaf again.
func TestLeastLeaf(t *testing.T) {
	x, labels, _ := rings(300, 0.3, 1)
	f := train(t, x, labels, 3, Options{Trees: 10, MinLeaf: 7})
	for _, tree := range f.trees {
		count := map[*float32]int{}
		for _, row := range x {
			count[&tree.leaf(row, 3)[0]]++
		}
		if len(count) < 2 || len(count) != len(tree.shares)/3 {
			t.Errorf("%d leaves are reached of %d", len(count), len(tree.shares)/3)
		}
		for _, n := range count {
			if n < 7 {
				t.Errorf("a leaf of %d", n)
			}
		}
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		x      [][]float32
		labels [][]int
	}{
		"nothing": {}, "rows of two lengths": {[][]float32{{1}, {1, 2}}, [][]int{{0}, {1}}}, "a label too few": {[][]float32{{1}, {2}}, [][]int{{0}}},
		"a class too high": {[][]float32{{1}}, [][]int{{2}}}, "a class below zero": {[][]float32{{1}}, [][]int{{-1}}},
	} {
		if _, err := Train(context.Background(), c.x, c.labels, 2, Options{}); !errors.Is(err, samples.ErrShape) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := train(t, [][]float32{{nan, 1}, {nan, 1}, {nan, 1}, {nan, 1}}, [][]int{{0}, {1}, {1}, {1}}, 2, Options{Trees: 3})
	if got := f.Predict([]float32{nan, nan}); math.Abs(got[1]-0.75) > 1e-6 {
		t.Errorf("without a feature that differs: %v, not the shares", got)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(cancelled, [][]float32{{1}}, [][]int{{0}}, 1, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func BenchmarkTrain(b *testing.B) {
	x, labels, _ := rings(1000, 0.1, 1)
	for b.Loop() {
		if _, err := Train(context.Background(), x, labels, 3, Options{Trees: 50, Features: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
