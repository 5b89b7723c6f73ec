package editing

import (
	"context"
	"slices"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// FindConcept finds a concept of a view by its name, letter case ignored where that is unambiguous.
func (e *Editor) FindConcept(ctx context.Context, view int64, name string) (domain.Concept, error) {
	concepts, err := e.store.Concepts(ctx, view)
	if err != nil {
		return domain.Concept{}, err
	}
	names := make([]string, len(concepts))
	for i, c := range concepts {
		names[i] = c.Name
	}
	if i := domain.FindName(names, name); i >= 0 {
		return concepts[i], nil
	}
	return domain.Concept{}, session.NotFound("concept", name, names)
}

// AddConcept adds a concept with the given ViewID and Name at the end of its view. An empty Color becomes the next of the palette,
// an empty Key the next digit that is free (1 to 9; none after that).
func (e *Editor) AddConcept(ctx context.Context, c domain.Concept) (domain.Concept, error) {
	if c.Key == "" {
		concepts, err := e.store.Concepts(ctx, c.ViewID)
		if err != nil {
			return domain.Concept{}, err
		}
		c.Key = freeKey(concepts)
	}
	added, err := e.store.AddConcept(ctx, c)
	return added, e.didConcepts(c.ViewID, err)
}

// freeKey is the first digit that no concept has, or "".
func freeKey(concepts []domain.Concept) string {
	for key := '1'; key <= '9'; key++ {
		if !slices.ContainsFunc(concepts, func(c domain.Concept) bool { return c.Key == string(key) }) {
			return string(key)
		}
	}
	return ""
}

// UpdateConcept changes name, colour and key of the concept with c.ID to those of c, where they differ.
func (e *Editor) UpdateConcept(ctx context.Context, c domain.Concept) error {
	old, err := e.store.Concept(ctx, c.ID)
	if err != nil {
		return err
	}
	err = e.store.Do(ctx, "change the concept "+old.Name, func(b *storage.Batch) error {
		if c.Name != old.Name {
			if err := b.RenameConcept(c.ID, c.Name); err != nil {
				return err
			}
		}
		if c.Color != old.Color {
			if err := b.SetConceptColor(c.ID, c.Color); err != nil {
				return err
			}
		}
		if c.Key != old.Key {
			return b.SetConceptKey(c.ID, c.Key)
		}
		return nil
	})
	return e.didConcepts(old.ViewID, err)
}

// OrderConcepts puts a view's concepts in this order.
func (e *Editor) OrderConcepts(ctx context.Context, view int64, concepts []int64) error {
	return e.didConcepts(view, e.store.OrderConcepts(ctx, view, concepts))
}

// MergeConcepts makes everything annotated with from annotated with into, and deletes from.
func (e *Editor) MergeConcepts(ctx context.Context, from, into int64) error {
	c, err := e.store.Concept(ctx, into)
	if err != nil {
		return err
	}
	return e.didConcepts(c.ViewID, e.store.MergeConcepts(ctx, from, into))
}

// DeleteConcept deletes a concept; what was annotated with it loses it. It makes a new model of the view.
func (e *Editor) DeleteConcept(ctx context.Context, concept int64) error {
	c, err := e.store.Concept(ctx, concept)
	if err != nil {
		return err
	}
	return e.didConcepts(c.ViewID, e.store.DeleteConcept(ctx, concept))
}

func (e *Editor) didConcepts(view int64, err error) error {
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeConcepts, View: view}, session.Change{Kind: session.ChangeAnnotations, View: view})
	}
	return err
}
