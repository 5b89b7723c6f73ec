package studio

import (
	"context"
	"fmt"

	"viewfinder/training"
)

// Bounds of what is looked at: of what is not annotated, and of what is. Describing colours and textures takes longer than a network that looks for boxes.
const (
	nextPool      = 4000
	nextBoxesPool = 20000
	nextKnown     = 2000
)

// next chooses n of what is not annotated in the view, and says who is least certain of them.
func (l *Looker) next(ctx context.Context, n int, progress Progress) (ids []int64, who string, err error) {
	boxes := l.View.Type == ViewDetection
	most := nextPool
	if boxes {
		most = nextBoxesPool
	}
	pool, err := l.project.sampled(ctx, Query{View: l.View.ID, State: StateNotAnnotated}, most)
	if err != nil {
		return nil, "", err
	}
	known, err := l.project.sampled(ctx, Query{View: l.View.ID, State: StateAnnotated}, nextKnown)
	if err != nil {
		return nil, "", err
	}
	samples, err := l.project.pointSamples(l.Version, append(pool, known...))
	if err != nil {
		return nil, "", err
	}
	concepts := conceptsOf(l.Version)
	class := classes(concepts)
	c := nextCandidates{task: training.Task(l.View.Type), classes: len(concepts), seed: uint64(l.Version.ID)}
	for k, d := range known {
		c.annotated = append(c.annotated, samplesOf(l.View.Type, samples[len(pool)+k], d, class, newUseCounter(concepts))...)
	}
	samples = append(samples[:len(pool):len(pool)], c.annotated...)
	if c.predictions, c.features, err = l.features(ctx, samples, progress); err != nil {
		return nil, "", err
	}
	if !boxes {
		if c.looks, err = l.project.describe(ctx, l.dir, samples, progress); err != nil {
			return nil, "", err
		}
	}
	order, byLooks, err := c.order(ctx, n)
	for _, i := range order {
		ids = append(ids, pool[i].ID)
	}
	if byLooks {
		return ids, fmt.Sprintf("what is learnt from colours and textures, so far right more often than %s,", l.Version.Name), err
	}
	return ids, l.Version.Name, err
}

// sampled are the datapoints that a query chooses; of more than most, every so many.
func (p *Project) sampled(ctx context.Context, q Query, most int) ([]Datapoint, error) {
	ids, err := p.DatapointIDs(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(ids) > most {
		few := make([]int64, most)
		for i := range few {
			few[i] = ids[i*len(ids)/most]
		}
		ids = few
	}
	return p.DatapointsByID(ctx, ids)
}

// features predicts samples and gives each one's features; nil for one that cannot be read.
func (l *Looker) features(ctx context.Context, samples []training.Sample, progress Progress) ([]training.Prediction, [][]float32, error) {
	var predictions []training.Prediction
	var features [][]float32
	err := l.use(func(m *training.Model) (err error) {
		predictions, features, err = m.PredictFeatures(ctx, l.dir, samples, func(done, total int) { progress.Update(done, total, "looking at the images") })
		return err
	})
	return predictions, features, err
}
