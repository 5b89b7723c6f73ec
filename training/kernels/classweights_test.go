package kernels

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// Losses with class weights have the values and gradients that PyTorch computes (testdata/classweights.py): a classification's weigh each label, a
// tagging's only the positives, as pos_weight.
func TestClassWeightsAsPyTorch(t *testing.T) {
	type loss struct {
		Weights  []float32   `json:"weights"`
		Loss     float64     `json:"loss"`
		Gradient [][]float64 `json:"gradient"`
	}
	var f struct {
		Logits       [][]float32 `json:"logits"`
		Labels       []int32     `json:"labels"`
		Tags         [][]float32 `json:"tags"`
		CrossEntropy loss        `json:"cross_entropy"`
		BCE          loss        `json:"bce"`
	}
	data, err := os.ReadFile(filepath.Join("testdata", "classweights.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	n, classes := len(f.Logits), len(f.Logits[0])
	flat := func(rows [][]float32) (all []float32) {
		for _, r := range rows {
			all = append(all, r...)
		}
		return all
	}
	logits, gradient := flat(f.Logits), make([]float32, n*classes)
	compare := func(name string, got float64, want loss) {
		t.Helper()
		if math.Abs(got-want.Loss) > 1e-6 {
			t.Errorf("%s: %v, PyTorch %v", name, got, want.Loss)
		}
		for i, row := range want.Gradient {
			for k, v := range row {
				if g := float64(gradient[i*classes+k]); math.Abs(g-v) > 1e-6 {
					t.Errorf("%s: gradient of logit %d of %d is %v, PyTorch %v", name, k, i, g, v)
				}
			}
		}
	}
	compare("cross entropy", SoftmaxCrossEntropy(n, classes, logits, f.Labels, f.CrossEntropy.Weights, 0, gradient), f.CrossEntropy)
	compare("binary cross entropy", SigmoidBCE(n, classes, logits, flat(f.Tags), f.BCE.Weights, nil, gradient), f.BCE)
	for i, w := range f.BCE.Weights { // negatives over positives, as the trainer weighs
		positives := 0
		for _, row := range f.Tags {
			positives += int(row[i])
		}
		if want := float32(n-positives) / float32(positives); w != want {
			t.Errorf("weight %v of column %d, want %v", w, i, want)
		}
	}
}
