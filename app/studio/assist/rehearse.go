//go:build measure

package assist

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// Rehearsal is an annotated view on which it is measured what the assistant would have suggested while it was annotated.
type Rehearsal struct {
	kind  domain.Task
	known []knownRow
	rows  rows
}

// Rehearse computes the features of everything that is annotated in a view.
func (a *Assistant) Rehearse(ctx context.Context, view storage.View) (*Rehearsal, error) {
	if view.Type.HasBoxes() {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s is a %s: the assistant suggests concepts of whole images", view.Name, view.Type)}
	}
	w := &worker{Assistant: a, view: view, table: newTable(), failed: map[int64]bool{}}
	defer w.close()
	if err := w.list(ctx); err != nil {
		return nil, err
	}
	known, err := w.read(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := w.gather(ctx, w.listed, nil); err != nil {
		return nil, err
	}
	r := &Rehearsal{kind: view.Type, rows: w.table.share()}
	ids, err := a.store.DatapointIDs(ctx, storage.Query{View: view.ID, State: storage.StateAnnotated}) // as the gallery lists them
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		at := slices.IndexFunc(known, func(k knownRow) bool { return k.id == id })
		if at >= 0 && r.rows.of(id) != nil {
			r.known = append(r.known, known[at])
		}
	}
	return r, nil
}

// Len is how many datapoints there are, in the gallery's order.
func (r *Rehearsal) Len() int { return len(r.known) }

// Concepts are those of datapoint i.
func (r *Rehearsal) Concepts(i int) []int64 { return r.known[i].concepts }

// Features are those of datapoint i.
func (r *Rehearsal) Features(i int) []float32 { return r.rows.of(r.known[i].id) }

// Learnt is what was learnt from some of them.
type Learnt struct {
	r *Rehearsal
	h *head
}

// Learn learns from some of them; nil where that is not enough to begin.
func (r *Rehearsal) Learn(ctx context.Context, from []int) (*Learnt, error) {
	known := make([]knownRow, len(from))
	for k, i := range from {
		known[k] = r.known[i]
	}
	if missing(r.kind, known) != "" {
		return nil, nil
	}
	h, err := learn(ctx, r.kind, known, r.rows.of)
	if err != nil {
		return nil, err
	}
	return &Learnt{r, h}, nil
}

// Guess says whether what is suggested for datapoint i is right, and how certain it is.
func (l *Learnt) Guess(i int) (right bool, confidence float64) {
	g := l.h.guess(l.r.rows.of(l.r.known[i].id), make([]float32, len(l.h.concepts)))
	list, truth := l.h.conceptsOf(g), slices.Clone(l.r.known[i].concepts)
	slices.Sort(list)
	slices.Sort(truth)
	return slices.Equal(list, truth), float64(g.confidence)
}

// Probabilities are those of the concepts that were seen, of datapoint i.
func (l *Learnt) Probabilities(i int) []float64 {
	row := make([]float32, len(l.h.concepts))
	l.h.quick.Probabilities(row, l.r.rows.of(l.r.known[i].id))
	list := make([]float64, len(row))
	for c, v := range row {
		list[c] = float64(v)
	}
	return list
}

// Estimate is the estimated share of wrong suggestions from a confidence on.
func (l *Learnt) Estimate(confidence float64) Estimate { return l.h.estimate(confidence) }
