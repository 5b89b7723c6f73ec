package studio

import (
	"context"
	"slices"

	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// FindConcept finds a concept of a view by its name, letter case ignored where that is unambiguous.
func (p *Project) FindConcept(ctx context.Context, view int64, name string) (Concept, error) {
	concepts, err := p.Concepts(ctx, view)
	if err != nil {
		return Concept{}, err
	}
	names := make([]string, len(concepts))
	for i, c := range concepts {
		names[i] = c.Name
	}
	if i := domain.FindName(names, name); i >= 0 {
		return concepts[i], nil
	}
	return Concept{}, notFound("concept", name, names)
}

// AddConcept adds a concept with the given ViewID and Name at the end of its view. An empty Color becomes the next of the palette,
// an empty Key the next digit that is free (1 to 9; none after that).
func (p *Project) AddConcept(ctx context.Context, c Concept) (Concept, error) {
	if c.Key == "" {
		concepts, err := p.Concepts(ctx, c.ViewID)
		if err != nil {
			return Concept{}, err
		}
		c.Key = freeKey(concepts)
	}
	added, err := p.store.AddConcept(ctx, c)
	return added, p.didConcepts(c.ViewID, err)
}

// freeKey is the first digit that no concept has, or "".
func freeKey(concepts []Concept) string {
	for key := '1'; key <= '9'; key++ {
		if !slices.ContainsFunc(concepts, func(c Concept) bool { return c.Key == string(key) }) {
			return string(key)
		}
	}
	return ""
}

// UpdateConcept changes name, colour and key of the concept with c.ID to those of c, where they differ.
func (p *Project) UpdateConcept(ctx context.Context, c Concept) error {
	old, err := p.store.Concept(ctx, c.ID)
	if err != nil {
		return err
	}
	err = p.store.Do(ctx, "change the concept "+old.Name, func(b *storage.Batch) error {
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
	return p.didConcepts(old.ViewID, err)
}

// OrderConcepts puts a view's concepts in this order.
func (p *Project) OrderConcepts(ctx context.Context, view int64, concepts []int64) error {
	return p.didConcepts(view, p.store.OrderConcepts(ctx, view, concepts))
}

// MergeConcepts makes everything annotated with from annotated with into, and deletes from.
func (p *Project) MergeConcepts(ctx context.Context, from, into int64) error {
	c, err := p.store.Concept(ctx, into)
	if err != nil {
		return err
	}
	return p.didConcepts(c.ViewID, p.store.MergeConcepts(ctx, from, into))
}

// DeleteConcept deletes a concept; what was annotated with it loses it. It makes a new model of the view.
func (p *Project) DeleteConcept(ctx context.Context, concept int64) error {
	c, err := p.store.Concept(ctx, concept)
	if err != nil {
		return err
	}
	return p.didConcepts(c.ViewID, p.store.DeleteConcept(ctx, concept))
}

func (p *Project) didConcepts(view int64, err error) error {
	if err == nil {
		p.Changed(Change{Kind: ChangeConcepts, View: view}, Change{Kind: ChangeAnnotations, View: view})
	}
	return err
}
