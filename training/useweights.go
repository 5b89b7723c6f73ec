package training

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
)

// ErrNotReady is what UseWeights returns where a run has not come to its end.
var ErrNotReady = errors.New("only a training that is ready has weights to choose between")

// UseWeights has a run that is ready use other weights of it: those of the best iteration (KeepBest) or of the last (KeepLast). Both stay in its
// checkpoints, so that one can go back. The weights' figures on both splits are computed anew and recorded in the events. Nothing is changed where
// it uses them already, and all or nothing where it fails.
func UseWeights(ctx context.Context, dir, which string, progress func(done, total int)) error {
	if which != KeepBest && which != KeepLast {
		return fmt.Errorf("there are no weights %q: choose %s or %s", which, KeepBest, KeepLast)
	}
	lock, err := takeLock(dir)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()
	h, err := ReadHistory(dir)
	if err != nil {
		return err
	}
	if h.State.Status != domain.StatusReady {
		return ErrNotReady
	}
	iteration := h.State.Iteration
	if which == KeepBest && h.State.BestIteration > 0 {
		iteration = h.State.BestIteration
	}
	if iteration == h.State.KeptIteration {
		return nil
	}
	run, err := ReadRun(dir)
	if err != nil {
		return err
	}
	file, err := checkpoint.Store{Dir: filepath.Join(dir, CheckpointsDir)}.Load(iteration)
	if err != nil {
		return fmt.Errorf("reading the weights of iteration %d: %w", iteration, err)
	}
	net, err := nn.New(run.spec(), run.Options.Seed)
	if err != nil {
		return fmt.Errorf("building the network: %w", err)
	}
	if err := loadJudged(net, file); err != nil {
		return fmt.Errorf("reading the weights of iteration %d: %w", iteration, err)
	}
	results, err := figuresOf(ctx, dir, run, net, iteration, progress)
	if err != nil {
		return err
	}
	return use(dir, run, net, results, which)
}

// figuresOf evaluates a network on both splits of a run.
func figuresOf(ctx context.Context, dir string, run *Run, net *nn.Network, iteration int, progress func(done, total int)) (*Results, error) {
	m := &Model{Run: run, net: net, frame: run.frame()}
	var err error
	if m.runner, err = newRunner(net, run.Options.Threads); err != nil {
		return nil, err
	}
	defer m.Close()
	results := &Results{Iteration: iteration}
	before := 0
	for _, s := range []struct {
		split string
		into  **Evaluation
	}{{SplitVal, &results.Val}, {SplitTrain, &results.Train}} {
		var samples []Sample
		for _, one := range run.Samples {
			if one.Split == s.split {
				samples = append(samples, one)
			}
		}
		if len(samples) == 0 {
			continue
		}
		e, err := m.Evaluate(ctx, dir, samples, EvaluateOptions{Progress: func(done, _ int) {
			if progress != nil {
				progress(before+done, len(run.Samples))
			}
		}})
		if err != nil {
			return nil, err
		}
		*s.into = e
		before += len(samples)
	}
	if results.Train == nil && results.Val == nil {
		return nil, errors.New("none of this training's images can be read, so its figures cannot be computed")
	}
	return results, nil
}

// use writes weights and figures and records them in the events.
func use(dir string, run *Run, net *nn.Network, results *Results, which string) error {
	if err := saveModel(dir, run, net, results.Iteration); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, EvaluationFile), results); err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	headline, name := results.headline()
	j, err := openJournal(dir)
	if err != nil {
		return err
	}
	defer j.close()
	words := map[string]string{KeepBest: "the best iteration", KeepLast: "the last iteration"}[which]
	j.add(Event{Kind: KindUsed, Iteration: results.Iteration, Name: name,
		Values:  map[string]float64{ValueKeptIteration: float64(results.Iteration), ValueHeadline: headline},
		Message: fmt.Sprintf("The version uses the weights of %s, %d.", words, results.Iteration)}, true)
	return j.failure()
}
