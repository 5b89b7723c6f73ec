package training

import (
	"errors"
	"testing"

	"viewfinder/storage/domain"
)

// TestJudges: a figure on val needs something in val that could be found.
func TestJudges(t *testing.T) {
	box := []domain.LabelledBox{{}}
	for _, tt := range []struct {
		name string
		e    *Evaluation
		want bool
	}{
		{"no evaluation", nil, false},
		{"no sample", &Evaluation{Task: domain.Classification}, false},
		{"a labelled sample", &Evaluation{Task: domain.Classification, Samples: []Sample{{Labels: []int{0}}}, Predictions: []Prediction{{}}}, true},
		{"one that could not be read", &Evaluation{Task: domain.Classification, Samples: []Sample{{Labels: []int{0}}}, Predictions: []Prediction{{Err: errors.New("gone")}}}, false},
		{"hard negatives alone", &Evaluation{Task: domain.Tagging, Samples: []Sample{{}, {}}, Predictions: make([]Prediction, 2)}, false},
		{"a tag", &Evaluation{Task: domain.Tagging, Samples: []Sample{{}, {Labels: []int{1}}}, Predictions: make([]Prediction, 2)}, true},
		{"background alone", &Evaluation{Task: domain.Detection, Samples: []Sample{{}}, Predictions: make([]Prediction, 1)}, false},
		{"an object", &Evaluation{Task: domain.Detection, Samples: []Sample{{Boxes: box}}, Predictions: make([]Prediction, 1)}, true},
	} {
		if got := tt.e.Judges(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	good := &Evaluation{Task: domain.Classification, Accuracy: 0.5, Samples: []Sample{{Labels: []int{0}}}, Predictions: []Prediction{{}}}
	if v, name := (Results{Train: good}).headline(); v != 0 || name != "" {
		t.Errorf("without val: %v %q", v, name)
	}
	if v, name := (Results{Train: good, Val: good}).headline(); v != 0.5 || name != domain.HeadlineAccuracy {
		t.Errorf("with val: %v %q", v, name)
	}
}
