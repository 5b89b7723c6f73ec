package studio

import (
	"context"
	"fmt"

	"viewfinder/training"
)

// Evaluate runs a version on the view's annotated images of a split, as they are annotated now, and compares. Images annotated with
// concepts that the version does not know are left out.
func (p *Project) Evaluate(ctx context.Context, id int64, r EvaluateRequest, progress Progress) (*Evaluation, error) {
	v, view, err := p.predictor(ctx, id)
	if err != nil {
		return nil, err
	}
	split := r.Split
	if split == "" {
		split = SplitVal
	}
	if r.All {
		split = ""
	}
	s, err := p.takeSnapshot(ctx, view, conceptsOf(v), split, p.RunDir(v))
	if err != nil {
		return nil, err
	}
	if len(s.samples) == 0 {
		where := "in " + string(split)
		if r.All {
			where = "at all"
		}
		return nil, &RuleError{Message: fmt.Sprintf("%s has no annotated image %s to evaluate on", view.Name, where)}
	}
	progress = progressOr(progress)
	evaluation, err := training.Evaluate(ctx, p.RunDir(v), s.samples, training.EvaluateOptions{
		Threshold: r.Threshold,
		Progress:  func(done, total int) { progress.Update(done, total, "evaluating") },
	})
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %w", v.Name, err)
	}
	return evaluation, nil
}

// predictor finds a version that can predict, and its view.
func (p *Project) predictor(ctx context.Context, id int64) (Version, View, error) {
	v, err := p.Version(ctx, id)
	if err != nil {
		return Version{}, View{}, err
	}
	if !v.CanPredict() {
		return Version{}, View{}, &RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready can predict", v.Name, v.Status)}
	}
	view, err := p.View(ctx, v.ViewID)
	return v, view, err
}

// conceptsOf are a version's concepts as they were frozen.
func conceptsOf(v Version) []Concept {
	concepts := make([]Concept, len(v.Concepts))
	for i, c := range v.Concepts {
		concepts[i] = Concept{ID: c.ID, ViewID: v.ViewID, Name: c.Name, Color: c.Color, Position: i}
	}
	return concepts
}
