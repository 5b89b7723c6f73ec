package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

func suggestionFrom(row db.Suggestion) Suggestion {
	return Suggestion{ID: row.ID, Version: row.VersionID, Concept: row.ConceptID, Confidence: row.Confidence,
		Box: boxFrom(row.Xmin, row.Ymin, row.Xmax, row.Ymax)}
}

// Suggestions returns the open suggestions of a datapoint, most confident first.
func (p *Reader) Suggestions(ctx context.Context, key Key) ([]Suggestion, error) {
	d, err := p.read.FindDatapoint(ctx, key.View, key.Image, key.Source)
	if err != nil {
		return nil, found(err, "datapoint", key)
	}
	rows, err := p.read.SuggestionsOf(ctx, d.ID)
	if err != nil {
		return nil, explain("reading suggestions", err)
	}
	suggestions := make([]Suggestion, len(rows))
	for i, row := range rows {
		suggestions[i] = suggestionFrom(row)
	}
	return suggestions, nil
}

// SetSuggestions replaces the suggestions of a datapoint by those of a version. Boxes are clipped as Annotate does;
// in classification and tagging views there are none. Annotations are not touched.
func (p *Project) SetSuggestions(ctx context.Context, version int64, key Key, suggestions []Suggestion) error {
	return p.act(ctx, "keeping suggestions", func(b *Batch) error { return b.SetSuggestions(version, key, suggestions) })
}

// SetSuggestions replaces the suggestions of a datapoint; see Project.SetSuggestions.
func (b *Batch) SetSuggestions(version int64, key Key, suggestions []Suggestion) error {
	if err := b.asked.Err(); err != nil {
		return err
	}
	v, d, err := b.datapoint(key)
	if err != nil {
		return err
	}
	if _, err := b.q.GetVersion(b.ctx, version); err != nil {
		return found(err, "version", version)
	}
	if err := b.q.DeleteSuggestionsOfDatapoint(b.ctx, d.ID); err != nil {
		return err
	}
	for _, s := range suggestions {
		if math.IsNaN(s.Confidence) || s.Confidence < 0 || s.Confidence > 1 {
			return rulef("A suggestion's confidence is %v; it must be between 0 and 1.", s.Confidence)
		}
		region := []domain.Region{{Box: s.Box, Concepts: []int64{s.Concept}}}
		if region, err = b.checkRegions(v, d, region); err != nil {
			return err
		}
		params := db.InsertSuggestionParams{DatapointID: d.ID, VersionID: version, ConceptID: s.Concept, Confidence: s.Confidence}
		params.Xmin, params.Ymin, params.Xmax, params.Ymax = edges(region[0].Box)
		if err := b.q.InsertSuggestion(b.ctx, params); err != nil {
			return err
		}
	}
	b.say("Suggest for images of %s", v.Name)
	if err := b.countSuggestions(d.ID); err != nil {
		return err
	}
	return b.count(1 + len(suggestions))
}

// countSuggestions brings a datapoint's count up to date.
func (b *Batch) countSuggestions(datapoint int64) error {
	t, err := b.q.SuggestionTotals(b.ctx, datapoint)
	if err != nil {
		return err
	}
	return b.q.SetDatapointSuggested(b.ctx, t.Suggested, t.Confidence, datapoint)
}

// dropSuggestions removes all suggestions of a datapoint that was decided on.
func (b *Batch) dropSuggestions(d *db.Datapoint) error {
	if d.Suggested == 0 {
		return nil
	}
	b.say("Decide on suggestions")
	if err := b.q.DeleteSuggestionsOfDatapoint(b.ctx, d.ID); err != nil {
		return err
	}
	return b.q.SetDatapointSuggested(b.ctx, 0, 0, d.ID)
}

// AcceptSuggestions makes suggestions annotations: boxes are added to the regions there are, tags to the tags,
// and a classification's concept replaces what there is (the most confident of several). The
// accepted ones go; of a classification all go, since it is decided.
func (p *Project) AcceptSuggestions(ctx context.Context, suggestions []int64) error {
	return p.act(ctx, "accepting suggestions", func(b *Batch) error { return b.AcceptSuggestions(suggestions) })
}

// AcceptSuggestions makes suggestions annotations; see Project.AcceptSuggestions.
func (b *Batch) AcceptSuggestions(suggestions []int64) error {
	byDatapoint, err := b.suggestionsByDatapoint(suggestions)
	if err != nil {
		return err
	}
	b.say("Accept %s", words.Count(len(suggestions), "suggestion"))
	for _, id := range slices.Sorted(maps.Keys(byDatapoint)) {
		if err := b.acceptOn(id, byDatapoint[id]); err != nil {
			return err
		}
	}
	return nil
}

