package predict

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/descriptor"
)

// Whoever is right more often on val is asked. By colours and textures first comes what lies between the concepts.
func TestNextAsksWhoIsRightMoreOften(t *testing.T) {
	// between is a description, share of the way from one look to the other, and a little off it.
	between := func(share float64, k int) []float32 {
		x := make([]float32, descriptor.Size)
		for i := range x {
			at := 1 - share
			if i%2 == 1 {
				at = share
			}
			x[i] = float32(at + 0.05*math.Sin(float64(i*(k+1))))
		}
		return x
	}
	described := [][]float32{between(0, 100), between(1, 101), between(0.5, 102), nil}
	var annotated []training.Sample
	for k := range 24 {
		s := training.Sample{Split: training.SplitTrain, Labels: []int{k % 2}}
		if k >= 20 {
			s.Split = training.SplitVal
		}
		described, annotated = append(described, between(float64(k%2), k)), append(annotated, s)
	}
	described[4] = nil // cannot be read
	// network predicts the same for all, and of val's images either all wrong or all right.
	network := func(right bool) (predictions []training.Prediction, features [][]float32) {
		for i := range described {
			p := training.Prediction{Scores: []float64{0.9, 0.1}}
			if k := i - 4; k >= 20 && right == (annotated[k].Labels[0] == 1) {
				p.Scores = []float64{0.1, 0.9}
			}
			predictions, features = append(predictions, p), append(features, []float32{float32(i + 1), 1})
		}
		predictions[1].Scores = []float64{0.5, 0.5}
		return predictions, features
	}
	for _, task := range []domain.Task{domain.Classification, domain.Tagging} {
		c := Candidates{Task: task, Classes: 2, Seed: 1, Described: described, Annotated: annotated}
		c.Predictions, c.Features = network(false)
		order, byLooks, err := c.Order(context.Background(), 10)
		if err != nil || !byLooks || len(order) != 3 || order[0] != 2 || slices.Contains(order, 3) {
			t.Errorf("%s, a network that is always wrong: %v, %v, %v; first should be 2, and 3 cannot be read", task, order, byLooks, err)
		}
		c.Predictions, c.Features = network(true)
		if order, byLooks, err := c.Order(context.Background(), 10); err != nil || byLooks || order[0] != 1 {
			t.Errorf("%s, a network that is always right: %v, %v, %v; it is least certain of 1", task, order, byLooks, err)
		}
		c.Described, c.Annotated, c.Predictions, c.Features = described[:4], nil, c.Predictions[:4], c.Features[:4]
		if order, byLooks, err := c.Order(context.Background(), 2); err != nil || byLooks || len(order) != 2 {
			t.Errorf("%s, nothing is annotated: %v, %v, %v", task, order, byLooks, err)
		}
		c.Described = nil
		if order, byLooks, err := c.Order(context.Background(), 2); err != nil || byLooks || len(order) != 2 {
			t.Errorf("%s, without a look at colours: %v, %v, %v", task, order, byLooks, err)
		}
		cancelled, cancel := context.WithCancel(context.Background())
		cancel()
		if _, _, err := c.Order(cancelled, 2); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
}
