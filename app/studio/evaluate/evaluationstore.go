package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/words"
	"viewfinder/training/metrics"
	"viewfinder/training/predictions"
)

// Evaluations lie in the version's run folder, one file for each request.
const (
	evaluationsFolder = "evaluations"
	evaluationSuffix  = ".predictions"
)

func (j *Judging) evaluationsDir(v runs.Version) string {
	return filepath.Join(j.runs.RunDir(v), evaluationsFolder)
}

func (j *Judging) evaluationFile(v runs.Version, id string) string {
	return filepath.Join(j.evaluationsDir(v), id+evaluationSuffix)
}

// StoredEvaluations lists the evaluations of a version that are kept, the newest first. It reads no predictions. One that cannot be read is
// left out.
func (j *Judging) StoredEvaluations(ctx context.Context, version int64) ([]EvaluationInfo, error) {
	v, err := j.runs.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir(j.evaluationsDir(v))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return nil, fmt.Errorf("looking for the evaluations of %s: %w", v.Name, err)
	}
	var list []EvaluationInfo
	for _, file := range files {
		id, ok := strings.CutSuffix(file.Name(), evaluationSuffix)
		if !ok {
			continue
		}
		data, err := predictions.ReadHeader(j.evaluationFile(v, id))
		var h evaluationHeader
		if err == nil {
			h, err = readEvaluationHeader(data)
		}
		if err != nil {
			slog.Warn("an evaluation is left out", "version", v.Name, "error", err)
			continue
		}
		list = append(list, h.info(id, v))
	}
	slices.SortFunc(list, func(a, b EvaluationInfo) int { return b.Made.Compare(a.Made) })
	return list, nil
}

func readEvaluationHeader(data []byte) (evaluationHeader, error) {
	var h evaluationHeader
	if err := json.Unmarshal(data, &h); err != nil {
		return h, fmt.Errorf("%w: its header is another than expected: %w", predictions.ErrFormat, err)
	}
	if h.Format != evaluationFormat {
		return h, fmt.Errorf("%w: its format is %d, this program knows %d", predictions.ErrFormat, h.Format, evaluationFormat)
	}
	return h, nil
}

func (h evaluationHeader) info(id string, v runs.Version) EvaluationInfo {
	return EvaluationInfo{
		ID: id, Version: v.ID, Request: h.Request, Made: h.Made, Seconds: h.Seconds, Images: h.Images, Problems: h.Problems,
		HeadlineName: h.HeadlineName, Headline: h.Headline,
	}
}

// OpenEvaluation opens one that is kept; it neither reads images nor runs the network.
func (j *Judging) OpenEvaluation(ctx context.Context, version int64, id string) (*StoredEvaluation, error) {
	v, err := j.runs.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	view, err := j.store.View(ctx, v.ViewID)
	if err != nil {
		return nil, err
	}
	if id == "" || id != filepath.Base(id) {
		return nil, session.NotThere("there is no evaluation %q of %s", id, v.Name)
	}
	file, err := predictions.ReadFile(j.evaluationFile(v, id))
	if err != nil {
		return nil, fmt.Errorf("opening an evaluation of %s: %w", v.Name, err)
	}
	h, err := readEvaluationHeader(file.Header)
	if err != nil {
		return nil, fmt.Errorf("opening an evaluation of %s: %w", v.Name, err)
	}
	if file.Input.Concepts != len(v.Concepts) || string(file.Input.Task) != string(view.Type) {
		return nil, fmt.Errorf("opening an evaluation of %s: %w: it is of another version", v.Name, predictions.ErrFormat)
	}
	e := &StoredEvaluation{EvaluationInfo: h.info(id, v), View: view, Concepts: runs.ConceptsOf(v), LeftOut: h.LeftOut, passed: h.Passed}
	e.Items = make([]EvaluatedItem, len(file.Items))
	for i, item := range file.Items {
		e.Items[i] = unpackItem(view.ID, item)
	}
	if e.Judge, err = metrics.NewJudge(file.Input); err != nil {
		return nil, fmt.Errorf("opening an evaluation of %s: %w", v.Name, err)
	}
	j.noteLook(ctx, e)
	return e, nil
}

// FindEvaluation opens the evaluation of a request if one is kept and can be read; nil otherwise.
func (j *Judging) FindEvaluation(ctx context.Context, version int64, r EvaluateRequest) (*StoredEvaluation, error) {
	e, err := j.OpenEvaluation(ctx, version, r.id())
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, predictions.ErrFormat) {
		return nil, nil
	}
	return e, err
}

// DeleteEvaluation deletes one that is kept.
func (j *Judging) DeleteEvaluation(ctx context.Context, version int64, id string) error {
	v, err := j.runs.Version(ctx, version)
	if err != nil {
		return err
	}
	if id == "" || id != filepath.Base(id) {
		return session.NotThere("there is no evaluation %q of %s", id, v.Name)
	}
	if err := os.Remove(j.evaluationFile(v, id)); err != nil {
		return fmt.Errorf("deleting an evaluation of %s: %w", v.Name, err)
	}
	_ = os.Remove(j.opinionsFile(v, id)) // only folds have them
	j.session.Tell(session.Change{Kind: session.ChangeEvaluations, View: v.ViewID, Version: v.ID})
	return nil
}

// Freshness is whether an evaluation was made against the present annotations.
type Freshness struct {
	OutOfDate               bool
	Changed, Added, Removed int    // datapoints
	Reason                  string // "3 annotations changed, 2 added since": why it is out of date
}

// Freshness compares the annotations that an evaluation was made against with those of now. Images from a folder outside are not looked at again.
func (j *Judging) Freshness(ctx context.Context, e *StoredEvaluation) (Freshness, error) {
	var f Freshness
	if e.Request.Folder != "" {
		return f, nil
	}
	now, err := j.store.AnnotationTimes(ctx, e.Request.query(e.View.ID))
	if err != nil {
		return f, err
	}
	then := make(map[int64]int64, len(e.Items)+len(e.passed))
	for _, i := range e.Items {
		then[i.Datapoint] = i.annotated
	}
	for id, at := range e.passed {
		then[id] = at
	}
	for id, at := range then {
		switch is, there := now[id]; {
		case !there:
			f.Removed++
		case is != at:
			f.Changed++
		}
	}
	f.Added = len(now) - (len(then) - f.Removed)
	f.OutOfDate = f.Changed+f.Added+f.Removed > 0
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{f.Changed, "changed"}, {f.Added, "added"}, {f.Removed, "taken out"}} {
		if part.n > 0 {
			if len(parts) == 0 {
				parts = append(parts, words.Count(part.n, "annotation")+" "+part.what)
			} else {
				parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
			}
		}
	}
	if f.OutOfDate {
		f.Reason = strings.Join(parts, ", ") + " since"
	}
	return f, nil
}
