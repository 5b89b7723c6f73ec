package storage

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// AssistantVersion stands, as the maker of what was accepted, for the assistant, whose suggestions are of no version and are not stored.
const AssistantVersion int64 = 0

// Predicted is what the assistant suggests for a datapoint of a classification or tagging view: these concepts and no others.
type Predicted struct {
	Key        Key
	Concepts   []int64
	Confidence float64 // 0..1, that all of it is right
}

// AcceptPredicted makes annotations of what the assistant suggests, in one transaction and one step of Undo, and keeps that it was the assistant's. What is annotated
// already, or not in its view any more, is left as it is. It returns how many datapoints were annotated.
func (p *Project) AcceptPredicted(ctx context.Context, list []Predicted) (accepted int, err error) {
	err = p.act(ctx, "accepting suggestions", func(b *Batch) (err error) {
		if accepted, err = b.acceptPredicted(list); accepted > 0 {
			b.label = "Accept " + words.Count(accepted, "suggestion")
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return accepted, nil
}

func (b *Batch) acceptPredicted(list []Predicted) (accepted int, err error) {
	for _, one := range list {
		if err := b.asked.Err(); err != nil {
			return accepted, err
		}
		done, err := b.acceptOne(one)
		if err != nil {
			return accepted, err
		}
		if done {
			accepted++
		}
	}
	return accepted, nil
}

func (b *Batch) acceptOne(one Predicted) (bool, error) {
	if math.IsNaN(one.Confidence) || one.Confidence < 0 || one.Confidence > 1 {
		return false, rulef("A suggestion's confidence is %v; it must be between 0 and 1.", one.Confidence)
	}
	v, err := b.view(one.Key.View)
	if err != nil {
		return false, err
	}
	if v.Type.HasBoxes() {
		return false, rulef("%s is a %s view: the assistant suggests concepts of whole images.", v.Name, v.Type)
	}
	d, err := b.q.FindDatapoint(b.ctx, one.Key.View, one.Key.Image, one.Key.Source)
	switch {
	case errors.Is(err, sql.ErrNoRows) || err == nil && (d.Present == 0 || d.Annotated == 1):
		return false, nil
	case err != nil:
		return false, err
	}
	if _, err := b.annotate(v, &d, []domain.Region{{Concepts: one.Concepts}}); err != nil {
		return false, err
	}
	rows := make([]db.Suggestion, len(one.Concepts))
	for i, c := range one.Concepts {
		rows[i] = db.Suggestion{DatapointID: d.ID, VersionID: AssistantVersion, ConceptID: c, Confidence: one.Confidence}
	}
	if err := b.keepAccepted(rows); err != nil {
		return false, err
	}
	return true, b.dropSuggestions(&d)
}
