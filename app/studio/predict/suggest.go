package predict

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// SuggestRequest selects the datapoints that a version makes suggestions for.
type SuggestRequest struct {
	Query     storage.Query // chooses among the version's view (its View need not be set); what is annotated is skipped
	Threshold float64       // what is less certain is not kept, 0..1; 0 = 0.5
}

// Suggest has a version predict what is not annotated in its view and keeps it as suggestions, in place of those it made before.
// Those below the threshold (0 = 0.5) are not kept. It returns how many datapoints got suggestions.
func (p *Predicting) Suggest(ctx context.Context, id int64, threshold float64, progress session.Progress) (int, error) {
	return p.SuggestFor(ctx, id, SuggestRequest{Threshold: threshold}, progress)
}

// SuggestFor is Suggest for what a request chooses. When the context ends, the suggestions made until then are kept, and the error is
// the context's. All of it is one step of Undo.
func (p *Predicting) SuggestFor(ctx context.Context, id int64, r SuggestRequest, progress session.Progress) (int, error) {
	v, view, err := p.Predictor(ctx, id)
	if err != nil {
		return 0, err
	}
	q := r.Query
	q.View = view.ID
	if q.State == storage.StateAll || q.State == "all" {
		q.State = storage.StateNotAnnotated
	}
	points, err := p.store.Datapoints(ctx, q)
	if err != nil {
		return 0, err
	}
	points = slices.DeleteFunc(points, func(d storage.Datapoint) bool { return d.Annotated })
	if len(points) == 0 {
		return 0, nil
	}
	network, err := p.Network(ctx, id)
	if err != nil {
		return 0, err
	}
	defer network.Close()
	raw, stopped := network.points(ctx, points, progress)
	if len(raw) == 0 {
		return 0, stopped
	}
	n, err := p.keepSuggestions(context.WithoutCancel(ctx), v, view, points[:len(raw)], raw, r.Threshold)
	return n, errors.Join(err, stopped)
}

// pointPortion is how many datapoints are predicted between two checks of the context.
const pointPortion = 256

