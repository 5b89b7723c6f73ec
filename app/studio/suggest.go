package studio

import (
	"context"
	"fmt"
	"path/filepath"

	"viewfinder/storage"
	"viewfinder/training"
)

// Suggestion is what a version predicts for a datapoint; it becomes an annotation only when somebody accepts it.
type Suggestion = storage.Suggestion

// Suggest has a version predict what is not annotated in its view and keeps it as suggestions, in place of those it made before.
// Those below the threshold (0 = 0.5) are not kept. It returns how many datapoints got suggestions.
func (p *Project) Suggest(ctx context.Context, id int64, threshold float64, progress Progress) (int, error) {
	v, view, err := p.predictor(ctx, id)
	if err != nil {
		return 0, err
	}
	points, err := p.Datapoints(ctx, Query{View: view.ID, State: StateNotAnnotated})
	if err != nil || len(points) == 0 {
		return 0, err
	}
	samples := make([]training.Sample, len(points))
	for i, d := range points {
		relative, err := filepath.Rel(p.RunDir(v), p.ImagePath(d.Image))
		if err != nil {
			return 0, err
		}
		samples[i] = training.Sample{Image: filepath.ToSlash(relative), Crop: rectOf(d.SourceBox), Split: string(d.Image.Split)}
	}
	raw, err := p.predictSamples(ctx, v, samples, progress)
	if err != nil {
		return 0, err
	}
	known := map[int64]bool{}
	concepts, err := p.Concepts(ctx, view.ID)
	if err != nil {
		return 0, err
	}
	for _, c := range concepts {
		known[c.ID] = true
	}
	if threshold == 0 {
		threshold = 0.5
	}
	suggested := 0
	err = p.store.Batch(ctx, "suggestions of "+v.Name, func(b *storageBatch) error {
		for i, d := range points {
			list := suggestionsOf(view.Type, v, d, raw[i], threshold, known)
			if err := b.SetSuggestions(v.ID, d.Key(), list); err != nil {
				return fmt.Errorf("keeping the suggestions for %s: %w", d.Image.Name, err)
			}
			if len(list) > 0 {
				suggested++
			}
		}
		return nil
	})
	p.changed(Change{Kind: ChangeAnnotations, View: view.ID})
	return suggested, err
}

// suggestionsOf turns a prediction into suggestions; a classification suggests its most probable concept alone.
func suggestionsOf(view ViewType, v Version, d Datapoint, raw training.Prediction, threshold float64, known map[int64]bool) []Suggestion {
	if raw.Err != nil {
		return nil
	}
	var list []Suggestion
	for class, score := range raw.Scores {
		if class < len(v.Concepts) && score >= threshold && known[v.Concepts[class].ID] {
			list = append(list, Suggestion{Version: v.ID, Concept: v.Concepts[class].ID, Confidence: score})
		}
	}
	if view == ViewClassification && len(list) > 1 {
		best := list[0]
		for _, s := range list {
			if s.Confidence > best.Confidence {
				best = s
			}
		}
		list = []Suggestion{best}
	}
	for _, b := range raw.Boxes {
		if b.Class < len(v.Concepts) && b.Score >= threshold && known[v.Concepts[b.Class].ID] {
			box := outOf(d.SourceBox, b.Rect)
			list = append(list, Suggestion{Version: v.ID, Box: &box, Concept: v.Concepts[b.Class].ID, Confidence: b.Score})
		}
	}
	return list
}

// Suggestions lists the open suggestions of a datapoint.
func (p *Project) Suggestions(ctx context.Context, key Key) ([]Suggestion, error) {
	return p.store.Suggestions(ctx, key)
}

// AcceptSuggestions makes suggestions of a view annotations.
func (p *Project) AcceptSuggestions(ctx context.Context, view int64, suggestions []int64) error {
	return p.didSuggestions(view, p.store.AcceptSuggestions(ctx, suggestions))
}

// RejectSuggestions takes suggestions of a view away.
func (p *Project) RejectSuggestions(ctx context.Context, view int64, suggestions []int64) error {
	return p.didSuggestions(view, p.store.RejectSuggestions(ctx, suggestions))
}

// ClearSuggestions takes all suggestions of a version away from a view; version 0: of all versions.
func (p *Project) ClearSuggestions(ctx context.Context, view, version int64) error {
	return p.didSuggestions(view, p.store.ClearSuggestions(ctx, view, version))
}

func (p *Project) didSuggestions(view int64, err error) error {
	if err == nil {
		p.changed(Change{Kind: ChangeAnnotations, View: view})
	}
	return err
}
