package runs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"path/filepath"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/advice"
)

// Advice returns the findings on a version's curves and figures, the most important first; there may be none.
func (rs *Runs) Advice(ctx context.Context, id int64) ([]advice.Finding, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, err
	}
	h, err := rs.RunHistory(ctx, id)
	if err != nil {
		return nil, err
	}
	view, err := rs.store.View(ctx, v.ViewID)
	if err != nil {
		return nil, err
	}
	h.State.Status = v.Run.Status
	return adviceOn(view.Type, h, rs.RunDir(v))
}

func adviceOn(view domain.Task, h *training.History, dir string) ([]advice.Finding, error) {
	f := advice.Facts{Task: view, History: h, ValImages: h.State.ValImages}
	if h.State.Status == domain.StatusReady {
		b, err := os.ReadFile(filepath.Join(dir, training.EvaluationFile))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, fmt.Errorf("reading a training's figures: %w", err)
		default:
			var r training.Results
			if json.Unmarshal(b, &r) == nil { // a damaged one is ignored
				f.Results = &r
			}
		}
	}
	return advice.Judge(f), nil
}

// LastBatch is what the network of a version saw a moment ago, with its image; nil where there is none.
func (rs *Runs) LastBatch(ctx context.Context, id int64) (*training.LastBatch, image.Image, error) {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	return training.ReadLastBatch(rs.RunDir(v))
}

// UseWeights has a version that is ready use the weights of its best iteration ("best") or of its last ("last"). Both are kept, so that one can go
// back; the figures are computed anew.
func (rs *Runs) UseWeights(ctx context.Context, id int64, which string, progress session.Progress) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	if v.Status != domain.StatusReady {
		return &storage.RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready has several weights to choose from", v.Name, v.Status)}
	}
	progress = session.ProgressOr(progress)
	err = training.UseWeights(ctx, rs.RunDir(v), which, func(done, total int) { progress.Update(done, total, "evaluating") })
	if err != nil {
		return fmt.Errorf("changing the weights of %s: %w", v.Name, err)
	}
	state, err := training.Inspect(rs.RunDir(v))
	if err != nil {
		return err
	}
	return rs.didVersion(id, rs.updateVersion(ctx, id, storage.VersionUpdate{Headline: &state.Headline, HeadlineName: &state.HeadlineName}))
}

// SetThreads has the training of a version use so many processor cores, 0 = all: at once where it runs, to the same weights.
func (rs *Runs) SetThreads(ctx context.Context, id int64, threads int) error {
	v, err := rs.Version(ctx, id)
	if err != nil {
		return err
	}
	if v.Status == domain.StatusReady {
		return &storage.RuleError{Message: fmt.Sprintf("%s is ready: it is not training", v.Name)}
	}
	return SetRunThreads(rs.RunDir(v), threads)
}

// Threads is how many processor cores the training of a version uses, 0 = all.
func (rs *Runs) Threads(v Version) int {
	o, err := v.TrainingOptions()
	if err != nil {
		return 0
	}
	return training.RequestedThreads(rs.RunDir(v), o.Threads)
}

// SetRunThreads is SetThreads on a run folder alone.
func SetRunThreads(dir string, threads int) error { return training.RequestThreads(dir, threads) }

// Cores is how many processor cores this machine has for a training.
func Cores() int { return training.Cores() }
