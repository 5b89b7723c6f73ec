package predict

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

func TestWritePredictions(t *testing.T) {
	list := []Prediction{
		{File: "=cmd|a.jpg", Concepts: []PredictedConcept{{"Verre, brisé", 0.75}, {"Métal \"x\"", 0.25}}},
		{File: "b.jpg", Boxes: []PredictedBox{{0.1, 0.2, 0.3, 0.4, "RBC", 0.9}}},
		{File: "c.jpg"},
		{File: "d.txt", Error: "this is no image"},
	}
	var b bytes.Buffer
	if err := WritePredictions(&b, "csv", list); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 6 || rows[1][0] != "'=cmd|a.jpg" || rows[2][1] != "Métal \"x\"" || rows[3][3] != "0.100000" || rows[5][7] != "this is no image" {
		t.Errorf("%q", rows)
	}
	b.Reset()
	if err := WritePredictions(&b, "json", nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("%q, %v", b.String(), err)
	}
	if err := WritePredictions(&b, "xml", nil); err == nil {
		t.Error("xml was written")
	}
}

func TestPredictionAt(t *testing.T) {
	p := Prediction{Concepts: []PredictedConcept{{"A", 0.6}, {"B", 0.3}}, Boxes: []PredictedBox{{Concept: "C", Score: 0.5}, {Concept: "D", Score: 0.2}}}
	if got := p.At(domain.Classification, 0.5, 0); len(got.Concepts) != 2 || len(got.Boxes) != 1 {
		t.Errorf("%+v", got)
	}
	if got := p.At(domain.Tagging, 0.5, 0); len(got.Concepts) != 1 {
		t.Errorf("%+v", got)
	}
	if got := p.At(domain.Classification, 0, 1); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestFreeName(t *testing.T) {
	used := map[string]bool{}
	for _, c := range [][3]string{
		{"a/photo.jpg", "Glass", "photo.Glass.png"},
		{"b/Photo.png", "glass", "Photo.glass-2.png"},
		{"x.jpg", "../../etc: \"a\"", "x..._.._etc_ _a_.png"},
	} {
		if got := freeName(used, c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// A tag or a box whose score is exactly the threshold is in, as networks keep scores: in float32.
func TestPredictionsReachTheirThresholdExactly(t *testing.T) {
	var v runs.Version
	v.ID, v.Concepts = 1, []storage.FrozenConcept{{ID: 1, Name: "A"}}
	for _, threshold := range []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		for _, score := range []float64{float64(float32(threshold)), threshold} {
			p := Prediction{Concepts: []PredictedConcept{{"A", score}}, Boxes: []PredictedBox{{Concept: "A", Score: score}}}
			if got := p.At(domain.Tagging, threshold, 0); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
				t.Errorf("at %v of %v: %+v", threshold, score, got)
			}
			raw := training.Prediction{Scores: []float64{score}, Boxes: []domain.ScoredBox{{Box: domain.Box{XMax: 1, YMax: 1}, Score: score}}}
			if got := readable(domain.Tagging, v, raw, PredictRequest{Threshold: threshold}); len(got.Concepts) != 1 || len(got.Boxes) != 1 {
				t.Errorf("predicted at %v of %v: %+v", threshold, score, got)
			}
			if got := suggestionsOf(domain.Tagging, v, storage.Datapoint{}, raw, threshold, map[int64]bool{1: true}); len(got) != 2 {
				t.Errorf("suggested at %v of %v: %+v", threshold, score, got)
			}
		}
	}
}
