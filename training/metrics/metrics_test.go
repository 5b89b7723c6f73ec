package metrics

import (
	"math"
	"reflect"
	"testing"

	"viewfinder/storage/domain"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestCounts(t *testing.T) {
	c := Counts{TruePositives: 2, FalsePositives: 0, FalseNegatives: 1, TrueNegatives: 3}
	if !near(c.Precision(), 1) || !near(c.Recall(), 2.0/3) || !near(c.F1(), 0.8) || c.Support() != 3 {
		t.Errorf("%v %v %v", c.Precision(), c.Recall(), c.F1())
	}
	if (Counts{}).F1() != 0 || (Counts{TrueNegatives: 3}).Seen() {
		t.Error("a concept that never occurs")
	}
}

func TestAveragePrecision(t *testing.T) {
	for _, c := range []struct {
		name   string
		scores []float32
		truth  []bool
		want   float64
	}{
		{"scikit-learn's example", []float32{0.1, 0.4, 0.35, 0.8}, []bool{false, false, true, true}, 0.8333333333333333},
		{"perfect", []float32{0.9, 0.8, 0.1}, []bool{true, true, false}, 1},
		{"ties are one point", []float32{0.5, 0.5, 0.5, 0.5}, []bool{true, false, false, false}, 0.25},
		{"nothing true", []float32{0.5}, []bool{false}, 0},
		{"empty", nil, nil, 0},
	} {
		total := 0
		for _, is := range c.truth {
			if is {
				total++
			}
		}
		if got := rank(c.scores, c.truth, total).area(); !near(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func box(x0, y0, x1, y1 float64, class int, score float64) domain.ScoredBox {
	return domain.ScoredBox{Box: domain.Box{XMin: x0, YMin: y0, XMax: x1, YMax: y1}, Class: class, Score: score}
}

func TestIoU(t *testing.T) {
	a := box(0, 0, 2, 2, 0, 0)
	for _, c := range []struct {
		b    domain.ScoredBox
		want float64
	}{{a, 1}, {box(1, 0, 3, 2, 0, 0), 1.0 / 3}, {box(2, 0, 3, 2, 0, 0), 0}, {box(5, 5, 6, 6, 0, 0), 0}, {box(0, 0, 1, 1, 0, 0), 0.25}} {
		if got := a.IoU(c.b.Box); !near(got, c.want) {
			t.Errorf("%v: %v, want %v", c.b, got, c.want)
		}
	}
}

func TestPerfectAndEmptyDetections(t *testing.T) {
	truth := [][]domain.ScoredBox{{box(0, 0, 1, 1, 0, 0), box(0, 0, 1, 1, 1, 0)}, {}}
	found := [][]domain.ScoredBox{{box(0, 0, 1, 1, 0, 0.4), box(0, 0, 1, 1, 1, 0.6)}, {}}
	if e := EvaluateCOCO(found, truth, nil, 2); !near(e.MAP, 1) || !near(e.MAP50, 1) {
		t.Errorf("perfect: %+v", e)
	}
	if e := EvaluateCOCO([][]domain.ScoredBox{{}, {}}, truth, nil, 2); e.MAP50 != 0 {
		t.Errorf("empty: %+v", e)
	}
}

func TestBoxesOfTheSameConceptAreMatchedFirst(t *testing.T) {
	j := judge(t, Input{Task: domain.Detection, Concepts: 2,
		Truth: [][]domain.ScoredBox{{box(0, 0, 10, 10, 0, 0), box(20, 0, 30, 10, 1, 0), box(40, 0, 50, 10, 1, 0)}, {box(0, 0, 10, 10, 0, 0)}},
		Found: [][]domain.ScoredBox{{
			box(0, 0, 10, 10, 0, 0.9),   // right
			box(20, 0, 30, 10, 0, 0.8),  // wrong class
			box(60, 0, 70, 10, 1, 0.7),  // nothing there
			box(40, 0, 50, 10, 1, 0.05), // below the threshold
		}, {box(0, 0, 10, 10, 1, 0.9), box(0, 0, 10, 9, 0, 0.5)}},
	})
	f := j.Figures(Settings{Threshold: 0.5})
	if want := [][]int{{2, 0, 0}, {1, 0, 1}, {0, 2, 0}}; !reflect.DeepEqual(f.Matrix, want) {
		t.Errorf("%v", f.Matrix)
	}
	if want := (Counts{TruePositives: 2, FalsePositives: 1}); f.Concepts[0].Counts != want {
		t.Errorf("class 0: %+v", f.Concepts[0])
	}
	if want := (Counts{FalsePositives: 2, FalseNegatives: 2}); f.Concepts[1].Counts != want {
		t.Errorf("class 1: %+v", f.Concepts[1])
	}
}
