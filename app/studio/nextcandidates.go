package studio

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/training"
	"viewfinder/training/parallel"
)

// nextCandidates is what Next chooses among, and what is annotated already.
type nextCandidates struct {
	task        training.Task
	classes     int
	seed        uint64
	predictions []training.Prediction // of the candidates and, after them, of what is annotated, by a network
	features    [][]float32           // of the same, in the network; nil for one that cannot be read
	looks       [][]float32           // of the same, as colours and textures (see describe); nil in detection
	annotated   []training.Sample     // with their splits and labels
}

// candidates is how many there are; what is annotated follows them.
func (c *nextCandidates) candidates() int { return len(c.predictions) - len(c.annotated) }

// order is nextOrder's, of at most n candidates. It is the network that is asked, or, where these are right more often on the annotated images of val, learners that
// know colours and textures alone (see learnOpinion): on few labels a network's doubts mean little (measured in docs/try.md).
func (c *nextCandidates) order(ctx context.Context, n int) (order []int, byLooks bool, err error) {
	var scores [][]float64
	if c.looks != nil {
		if scores, err = c.opinions(ctx); err != nil {
			return nil, false, err
		}
		byLooks = c.right(func(i int) []float64 { return scores[i] }) > c.right(func(i int) []float64 { return c.predictions[i].Scores })
	}
	place := c.features
	if byLooks {
		place = c.looks
	}
	candidates := c.candidates()
	uncertain := make([]float64, candidates)
	for i := range uncertain {
		p := c.predictions[i]
		if byLooks {
			p.Scores = scores[i]
		}
		uncertain[i] = uncertainty(c.task, p)
	}
	return nextOrder(uncertain, place[:candidates], place[candidates:], n), byLooks, ctx.Err()
}

// opinions are what learners of colours and textures say of all, having learnt from the annotated ones of train; nil of what cannot be read, and where there is nothing
// to learn from.
func (c *nextCandidates) opinions(ctx context.Context) ([][]float64, error) {
	all := make([][]float64, len(c.looks))
	var known [][]float32
	var labels [][]int
	for k, s := range c.annotated {
		if x := c.looks[c.candidates()+k]; x != nil && s.Split == training.SplitTrain {
			known, labels = append(known, x), append(labels, s.Labels)
		}
	}
	if len(known) == 0 {
		return all, nil
	}
	say, err := learnOpinion(ctx, known, labels, c.classes, c.task, c.seed)
	if err != nil {
		return nil, fmt.Errorf("learning from colours and textures: %w", err)
	}
	parallel.Each(len(all), func(i int) {
		if x := c.looks[i]; x != nil && ctx.Err() == nil {
			all[i] = say(x)
		}
	})
	return all, ctx.Err()
}

// right is how many decisions on the annotated images of val are right by scores, each 0 to 1.
func (c *nextCandidates) right(scores func(i int) []float64) float64 {
	sum := 0.0
	for k, s := range c.annotated {
		said := scores(c.candidates() + k)
		if s.Split != training.SplitVal || len(said) == 0 {
			continue
		}
		if c.task == training.Classification {
			if slices.Contains(s.Labels, slices.Index(said, slices.Max(said))) {
				sum++
			}
			continue
		}
		for class, v := range said {
			if (v > 0.5) == slices.Contains(s.Labels, class) {
				sum += 1 / float64(len(said))
			}
		}
	}
	return sum
}
