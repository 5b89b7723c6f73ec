package metrics

import (
	"reflect"
	"testing"

	"viewfinder/storage/domain"
)

func judge(t *testing.T, in Input) *Judge {
	t.Helper()
	j, err := NewJudge(in)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func threeClasses(t *testing.T) *Judge {
	return judge(t, Input{Task: domain.Classification, Concepts: 3, Labels: [][]int32{{0}, {0}, {1}, {2}}, Scores: []float32{
		0.75, 0.25, 0, // right
		0.25, 0.5, 0.25, // wrong
		0.125, 0.875, 0, // right
		0, 0.375, 0.625, // right, with a low confidence
	}})
}

func TestAThresholdLeavesClassificationsUndecided(t *testing.T) {
	j := threeClasses(t)
	f := j.Figures(DefaultSettings(domain.Classification))
	if want := [][]int{{1, 1, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 0}}; !reflect.DeepEqual(f.Matrix, want) {
		t.Errorf("%v", f.Matrix)
	}
	if f.Decided != 4 || f.Accuracy.Value != 0.75 {
		t.Errorf("%+v", f)
	}
	s := Settings{Threshold: 0.7}
	f = j.Figures(s)
	if want := [][]int{{1, 0, 0, 1}, {0, 1, 0, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}; !reflect.DeepEqual(f.Matrix, want) {
		t.Errorf("%v", f.Matrix)
	}
	if f.Decided != 2 || f.Accuracy.Value != 0.5 || f.Micro.Precision != 1 {
		t.Errorf("%+v", f)
	}
	s.Concepts = map[int]float64{2: 0.5}
	if f = j.Figures(s); f.Decided != 3 || f.Concepts[2].Threshold != 0.5 {
		t.Errorf("a concept's own threshold: %+v", f)
	}
	if c := j.Cell(s, 0, None); len(c) != 1 || c[0].Sample != 1 || c[0].TruthScore != 0.25 {
		t.Errorf("%+v", c)
	}
}

// A score of exactly the threshold reaches it, in all three tasks, although most decimals are not exact in float32.
func TestAScoreOfExactlyTheThresholdReachesIt(t *testing.T) {
	for _, threshold := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		score := float32(threshold)
		s := Settings{Threshold: threshold, IoU: DefaultIoU}
		for task, in := range map[domain.Task]Input{
			domain.Classification: {Concepts: 12, Labels: [][]int32{{0}}, Scores: append([]float32{score}, make([]float32, 11)...)},
			domain.Tagging:        {Concepts: 1, Labels: [][]int32{{0}}, Scores: []float32{score}},
			domain.Detection:      {Concepts: 1, Truth: [][]domain.ScoredBox{{box(0, 0, 1, 1, 0, 0)}}, Found: [][]domain.ScoredBox{{box(0, 0, 1, 1, 0, float64(score))}}},
		} {
			in.Task = task
			if f := judge(t, in).Figures(s); f.Concepts[0].TruePositives != 1 || f.Concepts[0].FalseNegatives != 0 {
				t.Errorf("%s at %v: %+v", task, threshold, f.Concepts[0].Counts)
			}
		}
	}
}

func TestErrorCasesComeInTheOrderOfTheirWorth(t *testing.T) {
	j := threeClasses(t)
	s := DefaultSettings(domain.Classification)
	if c := j.ErrorCases(s, ConfidentErrors, None, OrderDefault); len(c) != 1 || c[0].Sample != 1 || c[0].Predicted != 1 || c[0].Truth != 0 {
		t.Errorf("%+v", c)
	}
	right := j.ErrorCases(s, UncertainRight, None, OrderDefault)
	if len(right) != 3 || right[0].Sample != 3 || right[2].Sample != 2 {
		t.Errorf("%+v", right)
	}
	if c := j.ErrorCases(s, FalseNegatives, 1, OrderDefault); len(c) != 0 {
		t.Errorf("concept 1 was never missed: %+v", c)
	}
	if c := j.ErrorCases(s, UncertainRight, None, OrderSample); c[0].Sample != 0 {
		t.Errorf("%+v", c)
	}
}

func TestEveryCellAddsUpToItsCases(t *testing.T) {
	for name, j := range map[string]*Judge{"classification": threeClasses(t), "detection": judge(t, Input{
		Task: domain.Detection, Concepts: 2,
		Truth: [][]domain.ScoredBox{{box(0, 0, 10, 10, 0, 0), box(20, 0, 30, 10, 1, 0), box(40, 0, 50, 10, 1, 0)}},
		Found: [][]domain.ScoredBox{{box(0, 0, 10, 10, 0, 0.9), box(20, 0, 30, 10, 0, 0.8), box(60, 0, 70, 10, 1, 0.7), box(40, 0, 50, 10, 1, 0.05)}},
	})} {
		s := DefaultSettings(j.Task())
		f := j.Figures(s)
		for truth, row := range f.Matrix {
			for predicted, n := range row {
				a, b := truth, predicted
				if a == j.Concepts() {
					a = None
				}
				if b == j.Concepts() {
					b = None
				}
				if got := len(j.Cell(s, a, b)); got != n && !(a == None && b == None) {
					t.Errorf("%s: cell %d, %d has %d and lists %d", name, a, b, n, got)
				}
			}
		}
		for c, k := range f.Concepts {
			for o, n := range map[Outcome]int{TruePositive: k.TruePositives, FalsePositive: k.FalsePositives, FalseNegative: k.FalseNegatives} {
				if got := len(j.Outcome(s, c, o)); got != n {
					t.Errorf("%s: concept %d, outcome %d: %d, lists %d", name, c, o, n, got)
				}
			}
		}
	}
}

func TestTheCurveAndTheFiguresAgree(t *testing.T) {
	j := threeClasses(t)
	best, ok := j.BestF1(0, 0)
	if !ok || best.Threshold != 0.75 || best.Precision != 1 || best.Recall != 0.5 {
		t.Errorf("%+v", best)
	}
	f := j.Figures(Settings{Threshold: best.Threshold})
	if f.Concepts[0].F1 != best.F1 {
		t.Errorf("%v, the curve says %v", f.Concepts[0].F1, best.F1)
	}
	if c, ok := j.PrecisionAtLeast(None, 1, 0); !ok || c.Threshold != 0.625 || c.Recall != 0.75 {
		t.Errorf("%+v %v", c, ok)
	}
	if _, ok := j.PrecisionAtLeast(1, 1.5, 0); ok {
		t.Error("a precision above 1 is reached")
	}
}

func TestInputsThatDoNotFitAreRefused(t *testing.T) {
	for name, in := range map[string]Input{
		"no concepts":     {Task: domain.Tagging},
		"unknown task":    {Task: "x", Concepts: 1},
		"too few scores":  {Task: domain.Tagging, Concepts: 2, Labels: [][]int32{{0}}, Scores: []float32{1}},
		"two classes":     {Task: domain.Classification, Concepts: 2, Labels: [][]int32{{0, 1}}, Scores: []float32{1, 0}},
		"unknown concept": {Task: domain.Tagging, Concepts: 2, Labels: [][]int32{{2}}, Scores: []float32{1, 0}},
		"unknown box":     {Task: domain.Detection, Concepts: 1, Found: [][]domain.ScoredBox{{}}, Truth: [][]domain.ScoredBox{{{Class: 1}}}},
		"a list too few":  {Task: domain.Detection, Concepts: 1, Found: [][]domain.ScoredBox{}, Truth: [][]domain.ScoredBox{{}}},
	} {
		if _, err := NewJudge(in); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
