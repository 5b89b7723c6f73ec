package opinion

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/descriptor"
	"viewfinder/training/forest"
	"viewfinder/training/parallel"
	"viewfinder/training/ridge"
)

// Into how many parts samples are dealt for second opinions, one deal after the other: with few samples each one counts, and chance evens out over two deals.
var (
	fewDeals  = []int{9, 11}
	manyDeals = []int{5}
)

const fewSamples = 2000

// Second predicts the concepts of each sample, in scores like those of a network, from colours and textures alone (package descriptor): the mean of a
// forest and of a ridge regression that learn from all parts but the sample's own. They err otherwise than networks do, on few photos less often; so
// the two together distinguish a wrong annotation from a wrong network. The scores of a sample that cannot be read are nil.
func (o *Opinions) Second(ctx context.Context, samples []training.Sample, run *training.Run, progress session.Progress) ([][]float64, error) {
	x, err := o.Describe(ctx, "", samples, progress)
	if err != nil {
		return nil, err
	}
	deals := fewDeals
	if len(samples) > fewSamples {
		deals = manyDeals
	}
	all, steps, done := make([][]float64, len(samples)), 0, 0
	for _, parts := range deals {
		steps += parts
	}
	for _, parts := range deals {
		part := DealFolds(samples, parts)
		for k := range parts {
			progress.Update(done, steps, "learning from colours and textures")
			if err := addOpinions(ctx, all, x, samples, run, func(i int) bool { return part[i] == k }, uint64(done), 1/float64(len(deals))); err != nil {
				return nil, fmt.Errorf("learning from colours and textures: %w", err)
			}
			done++
		}
	}
	return all, nil
}

// addOpinions adds to all the scores of the samples that are left out, by learners from the others, at a weight.
func addOpinions(ctx context.Context, all [][]float64, x [][]float32, samples []training.Sample, run *training.Run, out func(i int) bool, seed uint64, weight float64) error {
	var known [][]float32
	var labels [][]int
	for i := range samples {
		if !out(i) && x[i] != nil {
			known, labels = append(known, x[i]), append(labels, samples[i].Labels)
		}
	}
	if len(known) == 0 {
		return nil
	}
	predict, err := Learn(ctx, known, labels, len(run.Concepts), run.Task, run.Options.Seed+seed)
	if err != nil {
		return err
	}
	parallel.Each(len(samples), func(i int) {
		if !out(i) || x[i] == nil || ctx.Err() != nil {
			return
		}
		if all[i] == nil {
			all[i] = make([]float64, len(run.Concepts))
		}
		for c, s := range predict(x[i]) {
			all[i][c] += weight * s
		}
	})
	return ctx.Err()
}

const opinionTrees = 200

// Learn learns from descriptions and returns the function that predicts the scores of others.
func Learn(ctx context.Context, x [][]float32, labels [][]int, classes int, task domain.Task, seed uint64) (func(x []float32) []float64, error) {
	trees, err := forest.Train(ctx, x, labels, classes, forest.Options{Trees: opinionTrees, Seed: seed})
	if err != nil {
		return nil, err
	}
	regression, err := ridge.Train(ctx, x, labels, classes, ridge.Options{Blocks: descriptor.Blocks(), Seed: seed})
	if err != nil {
		return nil, err
	}
	return func(x []float32) []float64 {
		scores, other := trees.Predict(x), regression.Predict(x)
		if task.ExactlyOne() {
			toShares(other)
		}
		for c := range scores {
			scores[c] = (scores[c] + other[c]) / 2
		}
		return scores
	}, nil
}

// toShares makes scores add to 1.
func toShares(scores []float64) {
	const least = 1e-3 // so that no sum is 0
	sum := 0.0
	for c := range scores {
		scores[c] = max(least, scores[c])
		sum += scores[c]
	}
	for c := range scores {
		scores[c] /= sum
	}
}

// DealFolds assigns each sample to one of the folds, from 0: all samples of an image to the same, each concept spread evenly.
func DealFolds(samples []training.Sample, folds int) []int {
	name := func(i int) string { return samples[i].SHA256 + samples[i].Image }
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	// A content's hash is a shuffled order that is the same every time.
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(name(a), name(b)) })
	next, of, part := map[int]int{}, map[string]int{}, make([]int, len(samples))
	for _, i := range order {
		k, known := of[name(i)]
		if !known {
			concept := -1
			if len(samples[i].Labels) > 0 {
				concept = samples[i].Labels[0]
			} else if len(samples[i].Boxes) > 0 {
				concept = samples[i].Boxes[0].Class
			}
			k = (next[concept] + max(0, concept)) % folds
			next[concept]++
			of[name(i)] = k
		}
		part[i] = k
	}
	return part
}
