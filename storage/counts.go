package storage

import (
	"context"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

// Counts counts the datapoints of a view by split and state. It costs the same for any number of images.
func (p *Reader) Counts(ctx context.Context, view int64) (Counts, error) {
	rows, err := p.tallies(ctx, view)
	if err != nil {
		return Counts{}, err
	}
	var c Counts
	for _, row := range rows {
		s := c.Of(splitFrom(row.Split))
		n := int(row.N)
		s.All += n
		if row.Annotated == 1 {
			s.Annotated += n
			if row.ConceptSet == "" {
				s.WithoutConcept += n
			}
		}
		if row.Reviewed == 1 {
			s.Reviewed += n
		}
		if row.Suggested == 1 {
			s.Suggested += n
		}
	}
	return c, nil
}

func (p *Reader) tallies(ctx context.Context, view int64) ([]db.Tally, error) {
	if _, err := p.read.GetView(ctx, view); err != nil {
		return nil, found(err, "view", view)
	}
	rows, err := p.read.Tallies(ctx, view)
	return rows, explain("counting images", err)
}

// ConceptCounts counts the use of each concept of a view, in the view's order.
func (p *Reader) ConceptCounts(ctx context.Context, view int64) ([]ConceptCount, error) {
	rows, err := p.tallies(ctx, view)
	if err != nil {
		return nil, err
	}
	concepts, err := p.read.ListConcepts(ctx, view)
	if err != nil {
		return nil, explain("reading the concepts", err)
	}
	counts := make([]ConceptCount, len(concepts))
	index := make(map[int64]*ConceptCount, len(concepts))
	for i, c := range concepts {
		counts[i].Concept = c.ID
		index[c.ID] = &counts[i]
	}
	for _, row := range rows {
		eachInSet(row.ConceptSet, func(concept int64, regions int) {
			c := index[concept]
			if c == nil {
				return
			}
			c.add(splitFrom(row.Split), int(row.N), regions)
		})
	}
	return counts, nil
}

// eachInSet reads a concept_set.
func eachInSet(set string, f func(concept int64, regions int)) {
	for part := range strings.SplitSeq(strings.Trim(set, "|"), "|") {
		id, n, ok := strings.Cut(part, ":")
		if !ok {
			continue
		}
		concept, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			continue
		}
		regions, err := strconv.Atoi(n)
		if err != nil {
			continue
		}
		f(concept, regions)
	}
}

// countTallies answers a query without text.
func (p *Reader) countTallies(ctx context.Context, q Query) (int, error) {
	rows, err := p.read.Tallies(ctx, q.View)
	if err != nil {
		return 0, explain("counting images", err)
	}
	sum := 0
	for _, row := range rows {
		if q.matches(row) {
			sum += int(row.N)
		}
	}
	return sum, nil
}

func (q Query) matches(t db.Tally) bool {
	if q.Split != "" && q.Split != splitFrom(t.Split) {
		return false
	}
	if q.ButTest && splitFrom(t.Split) == domain.SplitTest {
		return false
	}
	if q.Concept != 0 && !strings.Contains(t.ConceptSet, inSet(q.Concept)) {
		return false
	}
	switch q.State {
	case StateAnnotated:
		return t.Annotated == 1
	case StateNotAnnotated:
		return t.Annotated == 0
	case StateWithoutConcept:
		return t.Annotated == 1 && t.ConceptSet == ""
	case StateReviewed:
		return t.Reviewed == 1
	case StateNotReviewed:
		return t.Annotated == 1 && t.Reviewed == 0
	case StateSuggested:
		return t.Suggested == 1
	}
	return true
}
