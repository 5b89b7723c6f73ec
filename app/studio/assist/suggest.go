package assist

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// Guess is what the assistant suggests for a datapoint: these concepts and no others. Of tags there may be none.
type Guess struct {
	Concepts   []int64
	Confidence float64 // that all of it is right
}

// Assisted is what the assistant suggests for a datapoint. There is nothing for one that is annotated, nor for one that has open suggestions of a version: these come first.
func (a *Assistant) Assisted(d storage.Datapoint) (Guess, bool) {
	if d.Annotated || d.Suggested > 0 {
		return Guess{}, false
	}
	s := a.now.Load()
	if s.view != d.View {
		return Guess{}, false
	}
	return a.of(s, d.ID)
}

// of is what a state suggests for a datapoint that is not annotated.
func (a *Assistant) of(s *state, id int64) (Guess, bool) {
	i, ok := s.rows.place[id]
	if !ok || !s.on || s.head == nil || int(i) >= len(s.guesses) {
		return Guess{}, false
	}
	g := s.guesses[i]
	list := s.head.conceptsOf(g)
	a.mu.Lock()
	refused, was := a.rejected[id]
	a.mu.Unlock()
	if was && slices.Equal(refused, list) {
		return Guess{}, false
	}
	return Guess{list, float64(g.confidence)}, true
}

// RejectAssisted has what the assistant suggests now for a datapoint not be suggested again, as long as the view is shown; something else may be.
func (a *Assistant) RejectAssisted(d storage.Datapoint) {
	g, ok := a.Assisted(d)
	if !ok {
		return
	}
	a.mu.Lock()
	a.rejected[d.ID] = g.Concepts
	a.mu.Unlock()
	a.session.Tell(session.Change{Kind: session.ChangeAssistant, View: d.View})
}

// AcceptAssisted makes annotations of what the assistant suggested, in one step of Undo, and keeps that it was the assistant who suggested it. What was annotated
// meanwhile stays as it is.
func (a *Assistant) AcceptAssisted(ctx context.Context, list []storage.Predicted) error {
	if len(list) == 0 {
		return nil
	}
	_, err := a.store.AcceptPredicted(ctx, list)
	if err != nil {
		return err
	}
	change := session.Change{Kind: session.ChangeAnnotations, View: list[0].Key.View}
	for _, one := range list {
		change.Images = append(change.Images, one.Key.Image)
	}
	a.session.Changed(change)
	return nil
}

// Estimate says how good suggestions from a confidence on are.
type Estimate struct {
	Above     int // datapoints that have such a suggestion of the assistant
	Wrong, Of int // of annotated datapoints that the others predict with at least this confidence, how many they predict wrongly
}

// Share is the estimated share of wrong ones, 0 to 1, and ok is false where nothing is known. It counts two images more, of which one is wrong (Laplace's
// rule of succession): that none of three is wrong does not say that none is.
func (e Estimate) Share() (share float64, ok bool) {
	if e.Of == 0 {
		return 0, false
	}
	return float64(e.Wrong+1) / float64(e.Of+2), true
}

// EstimateAbove says, before suggestions from a confidence on are accepted, how many of the assistant's there are of what a query chooses, and how often these are wrong.
func (a *Assistant) EstimateAbove(ctx context.Context, q storage.Query, confidence float64) (Estimate, error) {
	s := a.now.Load()
	list, err := a.above(ctx, s, q, confidence)
	if err != nil {
		return Estimate{}, err
	}
	var e Estimate
	if s.head != nil && s.view == q.View {
		e = s.head.estimate(confidence)
	}
	e.Above = len(list)
	return e, nil
}

// above are the datapoints that a query chooses for which a state suggests something from a confidence on.
func (a *Assistant) above(ctx context.Context, s *state, q storage.Query, confidence float64) ([]int64, error) {
	if s.view != q.View || !s.on || s.head == nil {
		return nil, nil
	}
	ids, open, err := a.assisted(ctx, s, suggestedOf(q))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(ids, func(id int64) bool {
		g, ok := a.of(s, id)
		return !ok || !open[id] || !domain.Reaches(g.Confidence, confidence)
	}), nil
}

// suggestedOf has a query choose what has suggestions.
func suggestedOf(q storage.Query) storage.Query {
	if q.State == storage.StateAll || q.State == "all" || q.State == storage.StateNotAnnotated {
		q.State = storage.StateSuggested
	}
	q.Sort, q.Descending, q.Limit, q.Offset = "", false, 0, 0
	return q
}

