package predict

import (
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training"
)

// uncertainty is that of a network's prediction for an image, from 0 (certain) to 1: for a classification 1 less the margin
// between the two most probable concepts (Scheffer et al., "Active Hidden Markov Models for Information Extraction", 2001);
// for a tagging how near the least decided concept is to the middle; for a detection the same of its boxes, and 1/2 where
// nothing was found, since that may be an oversight.
func uncertainty(task domain.Task, p training.Prediction) float64 {
	undecided := func(score float64) float64 { return 1 - math.Abs(2*score-1) }
	switch task {
	case domain.Classification:
		first, second := 0.0, 0.0
		for _, s := range p.Scores {
			if s > first {
				first, second = s, first
			} else if s > second {
				second = s
			}
		}
		return 1 - (first - second)
	case domain.Tagging:
		most := 0.0
		for _, s := range p.Scores {
			most = max(most, undecided(s))
		}
		return most
	}
	most, best := 0.0, 0.0
	for _, b := range p.Boxes {
		most, best = max(most, undecided(b.Score)), max(best, b.Score)
	}
	if best < 0.1 {
		return 0.5
	}
	return most
}

// mostKnown bounds the annotated images that variety is measured against.
const mostKnown = 3000

// nextOrder chooses n of the candidates one after the other: each time the one whose uncertainty times its distance to the
// nearest image that is annotated or chosen already is the largest, which is k-centre greedy (Sener and Savarese, "Active
// Learning for Convolutional Neural Networks: A Core-Set Approach", 2018) weighted by the margin. Distances are Euclidean
// between features of length 1. Candidates without features are skipped. The result is their indices.
func nextOrder(uncertain []float64, features, known [][]float32, n int) []int {
	unit := make([][]float32, len(features))
	nearest := make([]float64, len(features))
	for i, f := range features {
		unit[i] = unitLength(f)
		nearest[i] = 2 // the square of the largest distance that features without negative values can have
	}
	step := 1 + len(known)/mostKnown
	for i := 0; i < len(known); i += step {
		closer(unit, unitLength(known[i]), nearest)
	}
	var order []int
	for len(order) < n {
		best, at := -1.0, -1
		for i, d := range nearest {
			if unit[i] == nil {
				continue
			}
			if score := uncertain[i] * math.Sqrt(d); score > best {
				best, at = score, i
			}
		}
		if at < 0 {
			break
		}
		order = append(order, at)
		chosen := unit[at]
		unit[at] = nil
		closer(unit, chosen, nearest)
	}
	return order
}

// closer brings the squared distances to the nearest one up to date after another was added.
func closer(unit [][]float32, added []float32, nearest []float64) {
	if added == nil {
		return
	}
	for i, f := range unit {
		if f == nil || len(f) != len(added) {
			continue
		}
		dot := float32(0)
		for c, v := range f {
			dot += v * added[c]
		}
		nearest[i] = min(nearest[i], max(0, 2-2*float64(dot)))
	}
}

// unitLength is f made as long as 1; nil stays nil.
func unitLength(f []float32) []float32 {
	if f == nil {
		return nil
	}
	sum := 0.0
	for _, v := range f {
		sum += float64(v) * float64(v)
	}
	u := make([]float32, len(f))
	if sum > 0 {
		scale := float32(1 / math.Sqrt(sum))
		for c, v := range f {
			u[c] = v * scale
		}
	}
	return u
}
