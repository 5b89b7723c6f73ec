package evaluate

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/words"
	"viewfinder/training/metrics"
)

// LikelyRequest selects the images in which to look for annotation errors.
type LikelyRequest struct {
	// All looks at all annotated images, in seconds instead of the minutes of folds: those that the version was trained on are judged by colours and textures
	// alone, the others by both. Not in detection, since these do not locate anything.
	All bool
	// Folds 0 looks at the images that the version was not trained on. From 2 on that many further networks are trained, each on all but one part of
	// the annotated images, and all of them are looked at: it takes about as long as that many versions.
	Folds      int
	Iterations int // of each of the folds' trainings; 0 = as many as the version had
	Limit      int // most errors that are listed; 0 = all
}

// LikelyErrors are likely annotation errors.
type LikelyErrors struct {
	Method     string // in one sentence
	Checked    int    // samples
	List       []LikelyError
	Evaluation *StoredEvaluation // what they were found with
}

// LikelyError is one of them.
type LikelyError struct {
	Shown                // truth is what is annotated, predicted what is likely true
	Case    metrics.Case // of the Evaluation's Judge
	Kind    metrics.SuspicionKind
	Score   float64 // 0 to 1: the order, likeliest first
	InWords string  // "annotated glass, likely metal (93%)"
}

// LikelyErrors ranks annotations by how likely they are wrong, from predictions by networks, and by colours and textures, for images that they were not trained on
// (confident learning, see metrics.Judge.Suspicions). Images that were reviewed are looked at like others.
func (j *Judging) LikelyErrors(ctx context.Context, version int64, r LikelyRequest, progress session.Progress) (*LikelyErrors, error) {
	request := EvaluateRequest{All: true, Folds: r.Folds, FoldIterations: r.Iterations}
	e, err := j.UpToDate(ctx, version, request, progress)
	if err != nil {
		return nil, err
	}
	v, err := j.runs.Version(ctx, version)
	if err != nil {
		return nil, err
	}
	if r.All && r.Folds == 0 {
		if err := j.ensureOpinions(ctx, v, e, session.ProgressOr(progress)); err != nil {
			return nil, err
		}
	}
	var looked []int
	for i, item := range e.Items {
		if !item.Seen || r.All {
			looked = append(looked, i)
		}
	}
	if len(looked) == 0 {
		advice := "check all images, use cross-validation, or annotate images in val"
		if e.View.Type.HasBoxes() {
			advice = "use cross-validation, or annotate images in val"
		}
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s was trained on every annotated image of %s, so its predictions for them do not reveal errors: %s", v.Name, e.View.Name, advice)}
	}
	judge, err := e.Judge.Subset(looked)
	if err != nil {
		return nil, err
	}
	asked := judge
	if r.All || r.Folds > 0 {
		if asked, err = j.withOpinions(v, e, judge); err != nil {
			return nil, fmt.Errorf("reading what colours and textures say beside %s: %w", v.Name, err)
		}
	}
	suspicions := asked.Suspicions()
	l := &LikelyErrors{Checked: len(looked), Evaluation: e}
	images := words.Count(len(looked), "annotated image")
	switch {
	case r.Folds > 0 && asked != judge:
		l.Method = fmt.Sprintf("Confident learning on %d networks and on colours and textures, by cross-validation; %s.", r.Folds, images)
	case r.Folds > 0:
		l.Method = fmt.Sprintf("Confident learning on %d networks, by cross-validation; %s.", r.Folds, images)
	case r.All:
		l.Method = fmt.Sprintf("Confident learning on colours and textures, by cross-validation, and on predictions of %s for images that it was not trained on; %s.", v.Name, images)
	default:
		l.Method = fmt.Sprintf("Confident learning on predictions of %s for %s that it was not trained on.", v.Name, images)
	}
	for _, s := range suspicions {
		if r.Limit > 0 && len(l.List) == r.Limit {
			break
		}
		c := s.Case
		c.Sample = looked[c.Sample]
		shown := e.Show(c)
		l.List = append(l.List, LikelyError{Shown: shown, Case: c, Kind: s.Kind, Score: s.Score, InWords: suspicionWords(s, shown)})
	}
	return l, nil
}

func suspicionWords(s metrics.Suspicion, shown Shown) string {
	confidence := fmt.Sprintf("%.0f%%", 100*s.Confidence)
	switch s.Kind {
	case metrics.LikelyOther:
		return fmt.Sprintf("annotated %s, likely %s (%s)", shown.Truth, shown.Predicted, confidence)
	case metrics.LikelyMissing:
		return fmt.Sprintf("%s is likely missing (%s)", shown.Predicted, confidence)
	case metrics.LikelyPlace:
		return fmt.Sprintf("the box of %s is likely misplaced (IoU %.0f%%)", shown.Truth, 100*s.TruthScore)
	}
	if shown.TruthBox != nil {
		return fmt.Sprintf("%s is annotated where nothing was predicted", shown.Truth)
	}
	return fmt.Sprintf("the annotation %s is likely wrong (%s)", shown.Truth, confidence)
}

// unseen makes every item one that no network of the folds was trained on.
func unseen(items []EvaluatedItem) []EvaluatedItem {
	items = slices.Clone(items)
	for i := range items {
		items[i].Seen = false
	}
	return items
}
