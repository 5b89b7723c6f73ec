package storage

import (
	"context"
	"slices"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

// Accepted is an annotation that was a version's suggestion before a person accepted it, and is still as it was accepted.
type Accepted struct {
	Version    int64 // model version's ID; the version may be gone
	Concept    int64
	Box        *domain.Box // nil in classification and tagging views
	Confidence float64     // 0..1, of the suggestion
	At         time.Time
}

// Accepted returns what of a datapoint's annotation came from suggestions: those concepts and boxes that nobody changed since, the latest
// first.
func (p *Reader) Accepted(ctx context.Context, key Key) ([]Accepted, error) {
	d, err := p.read.FindDatapoint(ctx, key.View, key.Image, key.Source)
	if err != nil {
		return nil, found(err, "datapoint", key)
	}
	rows, err := p.read.AcceptedOf(ctx, d.ID)
	if err != nil || len(rows) == 0 {
		return nil, explain("reading accepted suggestions", err)
	}
	points, err := p.DatapointsByID(ctx, []int64{d.ID})
	if err != nil || len(points) != 1 || !points[0].Annotated {
		return nil, err
	}
	type place struct {
		concept int64
		box     domain.Box
	}
	at := func(concept int64, box *domain.Box) place {
		if box == nil {
			return place{concept: concept}
		}
		return place{concept, *box}
	}
	there := map[place]int{}
	for _, r := range points[0].Regions {
		for _, c := range r.Concepts {
			there[at(c, r.Box)]++
		}
	}
	var list []Accepted
	for _, row := range rows {
		box := boxFrom(row.Xmin, row.Ymin, row.Xmax, row.Ymax)
		if k := at(row.ConceptID, box); there[k] > 0 {
			there[k]--
			list = append(list, Accepted{Version: row.VersionID, Concept: row.ConceptID, Box: box, Confidence: row.Confidence, At: fromMillis(row.AcceptedAt)})
		}
	}
	return slices.Clip(list), nil
}

// keepAccepted remembers that suggestions became annotations.
func (b *Batch) keepAccepted(accepted []db.Suggestion) error {
	for _, s := range accepted {
		if err := b.q.InsertAccepted(b.ctx, db.InsertAcceptedParams{DatapointID: s.DatapointID, VersionID: s.VersionID, ConceptID: s.ConceptID,
			Xmin: s.Xmin, Ymin: s.Ymin, Xmax: s.Xmax, Ymax: s.Ymax, Confidence: s.Confidence, AcceptedAt: now()}); err != nil {
			return err
		}
	}
	return nil
}
