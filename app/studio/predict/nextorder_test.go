package predict

import (
	"math"
	"slices"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training"
)

func TestUncertainty(t *testing.T) {
	box := func(s float64) domain.ScoredBox { return domain.ScoredBox{Score: s} }
	for name, c := range map[string]struct {
		task domain.Task
		p    training.Prediction
		want float64
	}{
		"certain":        {domain.Classification, training.Prediction{Scores: []float64{0, 1, 0}}, 0},
		"margin":         {domain.Classification, training.Prediction{Scores: []float64{0.3, 0.2, 0.5}}, 0.8},
		"undecided":      {domain.Classification, training.Prediction{Scores: []float64{0.5, 0.5}}, 1},
		"tags":           {domain.Tagging, training.Prediction{Scores: []float64{0.99, 0.4, 0.05}}, 0.8},
		"boxes":          {domain.Detection, training.Prediction{Boxes: []domain.ScoredBox{box(0.95), box(0.3)}}, 0.6},
		"nothing found":  {domain.Detection, training.Prediction{}, 0.5},
		"hardly a thing": {domain.Detection, training.Prediction{Boxes: []domain.ScoredBox{box(0.04)}}, 0.5},
	} {
		if got := uncertainty(c.task, c.p); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}

// TestNextOrder: the uncertain come first, but of two similar ones only one does; what was annotated counts as seen.
func TestNextOrder(t *testing.T) {
	features := [][]float32{
		{1, 0, 0},    // 0: as what is annotated
		{0, 1, 0},    // 1: new and uncertain
		{0, 2, 0.01}, // 2: looks like 1, a little less uncertain
		{0, 0, 1},    // 3: new, less uncertain
		nil,          // 4: cannot be read
	}
	got := nextOrder([]float64{0.9, 0.9, 0.85, 0.4, 1}, features, [][]float32{{3, 0, 0}}, 10)
	if want := []int{1, 3, 2, 0}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if got := nextOrder([]float64{0.9, 0.9, 0.85, 0.4, 1}, features, nil, 2); len(got) != 2 {
		t.Errorf("%d chosen, want 2", len(got))
	}
}
