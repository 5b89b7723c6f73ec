package storage

import (
	"context"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// AcceptAbove makes annotations of the suggestions of what q chooses that have at least a confidence, in one transaction and one
// step of Undo; see AcceptSuggestions. Of a datapoint of a classification the most confident one counts. predicted are accepted besides, as AcceptPredicted does. It returns how many
// suggestions became annotations, and of how many datapoints.
func (p *Project) AcceptAbove(ctx context.Context, q Query, confidence float64, predicted ...Predicted) (suggestions, datapoints int, err error) {
	if q.State == StateAll || q.State == "all" {
		q.State = StateSuggested
	}
	err = p.act(ctx, "accepting suggestions", func(b *Batch) error {
		ids, err := p.ids(b.ctx, p.conn, q)
		if err != nil {
			return err
		}
		for _, id := range ids {
			rows, err := b.q.SuggestionsOf(b.ctx, id)
			if err != nil {
				return err
			}
			var accepted []db.Suggestion
			for _, s := range rows {
				if domain.Reaches(s.Confidence, confidence) {
					accepted = append(accepted, s)
				}
			}
			if len(accepted) == 0 {
				continue
			}
			datapoints++
			v, err := b.view(q.View)
			if err != nil {
				return err
			}
			if v.Type.ExactlyOne() {
				accepted = accepted[:1] // they come most confident first
			}
			suggestions += len(accepted)
			if err := b.acceptOn(id, accepted); err != nil {
				return err
			}
		}
		more, err := b.acceptPredicted(predicted)
		if err != nil {
			return err
		}
		suggestions, datapoints = suggestions+more, datapoints+more
		if suggestions > 0 {
			b.label = "Accept " + words.Count(suggestions, "suggestion")
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return suggestions, datapoints, nil
}
