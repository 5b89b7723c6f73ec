package evaluate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"viewfinder/app/studio/opinion"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// foldsPrefix begins the names of the folders, in the project's cache, in which the networks of folds are trained.
const foldsPrefix = "folds-"

// maxFolds bounds how many networks one evaluation trains.
const maxFolds = 20

// predictFolds predicts each sample by a network that did not see its image: the images are dealt into parts, and for each part a network is
// trained, with the version's architecture and options, on the others. The networks are thrown away. opinions are what learners
// without a network, which did not see the image either, predict for each sample (see Second); nil in detection.
func (j *Judging) predictFolds(ctx context.Context, v runs.Version, set *evaluationSet, r EvaluateRequest, progress session.Progress) (unseen []training.Prediction, opinions [][]float64, err error) {
	run, err := training.ReadRun(j.runs.RunDir(v))
	if err != nil {
		return nil, nil, fmt.Errorf("reading what %s was made of: %w", v.Name, err)
	}
	folds := r.Folds
	if r.FoldIterations > 0 {
		run.Options.Iterations = r.FoldIterations
	}
	j.clearFolds()
	dir, err := os.MkdirTemp(j.store.CacheDir(), foldsPrefix)
	if err != nil {
		return nil, nil, fmt.Errorf("making a folder for the networks: %w", err)
	}
	defer os.RemoveAll(dir)
	set.fromAnywhere(j.runs.RunDir(v))
	progress = session.ProgressOr(progress)
	unseen = make([]training.Prediction, len(set.samples))
	part := opinion.DealFolds(set.samples, folds)
	for k := range folds {
		at := func(share float64, what string) {
			progress.Update(int(100*(float64(k)+share)), 100*folds, fmt.Sprintf("fold %d of %d: %s", k+1, folds, what))
		}
		into := filepath.Join(dir, fmt.Sprint(k))
		if err := trainFold(ctx, into, foldRun(run, j.runs.RunDir(v), set.samples, part, k), at); err != nil {
			return nil, nil, fmt.Errorf("training fold %d of %d: %w", k+1, folds, err)
		}
		raw, err := predictFold(ctx, into, set.samples)
		if err != nil {
			return nil, nil, fmt.Errorf("predicting fold %d: %w", k+1, err)
		}
		for i, of := range part {
			if of == k {
				unseen[i] = raw[i]
			}
		}
	}
	if run.Task.HasBoxes() {
		return unseen, nil, nil
	}
	opinions, err = j.opinion.Second(ctx, set.samples, run, progress)
	return unseen, opinions, err
}

// predictFold runs the network of a fold's folder on samples.
func predictFold(ctx context.Context, dir string, samples []training.Sample) ([]training.Prediction, error) {
	model, err := training.Open(dir)
	if err != nil {
		return nil, err
	}
	defer model.Close()
	return model.PredictSamples(ctx, dir, samples, nil)
}

// clearFolds deletes what a program that exited unexpectedly left behind.
func (j *Judging) clearFolds() {
	left, _ := filepath.Glob(filepath.Join(j.store.CacheDir(), foldsPrefix+"*"))
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(dir)
		}
	}
}

// foldRun is the training of one part's network, where the version's run is in dir.
func foldRun(run *training.Run, dir string, samples []training.Sample, part []int, k int) *training.Run {
	o := run.Options
	o.Seed += uint64(k)
	o.Keep, o.EarlyStopping = training.KeepLast, 0
	o.MetricsInterval = training.IntervalEvery
	if strings.HasPrefix(o.Weights, "../") { // another version, which may have seen the images
		o.Weights, o.Learn = "", training.LearnAll
	}
	if o.Weights != "" {
		if _, err := os.Stat(filepath.Join(dir, training.InitialFile)); err == nil { // what the version began with, wherever that came from
			o.Weights = filepath.Join(dir, training.InitialFile)
		}
	}
	fold := &training.Run{
		Format: training.FormatVersion, ID: fmt.Sprintf("%s-fold-%d", run.ID, k), Name: fmt.Sprintf("%s, fold %d", run.Name, k+1),
		Task: run.Task, Concepts: run.Concepts, Options: o, Decoding: run.Decoding,
	}
	for i, s := range samples {
		if part[i] == k {
			continue
		}
		s.Split = training.SplitTrain
		fold.Samples = append(fold.Samples, s)
	}
	return fold
}

// trainFold trains in a process of its own and waits for it; when ctx ends the process is told to stop, and waited for.
func trainFold(ctx context.Context, dir string, run *training.Run, at func(share float64, what string)) error {
	if err := training.CreateRun(dir, run); err != nil {
		return err
	}
	if err := training.Launch(dir); err != nil && !errors.Is(err, training.ErrSlow) {
		return err
	}
	err := training.Follow(ctx, dir, func(e training.Event) {
		if e.Iterations > 0 {
			at(float64(e.Iteration)/float64(e.Iterations), "training")
		}
	})
	if ctx.Err() != nil {
		_ = training.RequestStop(dir)
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		_ = training.Follow(patience, dir, func(training.Event) {})
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	state, err := training.Inspect(dir)
	if err != nil {
		return err
	}
	if state.Status != domain.StatusReady {
		return fmt.Errorf("it is %s: %s", state.Status, state.Error)
	}
	return nil
}
