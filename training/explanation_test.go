package training

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// TestExplain: one picture alone gets the prediction that it gets in a batch, and the maps of classification and
// tagging add up to what separates the scores.
func TestExplain(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains")
	}
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		t.Run(string(task), func(t *testing.T) {
			dir := newRun(t, task, nil)
			if err := Execute(context.Background(), dir); err != nil {
				t.Fatal(err)
			}
			m, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			samples := make([]Sample, 3)
			for i := range samples {
				samples[i] = Sample{Image: filepath.ToSlash(filepath.Join("..", "images", []string{"000.png", "001.png", "missing.png"}[i])), Split: SplitVal}
			}
			want, features, err := m.PredictFeatures(context.Background(), dir, samples, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(features[0]) == 0 || len(features[1]) != len(features[0]) || features[2] != nil || want[2].Err == nil {
				t.Errorf("features of %d, %d and %d values", len(features[0]), len(features[1]), len(features[2]))
			}
			img, err := picture.DecodeFile(filepath.Join(dir, samples[1].Image), picture.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := m.Explain(context.Background(), img)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Maps) != len(m.Run.Concepts) || got.MapHeight*got.MapWidth != len(got.Maps[0]) {
				t.Errorf("%d maps of %d x %d", len(got.Maps), got.MapHeight, got.MapWidth)
			}
			if len(got.Boxes) != len(want[1].Boxes) {
				t.Errorf("%d boxes, %d among others", len(got.Boxes), len(want[1].Boxes))
			}
			for c, s := range got.Scores {
				if math.Abs(s-want[1].Scores[c]) > 1e-6 {
					t.Errorf("concept %d: %g, among others %g", c, s, want[1].Scores[c])
				}
				sum := float64(m.one.p.Bias(c))
				for _, v := range got.Maps[c] {
					sum += float64(v)
				}
				if logit := float64(m.one.p.Logits()[c]); math.Abs(sum-logit) > 1e-4*math.Max(1, math.Abs(logit)) {
					t.Errorf("concept %d: map and bias add up to %g, the logit is %g", c, sum, logit)
				}
			}
		})
	}
}
