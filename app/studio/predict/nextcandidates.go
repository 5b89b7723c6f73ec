package predict

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/app/studio/opinion"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/parallel"
)

// Candidates is what Next chooses among, and what is annotated already.
type Candidates struct {
	Task        domain.Task
	Classes     int
	Seed        uint64
	Predictions []training.Prediction // of the candidates and, after them, of what is annotated, by a network
	Features    [][]float32           // of the same, in the network; nil for one that cannot be read
	Described   [][]float32           // of the same, as colours and textures (see Describe); nil in detection
	Annotated   []training.Sample     // with their splits and labels
}

// candidates is how many there are; what is annotated follows them.
func (c *Candidates) candidates() int { return len(c.Predictions) - len(c.Annotated) }

// Order is nextOrder's, of at most n candidates. It is the network that is asked, or, where these are right more often on the annotated images of val, learners that
// know colours and textures alone (see Learn): on few labels a network's uncertainty means little (measured in docs/try.md).
func (c *Candidates) Order(ctx context.Context, n int) (order []int, byColours bool, err error) {
	var scores [][]float64
	if c.Described != nil {
		if scores, err = c.opinions(ctx); err != nil {
			return nil, false, err
		}
		byColours = c.right(func(i int) []float64 { return scores[i] }) > c.right(func(i int) []float64 { return c.Predictions[i].Scores })
	}
	place := c.Features
	if byColours {
		place = c.Described
	}
	candidates := c.candidates()
	uncertain := make([]float64, candidates)
	for i := range uncertain {
		p := c.Predictions[i]
		if byColours {
			p.Scores = scores[i]
		}
		uncertain[i] = uncertainty(c.Task, p)
	}
	return nextOrder(uncertain, place[:candidates], place[candidates:], n), byColours, ctx.Err()
}

// opinions are the scores of all by learners of colours and textures, which learnt from the annotated ones of train; nil of what cannot be read, and where there is nothing
// to learn from.
func (c *Candidates) opinions(ctx context.Context) ([][]float64, error) {
	all := make([][]float64, len(c.Described))
	var known [][]float32
	var labels [][]int
	for k, s := range c.Annotated {
		if x := c.Described[c.candidates()+k]; x != nil && s.Split == training.SplitTrain {
			known, labels = append(known, x), append(labels, s.Labels)
		}
	}
	if len(known) == 0 {
		return all, nil
	}
	predict, err := opinion.Learn(ctx, known, labels, c.Classes, c.Task, c.Seed)
	if err != nil {
		return nil, fmt.Errorf("learning from colours and textures: %w", err)
	}
	parallel.Each(len(all), func(i int) {
		if x := c.Described[i]; x != nil && ctx.Err() == nil {
			all[i] = predict(x)
		}
	})
	return all, ctx.Err()
}

// right is how many decisions on the annotated images of val are right by scores, each 0 to 1.
func (c *Candidates) right(scores func(i int) []float64) float64 {
	sum := 0.0
	for k, s := range c.Annotated {
		values := scores(c.candidates() + k)
		if s.Split != training.SplitVal || len(values) == 0 {
			continue
		}
		if c.Task.ExactlyOne() {
			if slices.Contains(s.Labels, slices.Index(values, slices.Max(values))) {
				sum++
			}
			continue
		}
		for class, v := range values {
			if (v > 0.5) == slices.Contains(s.Labels, class) {
				sum += 1 / float64(len(values))
			}
		}
	}
	return sum
}
