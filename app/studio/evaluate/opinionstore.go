package evaluate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/training"
	"viewfinder/training/metrics"
	"viewfinder/training/predictions"
)

// opinionWeight is how much a second opinion counts beside one network's: its two learners count as one each. Measured in docs/evaluation.md.
const opinionWeight = 2.0 / 3

func (j *Judging) opinionsFile(v runs.Version, id string) string {
	return filepath.Join(j.evaluationsDir(v), id+".opinions")
}

// ensureOpinions makes second opinions of what was evaluated, unless they are kept already.
func (j *Judging) ensureOpinions(ctx context.Context, v runs.Version, e *StoredEvaluation, progress session.Progress) error {
	if e.View.Type.HasBoxes() {
		return &storage.RuleError{Message: "colours and textures cannot judge boxes: use cross-validation"}
	}
	if _, err := os.Stat(j.opinionsFile(v, e.ID)); err == nil {
		return nil
	}
	set, err := j.gatherEvaluation(ctx, v, e.View, e.Request)
	if err != nil {
		return err
	}
	run, err := training.ReadRun(j.runs.RunDir(v))
	if err != nil {
		return fmt.Errorf("reading what %s was made of: %w", v.Name, err)
	}
	set.fromAnywhere(j.runs.RunDir(v))
	opinions, err := j.opinion.Second(ctx, set.samples, run, progress)
	if err != nil {
		return err
	}
	of := make(map[itemKey][]float64, len(opinions))
	for i := range opinions {
		of[set.items[i].identity()] = opinions[i]
	}
	theirs := make([][]float64, len(e.Items))
	for i, item := range e.Items {
		theirs[i] = of[item.identity()]
	}
	file, err := predictions.ReadFile(j.evaluationFile(v, e.ID))
	if err != nil {
		return err
	}
	return j.keepOpinions(v, e, file, theirs)
}

// keepOpinions writes second opinions, in the order of the evaluation's samples, beside its file; a sample without one keeps the network's scores.
func (j *Judging) keepOpinions(v runs.Version, e *StoredEvaluation, file *predictions.File, opinions [][]float64) error {
	in, n := file.Input, len(e.Concepts)
	in.Scores = make([]float32, 0, len(opinions)*n)
	for i, scores := range opinions {
		if scores == nil {
			in.Scores = append(in.Scores, file.Input.Scores[i*n:(i+1)*n]...)
		}
		for _, s := range scores {
			in.Scores = append(in.Scores, float32(s))
		}
	}
	if err := os.MkdirAll(j.evaluationsDir(v), 0o755); err != nil {
		return fmt.Errorf("keeping second opinions: %w", err)
	}
	return predictions.WriteFile(j.opinionsFile(v, e.ID), &predictions.File{Header: []byte("{}"), Items: file.Items, Input: in})
}

// withOpinions is a judge of all of the evaluation's samples that combines networks and second opinions, the latter alone where the network was trained on the
// sample; the same judge where there are none.
func (j *Judging) withOpinions(v runs.Version, e *StoredEvaluation, judge *metrics.Judge) (*metrics.Judge, error) {
	file, err := predictions.ReadFile(j.opinionsFile(v, e.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return judge, nil
	}
	if err != nil {
		return nil, err
	}
	n := len(e.Concepts)
	if len(file.Items) != len(e.Items) || file.Input.Concepts != n {
		return nil, predictions.ErrFormat
	}
	return judge.With(func(sample int, own []float32) []float32 {
		scores := file.Input.Scores[sample*n : (sample+1)*n]
		if e.Items[sample].Seen {
			return scores
		}
		both := make([]float32, n)
		for c, s := range scores {
			both[c] = (1-opinionWeight)*own[c] + opinionWeight*s
		}
		return both
	})
}
