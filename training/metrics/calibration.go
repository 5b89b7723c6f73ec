package metrics

import (
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// Calibration measures whether scores are probabilities: whether 80% of the predictions with a score of 80% are right (Guo et al. 2017).
type Calibration struct {
	Bins  []Bin
	Count int     // decisions
	ECE   float64 // expected calibration error: mean distance of confidence and share of right ones over the bins, by their counts
	MCE   float64 // the largest of these distances
	Brier float64 // mean squared distance of the score from 1 (right) or 0
	// Loss is the mean negative logarithm of the score of what is true: the loss of training without its weights. 0 in detection.
	Loss float64
}

// Bin are the decisions whose score lies from From to below To (the last: up to To).
type Bin struct {
	From, To   float64
	Count      int
	Confidence float64 // mean score
	Accuracy   float64 // share of right ones
}

// Calibration puts decisions into bins of equal width (0 = 10). Classification: the most probable concept of each sample, whatever the
// threshold. Tagging: the score of each concept on each sample, right where the tag is truly there. Detection: all found boxes, right where matched
// at the overlap of the settings.
func (j *Judge) Calibration(s Settings, bins int) *Calibration {
	if bins <= 0 {
		bins = 10
	}
	type sums struct {
		count, right    []int
		score           []float64
		squaredDistance float64
		loss            float64
	}
	m := &matching{}
	if j.in.Task.HasBoxes() {
		m = j.matching(orIoU(s.IoU))
	}
	parts := parallel.Gather(j.n, func(from, to int) *sums {
		part := &sums{count: make([]int, bins), right: make([]int, bins), score: make([]float64, bins)}
		add := func(score float64, right bool) {
			k := max(0, min(bins-1, int(score*float64(bins))))
			is := 0.0
			if right {
				is = 1
				part.right[k]++
			}
			part.count[k]++
			part.score[k] += score
			part.squaredDistance += (score - is) * (score - is)
		}
		for i := from; i < to; i++ {
			switch j.in.Task {
			case domain.Classification:
				add(float64(j.scores(i)[j.top[i]]), j.top[i] == j.in.Labels[i][0])
				part.loss -= logarithm(j.scores(i)[j.in.Labels[i][0]])
			case domain.Tagging:
				for c, score := range j.scores(i) {
					is := j.has(i, c)
					add(float64(score), is)
					if is {
						part.loss -= logarithm(score)
					} else {
						part.loss -= logarithm(1 - score)
					}
				}
			default:
				for k, f := range j.in.Found[i] {
					add(f.Score, m.pair[i][k] >= 0)
				}
			}
		}
		return part
	})
	all := parts[0]
	for _, part := range parts[1:] {
		for k := range bins {
			all.count[k] += part.count[k]
			all.right[k] += part.right[k]
			all.score[k] += part.score[k]
		}
		all.squaredDistance += part.squaredDistance
		all.loss += part.loss
	}
	c := &Calibration{Bins: make([]Bin, bins)}
	for k := range bins {
		b := Bin{From: float64(k) / float64(bins), To: float64(k+1) / float64(bins), Count: all.count[k]}
		if b.Count > 0 {
			b.Confidence, b.Accuracy = all.score[k]/float64(b.Count), float64(all.right[k])/float64(b.Count)
		}
		c.Bins[k] = b
		c.Count += b.Count
	}
	for _, b := range c.Bins {
		if b.Count > 0 {
			gap := math.Abs(b.Confidence - b.Accuracy)
			c.ECE += gap * float64(b.Count) / float64(c.Count)
			c.MCE = max(c.MCE, gap)
		}
	}
	if c.Count > 0 {
		c.Brier, c.Loss = all.squaredDistance/float64(c.Count), all.loss/float64(c.Count)
	}
	return c
}

// logarithm is the natural logarithm of a score, bounded where the score is 0.
func logarithm(score float32) float64 { return math.Log(max(float64(score), 1e-12)) }
