package predict

import (
	"context"
	"fmt"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/training"
)

// Bounds of what is looked at: of what is not annotated, and of what is. Describing colours and textures takes longer than a network that looks for boxes.
const (
	nextPool      = 4000
	nextBoxesPool = 20000
	nextKnown     = 2000
)

// next chooses n of what is not annotated in the view, and returns who is least certain of them.
func (l *Network) next(ctx context.Context, n int, progress session.Progress) (ids []int64, who string, err error) {
	boxes := l.View.Type.HasBoxes()
	most := nextPool
	if boxes {
		most = nextBoxesPool
	}
	pool, err := l.predicting.sampled(ctx, storage.Query{View: l.View.ID, State: storage.StateNotAnnotated}, most)
	if err != nil {
		return nil, "", err
	}
	known, err := l.predicting.sampled(ctx, storage.Query{View: l.View.ID, State: storage.StateAnnotated}, nextKnown)
	if err != nil {
		return nil, "", err
	}
	samples, err := l.predicting.pointSamples(l.Version, append(pool, known...))
	if err != nil {
		return nil, "", err
	}
	concepts := runs.ConceptsOf(l.Version)
	class := runs.ClassesOf(concepts)
	c := Candidates{Task: l.View.Type, Classes: len(concepts), Seed: uint64(l.Version.ID)}
	for k, d := range known {
		c.Annotated = append(c.Annotated, runs.SamplesOf(l.View.Type, samples[len(pool)+k], d, class, runs.NewCounter(concepts))...)
	}
	samples = append(samples[:len(pool):len(pool)], c.Annotated...)
	if c.Predictions, c.Features, err = l.features(ctx, samples, progress); err != nil {
		return nil, "", err
	}
	if !boxes {
		if c.Described, err = l.predicting.opinion.Describe(ctx, l.dir, samples, progress); err != nil {
			return nil, "", err
		}
	}
	order, byLooks, err := c.Order(ctx, n)
	for _, i := range order {
		ids = append(ids, pool[i].ID)
	}
	if byLooks {
		return ids, fmt.Sprintf("a model of colours and textures, so far more accurate than %s,", l.Version.Name), err
	}
	return ids, l.Version.Name, err
}

// sampled are the datapoints that a query chooses; of more than most, every so many.
func (p *Predicting) sampled(ctx context.Context, q storage.Query, most int) ([]storage.Datapoint, error) {
	ids, err := p.store.DatapointIDs(ctx, q)
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
	return p.store.DatapointsByID(ctx, ids)
}

// features predicts samples and gives each one's features; nil for one that cannot be read.
func (l *Network) features(ctx context.Context, samples []training.Sample, progress session.Progress) ([]training.Prediction, [][]float32, error) {
	var predictions []training.Prediction
	var features [][]float32
	err := l.use(func(m *training.Model) (err error) {
		predictions, features, err = m.PredictFeatures(ctx, l.dir, samples, func(done, total int) { progress.Update(done, total, "looking at the images") })
		return err
	})
	return predictions, features, err
}