func (b *Batch) acceptOn(datapoint int64, accepted []db.Suggestion) error {
	if err := b.asked.Err(); err != nil {
		return err
	}
	d, err := b.q.DatapointByID(b.ctx, datapoint)
	if err != nil {
		return err
	}
	v, err := b.view(d.ViewID)
	if err != nil {
		return err
	}
	var regions []domain.Region
	if !v.Type.ExactlyOne() && d.Annotated == 1 {
		there, err := b.storedRegions(d.ID)
		if err != nil {
			return err
		}
		for _, r := range there {
			if r.Deleted == 0 {
				regions = append(regions, domain.Region{ID: r.ID, Box: boxFrom(r.Xmin, r.Ymin, r.Xmax, r.Ymax), Concepts: r.concepts})
			}
		}
	}
	switch v.Type {
	case domain.Classification:
		best := slices.MaxFunc(accepted, func(a, b db.Suggestion) int {
			switch {
			case a.Confidence < b.Confidence:
				return -1
			case a.Confidence > b.Confidence:
				return 1
			}
			return 0
		})
		regions, accepted = []domain.Region{{Concepts: []int64{best.ConceptID}}}, []db.Suggestion{best}
	case domain.Tagging:
		if len(regions) == 0 {
			regions = []domain.Region{{}}
		}
		for _, s := range accepted {
			regions[0].Concepts = append(regions[0].Concepts, s.ConceptID)
		}
	default:
		for _, s := range accepted {
			regions = append(regions, domain.Region{Box: boxFrom(s.Xmin, s.Ymin, s.Xmax, s.Ymax), Concepts: []int64{s.ConceptID}})
		}
	}
	if _, err := b.annotate(v, &d, regions); err != nil {
		return err
	}
	if err := b.keepAccepted(accepted); err != nil {
		return err
	}
	if v.Type.ExactlyOne() {
		return b.dropSuggestions(&d)
	}
	return b.removeSuggestions(d.ID, accepted)
}

func (b *Batch) removeSuggestions(datapoint int64, rows []db.Suggestion) error {
	for _, s := range rows {
		if err := b.q.DeleteSuggestion(b.ctx, s.ID); err != nil {
			return err
		}
	}
	if err := b.countSuggestions(datapoint); err != nil {
		return err
	}
	return b.count(1 + len(rows))
}

func (b *Batch) suggestionsByDatapoint(ids []int64) (map[int64][]db.Suggestion, error) {
	byDatapoint := map[int64][]db.Suggestion{}
	for _, id := range ids {
		row, err := b.q.GetSuggestion(b.ctx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("suggestion %d: %w", id, ErrNotFound)
		}
		if err != nil {
			return nil, err
		}
		byDatapoint[row.DatapointID] = append(byDatapoint[row.DatapointID], row)
	}
	return byDatapoint, nil
}

// RejectSuggestions removes suggestions; annotations are not touched.
func (p *Project) RejectSuggestions(ctx context.Context, suggestions []int64) error {
	return p.act(ctx, "rejecting suggestions", func(b *Batch) error { return b.RejectSuggestions(suggestions) })
}

// RejectSuggestions removes suggestions; annotations are not touched.
func (b *Batch) RejectSuggestions(suggestions []int64) error {
	byDatapoint, err := b.suggestionsByDatapoint(suggestions)
	if err != nil {
		return err
	}
	b.say("Reject %s", words.Count(len(suggestions), "suggestion"))
	for _, id := range slices.Sorted(maps.Keys(byDatapoint)) {
		if err := b.removeSuggestions(id, byDatapoint[id]); err != nil {
			return err
		}
	}
	return nil
}

// ClearSuggestions removes the suggestions of a version in a view; version 0: of all.
func (p *Project) ClearSuggestions(ctx context.Context, view, version int64) error {
	return p.act(ctx, "clearing suggestions", func(b *Batch) error { return b.ClearSuggestions(view, version) })
}

// ClearSuggestions removes the suggestions of a version in a view; version 0: of all.
func (b *Batch) ClearSuggestions(view, version int64) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	datapoints, err := b.q.SuggestedDatapoints(b.ctx, view, version)
	if err != nil {
		return err
	}
	b.say("Clear the suggestions of %s", v.Name)
	for _, id := range datapoints {
		if err := b.asked.Err(); err != nil {
			return err
		}
		if err := b.q.DeleteSuggestionsOfVersion(b.ctx, id, version); err != nil {
			return err
		}
		if err := b.countSuggestions(id); err != nil {
			return err
		}
		if err := b.count(2); err != nil {
			return err
		}
	}
	return nil
}

// SuggestedConfidences are the datapoints of a view that have open suggestions, of a concept (0: of any), and the highest confidence of each.
func (p *Reader) SuggestedConfidences(ctx context.Context, view, concept int64) (map[int64]float64, error) {
	rows, err := p.reader.QueryContext(ctx, `SELECT d.id, max(s.confidence) FROM datapoints d JOIN suggestions s ON s.datapoint_id = d.id
		WHERE d.view_id = ?1 AND d.present = 1 AND d.suggested > 0 AND (?2 = 0 OR s.concept_id = ?2) GROUP BY d.id`, view, concept)
	if err != nil {
		return nil, explain("reading suggestions", err)
	}
	defer rows.Close()
	all := map[int64]float64{}
	for rows.Next() {
		var id int64
		var confidence float64
		if err := rows.Scan(&id, &confidence); err != nil {
			return nil, explain("reading suggestions", err)
		}
		all[id] = confidence
	}
	return all, explain("reading suggestions", rows.Err())
}