// points predicts datapoints, as far as it comes until the context ends.
func (l *Network) points(ctx context.Context, points []storage.Datapoint, progress session.Progress) ([]training.Prediction, error) {
	progress = session.ProgressOr(progress)
	var all []training.Prediction
	for len(all) < len(points) {
		from := len(all)
		samples, err := l.predicting.pointSamples(l.Version, points[from:min(from+pointPortion, len(points))])
		if err != nil {
			return all, err
		}
		err = l.use(func(m *training.Model) error {
			raw, err := m.PredictSamples(ctx, l.dir, samples, func(done, _ int) { progress.Update(from+done, len(points), "predicting") })
			if err != nil {
				return fmt.Errorf("predicting with %s: %w", l.Version.Name, err)
			}
			all = append(all, raw...)
			return nil
		})
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// pointSamples are datapoints as a version's network takes them.
func (p *Predicting) pointSamples(v runs.Version, points []storage.Datapoint) ([]training.Sample, error) {
	samples := make([]training.Sample, len(points))
	for i, d := range points {
		relative, err := filepath.Rel(p.runs.RunDir(v), p.store.ImagePath(d.Image))
		if err != nil {
			return nil, err
		}
		samples[i] = training.Sample{Image: filepath.ToSlash(relative), Crop: d.SourceBox, Split: string(d.Image.Split)}
	}
	return samples, nil
}

// keepSuggestions keeps what a version predicts of datapoints, in one step of Undo, and returns how many of them got suggestions.
func (p *Predicting) keepSuggestions(ctx context.Context, v runs.Version, view storage.View, points []storage.Datapoint, raw []training.Prediction, threshold float64) (int, error) {
	known := map[int64]bool{}
	concepts, err := p.store.Concepts(ctx, view.ID)
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
	err = p.store.Batch(ctx, "suggestions of "+v.Name, func(b *storage.Batch) error {
		for i, d := range points {
			if err := b.Yield(); err != nil {
				return err
			}
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
	change := session.Change{Kind: session.ChangeAnnotations, View: view.ID}
	if len(points) <= fewPoints {
		for _, d := range points {
			change.Images = append(change.Images, d.Image.ID)
		}
	}
	p.session.Changed(change)
	return suggested, err
}

// fewPoints is up to how many datapoints a change names its images.
const fewPoints = 50

// SuggestNow makes suggestions for one datapoint with a network that is ready, unless it is annotated: while somebody annotates. It
// reports whether there is something to accept.
func (l *Network) SuggestNow(ctx context.Context, key storage.Key, threshold float64) (bool, error) {
	p := l.predicting
	d, err := p.store.Datapoint(ctx, key)
	if err != nil || d.Annotated {
		return false, err
	}
	img, err := p.pictures.DatapointImage(ctx, d)
	if err != nil {
		return false, err
	}
	explanation, err := l.Explain(ctx, img)
	if err != nil {
		return false, err
	}
	n, err := p.keepSuggestions(ctx, l.Version, l.View, []storage.Datapoint{d}, []training.Prediction{explanation.raw.Prediction}, threshold)
	return n > 0, err
}

// AcceptAbove makes annotations of the suggestions that have at least a confidence, of the datapoints that a query chooses: all in one
// transaction and one step of Undo. It returns how many suggestions, of how many datapoints.
func (p *Predicting) AcceptAbove(ctx context.Context, q storage.Query, confidence float64) (suggestions, datapoints int, err error) {
	if math.IsNaN(confidence) || confidence < 0 || confidence > 1 {
		return 0, 0, &storage.RuleError{Message: fmt.Sprintf("a confidence is between 0 and 1, not %g", confidence)}
	}
	suggestions, datapoints, err = p.store.AcceptAbove(ctx, q, confidence)
	return suggestions, datapoints, p.didSuggestions(q.View, err)
}

// suggestionsOf turns a prediction into suggestions; a classification suggests its most probable concept alone.
func suggestionsOf(view domain.Task, v runs.Version, d storage.Datapoint, raw training.Prediction, threshold float64, known map[int64]bool) []storage.Suggestion {
	if raw.Err != nil {
		return nil
	}
	var list []storage.Suggestion
	for class, score := range raw.Scores {
		if class < len(v.Concepts) && domain.Reaches(score, threshold) && known[v.Concepts[class].ID] {
			list = append(list, storage.Suggestion{Version: v.ID, Concept: v.Concepts[class].ID, Confidence: score})
		}
	}
	if view.ExactlyOne() && len(list) > 1 {
		best := list[0]
		for _, s := range list {
			if s.Confidence > best.Confidence {
				best = s
			}
		}
		list = []storage.Suggestion{best}
	}
	for _, b := range raw.Boxes {
		if b.Class < len(v.Concepts) && domain.Reaches(b.Score, threshold) && known[v.Concepts[b.Class].ID] {
			box := b.Box.OutOf(d.SourceBox)
			list = append(list, storage.Suggestion{Version: v.ID, Box: &box, Concept: v.Concepts[b.Class].ID, Confidence: b.Score})
		}
	}
	return list
}

// AcceptSuggestions makes suggestions of a view annotations.
func (p *Predicting) AcceptSuggestions(ctx context.Context, view int64, suggestions []int64) error {
	return p.didSuggestions(view, p.store.AcceptSuggestions(ctx, suggestions))
}

// RejectSuggestions takes suggestions of a view away.
func (p *Predicting) RejectSuggestions(ctx context.Context, view int64, suggestions []int64) error {
	return p.didSuggestions(view, p.store.RejectSuggestions(ctx, suggestions))
}

// ClearSuggestions takes all suggestions of a version away from a view; version 0: of all versions.
func (p *Predicting) ClearSuggestions(ctx context.Context, view, version int64) error {
	return p.didSuggestions(view, p.store.ClearSuggestions(ctx, view, version))
}

func (p *Predicting) didSuggestions(view int64, err error) error {
	if err == nil {
		p.session.Changed(session.Change{Kind: session.ChangeAnnotations, View: view})
	}
	return err
}
