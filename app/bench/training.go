//go:build measure

package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

const (
	benchTrainingImages = 400
	benchTrainingWait   = 2 * time.Minute
)

// Training is a training in a project that MakeProject made, for measuring the window beside it: small_cnn by its defaults on a few
// hundred small images, and more iterations than are ever waited for. It can be halted and set going again.
type Training struct {
	project       *studio.Project
	view, version int64
}

// StartTraining makes such a training, which runs when it returns.
func StartTraining(ctx context.Context, p *studio.Project) (*Training, error) {
	b := &Training{project: p}
	err := b.begin(ctx)
	if err != nil {
		return nil, errors.Join(err, b.Discard(context.WithoutCancel(ctx)))
	}
	return b, nil
}

func (b *Training) begin(ctx context.Context) error {
	view, err := b.project.AddView(ctx, storage.View{Name: fmt.Sprintf("Measured %d", time.Now().UnixNano()), Type: domain.Classification})
	if err != nil {
		return err
	}
	b.view = view.ID
	ids, err := b.project.DatapointIDs(ctx, storage.Query{View: view.ID})
	if err != nil {
		return err
	}
	points, err := b.project.DatapointsByID(ctx, ids[:min(len(ids), benchTrainingImages)])
	if err != nil {
		return err
	}
	for k := range 2 {
		concept, err := b.project.AddConcept(ctx, domain.Concept{ViewID: view.ID, Name: []string{"Even", "Odd"}[k]})
		if err != nil {
			return err
		}
		var keys []storage.Key
		for i, d := range points {
			if i%2 == k {
				keys = append(keys, d.Key())
			}
		}
		if err := b.project.SetConcept(ctx, keys, concept.ID); err != nil {
			return err
		}
	}
	o := training.DefaultOptions(domain.Classification, "small_cnn")
	o.Iterations = 1_000_000
	v, err := b.project.Train(ctx, runs.TrainRequest{View: view.ID, Options: o})
	b.version = v.ID
	if err != nil {
		return err
	}
	return b.await(ctx, "to train", func(v runs.Version) bool { return v.Run.Alive && v.Run.Iteration > 0 })
}

// Halt stops it and returns when its process has ended.
func (b *Training) Halt(ctx context.Context) error {
	if err := b.project.Stop(ctx, b.version); err != nil {
		return err
	}
	return b.await(ctx, "to stop", func(v runs.Version) bool { return !v.Run.Alive })
}

// GoOn resumes it and returns when it learns again.
func (b *Training) GoOn(ctx context.Context) error {
	before, err := b.project.Version(ctx, b.version)
	if err == nil {
		err = b.project.Resume(ctx, b.version)
	}
	if err != nil {
		return err
	}
	return b.await(ctx, "to train", func(v runs.Version) bool { return v.Run.Alive && v.Run.Iteration > before.Run.Iteration })
}

// Iteration is how far it has come.
func (b *Training) Iteration(ctx context.Context) (int, error) {
	v, err := b.project.Version(ctx, b.version)
	return v.Run.Iteration, err
}

// Discard takes it and what was made for it away.
func (b *Training) Discard(ctx context.Context) error {
	var err error
	if b.version != 0 {
		err = b.project.Discard(ctx, b.version)
	}
	if b.view != 0 {
		err = errors.Join(err, b.project.DeleteView(ctx, b.view))
	}
	return err
}

func (b *Training) await(ctx context.Context, what string, holds func(runs.Version) bool) error {
	for end := time.Now().Add(benchTrainingWait); ; time.Sleep(50 * time.Millisecond) {
		v, err := b.project.Version(ctx, b.version)
		switch {
		case err != nil:
			return err
		case holds(v):
			return nil
		case v.Status == domain.StatusFailed:
			return errors.New("the training failed: " + v.Error)
		case time.Now().After(end):
			return errors.New("waited too long for the training " + what)
		}
	}
}