// AcceptAllAbove makes annotations of all suggestions, of versions and of the assistant, from a confidence on, of what a query chooses: in one step of Undo. It returns how many
// suggestions, of how many datapoints.
func (a *Assistant) AcceptAllAbove(ctx context.Context, q storage.Query, confidence float64) (suggestions, datapoints int, err error) {
	if math.IsNaN(confidence) || confidence < 0 || confidence > 1 {
		return 0, 0, &storage.RuleError{Message: fmt.Sprintf("a confidence is between 0 and 1, not %g", confidence)}
	}
	s := a.now.Load()
	ids, err := a.above(ctx, s, q, confidence)
	if err != nil {
		return 0, 0, err
	}
	var list []storage.Predicted
	for part := range slices.Chunk(ids, guessedAtOnce) {
		points, err := a.store.DatapointsByID(ctx, part)
		if err != nil {
			return 0, 0, err
		}
		for _, d := range points {
			if g, ok := a.of(s, d.ID); ok && !d.Annotated && d.Suggested == 0 {
				list = append(list, storage.Predicted{Key: d.Key(), Concepts: g.Concepts, Confidence: g.Confidence})
			}
		}
	}
	suggestions, datapoints, err = a.store.AcceptAbove(ctx, q, confidence, list...)
	if err == nil {
		a.session.Changed(session.Change{Kind: session.ChangeAnnotations, View: q.View})
	}
	return suggestions, datapoints, err
}

// AssistedIDs is what a query chooses, in its order, where the assistant's suggestions count as those of versions do: among what has suggestions (with a concept: what
// has a suggestion of it), and in the order by confidence.
func (a *Assistant) AssistedIDs(ctx context.Context, q storage.Query) ([]int64, error) {
	s := a.now.Load()
	if s.view != q.View || !s.on || s.head == nil || q.State != storage.StateSuggested && q.Sort != storage.SortConfidence {
		return a.store.DatapointIDs(ctx, q)
	}
	ids, _, err := a.assisted(ctx, s, q)
	return ids, err
}

// assisted is AssistedIDs where a state has suggestions, and open what is undecided.
func (a *Assistant) assisted(ctx context.Context, s *state, q storage.Query) (ids []int64, open map[int64]bool, err error) {
	all := q
	all.Limit, all.Offset = 0, 0
	if q.State == storage.StateSuggested {
		all.State, all.Concept = storage.StateAll, 0
	}
	if q.Sort == storage.SortConfidence {
		all.Sort, all.Descending = "", false
	}
	ids, err = a.store.DatapointIDs(ctx, all)
	if err != nil {
		return nil, nil, err
	}
	concept := int64(0)
	if q.State == storage.StateSuggested {
		concept = q.Concept
	}
	stored, err := a.store.SuggestedConfidences(ctx, q.View, concept)
	if err != nil {
		return nil, nil, err
	}
	open, err = a.undecided(ctx, q.View)
	if err != nil {
		return nil, nil, err
	}
	confidence := map[int64]float64{}
	for _, id := range ids {
		if c, ok := stored[id]; ok {
			confidence[id] = c
			continue
		}
		if g, ok := a.of(s, id); ok && open[id] && (concept == 0 || slices.Contains(g.Concepts, concept)) {
			confidence[id] = g.Confidence
		}
	}
	if q.State == storage.StateSuggested {
		ids = slices.DeleteFunc(ids, func(id int64) bool { _, ok := confidence[id]; return !ok })
	}
	if q.Sort == storage.SortConfidence {
		byConfidence(ids, confidence, q.Descending)
	}
	ids = ids[min(q.Offset, len(ids)):]
	if q.Limit > 0 {
		ids = ids[:min(q.Limit, len(ids))]
	}
	return ids, open, nil
}

// byConfidence sorts ids, those without a confidence last in both directions.
func byConfidence(ids []int64, confidence map[int64]float64, descending bool) {
	slices.SortStableFunc(ids, func(x, y int64) int {
		a, ka := confidence[x]
		b, kb := confidence[y]
		switch {
		case ka != kb && ka:
			return -1
		case ka != kb:
			return 1
		case descending:
			return cmp.Compare(b, a)
		}
		return cmp.Compare(a, b)
	})
}

// undecided are the datapoints of a view that are neither annotated nor have suggestions of a version.
func (a *Assistant) undecided(ctx context.Context, view int64) (map[int64]bool, error) {
	ids, err := a.store.DatapointIDs(ctx, storage.Query{View: view, State: storage.StateNotAnnotated, Sort: storage.SortAdded})
	if err != nil {
		return nil, err
	}
	open := setOf(ids)
	stored, err := a.store.DatapointIDs(ctx, storage.Query{View: view, State: storage.StateSuggested, Sort: storage.SortAdded})
	if err != nil {
		return nil, err
	}
	for _, id := range stored {
		delete(open, id)
	}
	return open, nil
}
