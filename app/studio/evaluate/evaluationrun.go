package evaluate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/metrics"
	"viewfinder/training/predictions"
)

// EvaluateStored runs a version on what the request chooses, as it is annotated now, and keeps its predictions in the version's folder, in place of
// an older evaluation of the same request. Where it cannot be kept (a full disk), it is returned all the same.
func (j *Judging) EvaluateStored(ctx context.Context, id int64, r EvaluateRequest, progress session.Progress) (*StoredEvaluation, error) {
	v, view, err := j.predict.Predictor(ctx, id)
	if err != nil {
		return nil, err
	}
	set, err := j.gatherEvaluation(ctx, v, view, r)
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	var raw []training.Prediction
	var opinions [][]float64
	if r.Folds != 0 {
		if r.Folds < 2 || r.Folds > maxFolds {
			return nil, &storage.RuleError{Message: fmt.Sprintf("cannot use %d folds: choose 2 to %d", r.Folds, maxFolds)}
		}
		if r.Test() {
			return nil, &storage.RuleError{Message: "folds train networks on the images, and images of the test split are never trained on: choose train, val or all"}
		}
		set.items = unseen(set.items)
		raw, opinions, err = j.predictFolds(ctx, v, set, r, progress)
	} else {
		raw, err = j.predict.PredictSamples(ctx, v, set.samples, progress)
	}
	if err != nil {
		return nil, err
	}
	e := &StoredEvaluation{
		EvaluationInfo: EvaluationInfo{ID: r.id(), Version: v.ID, Request: r, Made: time.Now(), Seconds: time.Since(begin).Seconds()},
		View:           view, Concepts: runs.ConceptsOf(v), LeftOut: set.leftOut, passed: set.passed,
	}
	file, err := e.judge(v, set, raw)
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %w", v.Name, err)
	}
	_ = os.Remove(j.opinionsFile(v, e.ID)) // of an older evaluation
	if opinions != nil {
		if err := j.keepOpinions(v, e, file, ofReadable(raw, opinions)); err != nil {
			return nil, err
		}
	}
	j.noteLook(ctx, e)
	if err := j.keepEvaluation(v, e, file); err != nil {
		slog.Warn("an evaluation could not be kept", "version", v.Name, "error", err)
	}
	return e, nil
}

// ofReadable leaves out what belongs to samples that could not be read.
func ofReadable(raw []training.Prediction, opinions [][]float64) [][]float64 {
	var some [][]float64
	for i := range raw {
		if raw[i].Err == nil {
			some = append(some, opinions[i])
		}
	}
	return some
}

// judge makes items and Judge of what was predicted.
func (e *StoredEvaluation) judge(v runs.Version, set *evaluationSet, raw []training.Prediction) (*predictions.File, error) {
	in, good := training.JudgeInput(e.View.Type, len(v.Concepts), set.samples, raw)
	if e.passed == nil {
		e.passed = map[int64]int64{}
	}
	for i, prediction := range raw {
		if prediction.Err != nil {
			e.Problems = append(e.Problems, prediction.Err.Error())
			e.passed[set.items[i].Datapoint] = set.items[i].annotated
		}
	}
	file := &predictions.File{Input: in}
	for _, i := range good {
		e.Items = append(e.Items, set.items[i])
		file.Items = append(file.Items, packItem(set.items[i]))
		if in.Task.HasBoxes() {
			file.Input.Sizes = append(file.Input.Sizes, set.sizes[i])
		}
	}
	file.Settle()
	var err error
	if e.Judge, err = metrics.NewJudge(file.Input); err != nil {
		return nil, err
	}
	e.Images = len(good)
	e.HeadlineName, e.Headline = e.Judge.Headline(metrics.DefaultSettings(file.Input.Task))
	return file, nil
}

func packItem(i EvaluatedItem) predictions.Item {
	item := predictions.Item{
		Name: i.Name, Datapoint: i.Datapoint, Image: i.Key.Image, Source: i.Key.Source, Region: i.Region, Annotated: i.annotated,
		Split: i.Split, Seen: i.Seen,
	}
	if i.Crop != nil {
		item.Crop = [4]float64{i.Crop.XMin, i.Crop.YMin, i.Crop.XMax, i.Crop.YMax}
	}
	return item
}

func unpackItem(view int64, item predictions.Item) EvaluatedItem {
	i := EvaluatedItem{
		Datapoint: item.Datapoint, Region: item.Region, Name: item.Name, Split: item.Split, Seen: item.Seen, annotated: item.Annotated,
	}
	if item.Image != 0 {
		i.Key = storage.Key{View: view, Image: item.Image, Source: item.Source}
	}
	if item.Crop != ([4]float64{}) {
		i.Crop = &domain.Box{XMin: item.Crop[0], YMin: item.Crop[1], XMax: item.Crop[2], YMax: item.Crop[3]}
	}
	return i
}

// evaluationHeader is the header of an evaluation's file.
type evaluationHeader struct {
	Format       int             `json:"format"`
	Version      string          `json:"version"` // its uid
	Request      EvaluateRequest `json:"request"`
	Made         time.Time       `json:"made"`
	Seconds      float64         `json:"seconds"`
	Images       int             `json:"images"`
	Problems     []string        `json:"problems,omitempty"`
	LeftOut      []runs.LeftOut  `json:"left_out,omitempty"`
	Passed       map[int64]int64 `json:"passed,omitempty"`
	HeadlineName string          `json:"headline_name"`
	Headline     metrics.Figure  `json:"headline"`
}

const evaluationFormat = 1

func (j *Judging) keepEvaluation(v runs.Version, e *StoredEvaluation, file *predictions.File) error {
	header := evaluationHeader{
		Format: evaluationFormat, Version: v.UID, Request: e.Request, Made: e.Made, Seconds: e.Seconds, Images: e.Images,
		Problems: e.Problems, LeftOut: e.LeftOut, Passed: e.passed, HeadlineName: e.HeadlineName, Headline: e.Headline,
	}
	var err error
	if file.Header, err = json.Marshal(header); err != nil {
		return err
	}
	if err := os.MkdirAll(j.evaluationsDir(v), 0o755); err != nil {
		return err
	}
	if err := predictions.WriteFile(j.evaluationFile(v, e.ID), file); err != nil {
		return err
	}
	j.session.Tell(session.Change{Kind: session.ChangeEvaluations, View: v.ViewID, Version: v.ID})
	return nil
}
