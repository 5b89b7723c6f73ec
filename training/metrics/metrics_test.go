package metrics

import (
	"math"
	"reflect"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestConfusion(t *testing.T) {
	m := Confusion([]int{0, 0, 1, 2, 2, 2}, []int{0, 1, 1, 2, 0, 2}, 3)
	if want := [][]int{{1, 1, 0}, {0, 1, 0}, {1, 0, 2}}; !reflect.DeepEqual(m, want) {
		t.Fatalf("%v", m)
	}
	c := FromConfusion(m)
	if want := (Counts{TruePositives: 2, FalsePositives: 0, FalseNegatives: 1, TrueNegatives: 3}); c[2] != want {
		t.Errorf("%+v", c[2])
	}
	if !near(c[2].Precision(), 1) || !near(c[2].Recall(), 2.0/3) || !near(c[2].F1(), 0.8) || c[2].Support() != 3 {
		t.Errorf("%v %v %v", c[2].Precision(), c[2].Recall(), c[2].F1())
	}
	if (Counts{}).F1() != 0 || (Counts{TrueNegatives: 3}).Seen() {
		t.Error("a concept that never occurs")
	}
}

func TestDecide(t *testing.T) {
	c := Decide([]float64{0.9, 0.5, 0.4, 0.1}, []bool{true, false, true, false}, 0.5)
	if want := (Counts{1, 1, 1, 1}); c != want {
		t.Errorf("%+v", c)
	}
}

func TestAveragePrecision(t *testing.T) {
	for _, c := range []struct {
		name   string
		scores []float64
		truth  []bool
		want   float64
	}{
		{"scikit-learn's example", []float64{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true}, 0.8333333333333333},
		{"perfect", []float64{0.9, 0.8, 0.1}, []bool{true, true, false}, 1},
		{"ties are one point", []float64{0.5, 0.5, 0.5, 0.5}, []bool{true, false, false, false}, 0.25},
		{"nothing true", []float64{0.5}, []bool{false}, 0},
		{"empty", nil, nil, 0},
	} {
		if got := AveragePrecision(c.scores, c.truth); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func box(x0, y0, x1, y1 float64, class int, score float64) Box {
	return Box{XMin: x0, YMin: y0, XMax: x1, YMax: y1, Class: class, Score: score}
}

func TestIoU(t *testing.T) {
	a := box(0, 0, 2, 2, 0, 0)
	for _, c := range []struct {
		b    Box
		want float64
	}{{a, 1}, {box(1, 0, 3, 2, 0, 0), 1.0 / 3}, {box(2, 0, 3, 2, 0, 0), 0}, {box(5, 5, 6, 6, 0, 0), 0}, {box(0, 0, 1, 1, 0, 0), 0.25}} {
		if got := IoU(a, c.b); !near(got, c.want) {
			t.Errorf("%v: %v, want %v", c.b, got, c.want)
		}
	}
}

func TestBoxAveragePrecision(t *testing.T) {
	truth := [][]Box{{box(0, 0, 10, 10, 0, 0), box(20, 20, 30, 30, 0, 0)}, {box(0, 0, 10, 10, 0, 0)}}
	found := [][]Box{
		{box(0, 0, 10, 10, 0, 0.9), box(1, 0, 11, 10, 0, 0.8), box(50, 50, 60, 60, 0, 0.7)}, // right, a second one on the same, nothing there
		{box(0, 0, 10, 9, 0, 0.6)}, // right
	}
	// precision 1, 1/2, 1/3, 1/2 at recall 1/3, 1/3, 1/3, 2/3; made monotone: 1, 1/2, 1/2, 1/2
	if got := BoxAveragePrecision(found, truth, 0, 0.5); !near(got, 1.0/3+0.5/3) {
		t.Errorf("%v", got)
	}
	if got := BoxAveragePrecision(found, truth, 1, 0.5); got != 0 {
		t.Errorf("a class that does not occur: %v", got)
	}
	map50, map5095, per := MeanAveragePrecision(found, truth, 2)
	if !near(map50, 0.5) || !near(per[0], 0.5) || map5095 >= map50 || map5095 <= 0 {
		t.Errorf("%v %v %v", map50, map5095, per)
	}
}

func TestPerfectAndEmptyDetections(t *testing.T) {
	truth := [][]Box{{box(0, 0, 1, 1, 0, 0), box(0, 0, 1, 1, 1, 0)}, {}}
	found := [][]Box{{box(0, 0, 1, 1, 0, 0.4), box(0, 0, 1, 1, 1, 0.6)}, {}}
	if m50, m5095, _ := MeanAveragePrecision(found, truth, 2); !near(m50, 1) || !near(m5095, 1) {
		t.Errorf("perfect: %v %v", m50, m5095)
	}
	if m50, _, _ := MeanAveragePrecision([][]Box{{}, {}}, truth, 2); m50 != 0 {
		t.Errorf("empty: %v", m50)
	}
}

func TestMatch(t *testing.T) {
	truth := [][]Box{{box(0, 0, 10, 10, 0, 0), box(20, 0, 30, 10, 1, 0), box(40, 0, 50, 10, 1, 0)}}
	found := [][]Box{{
		box(0, 0, 10, 10, 0, 0.9),   // right
		box(20, 0, 30, 10, 0, 0.8),  // wrong class
		box(60, 0, 70, 10, 1, 0.7),  // nothing there
		box(40, 0, 50, 10, 1, 0.05), // below the threshold
	}}
	m, c := Match(found, truth, 2, 0.5, 0.5)
	if want := [][]int{{1, 0, 0}, {1, 0, 1}, {0, 1, 0}}; !reflect.DeepEqual(m, want) {
		t.Errorf("%v", m)
	}
	if want := (Counts{TruePositives: 1, FalsePositives: 1}); c[0] != want {
		t.Errorf("class 0: %+v", c[0])
	}
	if want := (Counts{FalsePositives: 1, FalseNegatives: 2}); c[1] != want {
		t.Errorf("class 1: %+v", c[1])
	}
}

func TestPairPrefersTheSameClass(t *testing.T) {
	truth := []Box{box(0, 0, 10, 10, 0, 0)}
	found := []Box{box(0, 0, 10, 10, 1, 0.9), box(0, 0, 10, 9, 0, 0.5)}
	pairs, free := Pair(found, truth, 0.1, 0.5)
	if !reflect.DeepEqual(pairs, []int{-1, 0}) || len(free) != 0 {
		t.Errorf("%v %v", pairs, free)
	}
}
