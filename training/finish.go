package training

import (
	"context"
	"fmt"
	"path/filepath"

	"viewfinder/training/data"
)

// Results is the content of evaluation.json: the figures of the weights that the version uses. A split without samples has none.
type Results struct {
	Iteration int         `json:"iteration"`
	Train     *Evaluation `json:"train,omitempty"`
	Val       *Evaluation `json:"val,omitempty"`
}

// evaluate computes the figures of the weights that are kept.
func (t *trainer) evaluate(ctx context.Context) error {
	iteration, err := t.loadKept()
	if err != nil {
		return err
	}
	if err := t.eval.p.Sync(); err != nil {
		return err
	}
	t.kept = iteration
	results := Results{Iteration: iteration}
	total := t.val.Len() + t.train.Len()
	before := 0
	for _, s := range []struct {
		set  *data.Set
		into **Evaluation
	}{{t.val, &results.Val}, {t.train, &results.Train}} {
		if s.set.Len() == 0 {
			continue
		}
		*s.into, err = t.evaluateSet(ctx, s.set, func(done, _ int) {
			t.journal.tick(Event{Kind: KindStep, Step: StepEvaluate, State: StateRunning, Progress: float64(before+done) / float64(total)})
		})
		if err != nil {
			return err
		}
		before += s.set.Len()
	}
	t.progress.Headline, t.progress.HeadlineName = results.headline()
	if err := writeJSON(filepath.Join(t.dir, EvaluationFile), results); err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	return nil
}

// save writes the weights that are kept.
func (t *trainer) save(context.Context) error {
	return saveModel(t.dir, t.run, t.judged, t.kept)
}
