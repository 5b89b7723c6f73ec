package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

func conceptFrom(row db.Concept) domain.Concept {
	return domain.Concept{ID: row.ID, ViewID: row.ViewID, Name: row.Name, Color: row.Color, Key: row.Key, Position: int(row.Position)}
}

// liveConcepts are the concepts of a view in their order, as the writer sees them.
func (b *Batch) liveConcepts(view int64) ([]db.Concept, error) {
	if rows, ok := b.concepts[view]; ok {
		return rows, nil
	}
	rows, err := b.q.ListConcepts(b.ctx, view)
	if err == nil {
		b.concepts[view] = rows
	}
	return rows, err
}

func (b *Batch) concept(id int64) (db.Concept, error) {
	row, err := b.q.GetConcept(b.ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return row, fmt.Errorf("concept %d: %w", id, ErrNotFound)
	}
	return row, err
}

// Concepts returns the concepts of a view in their order.
func (p *Reader) Concepts(ctx context.Context, view int64) ([]domain.Concept, error) {
	if _, err := p.read.GetView(ctx, view); err != nil {
		return nil, found(err, "view", view)
	}
	rows, err := p.read.ListConcepts(ctx, view)
	if err != nil {
		return nil, explain("reading the concepts", err)
	}
	concepts := make([]domain.Concept, len(rows))
	for i, row := range rows {
		concepts[i] = conceptFrom(row)
	}
	return concepts, nil
}

// Concepts returns the concepts of a view in their order, with what the batch changed.
func (b *Batch) Concepts(view int64) ([]domain.Concept, error) {
	if _, err := b.view(view); err != nil {
		return nil, err
	}
	rows, err := b.liveConcepts(view)
	concepts := make([]domain.Concept, len(rows))
	for i, row := range rows {
		concepts[i] = conceptFrom(row)
	}
	return concepts, err
}

// Concept returns one concept.
func (p *Reader) Concept(ctx context.Context, concept int64) (domain.Concept, error) {
	row, err := p.read.GetConcept(ctx, concept)
	if err != nil {
		return domain.Concept{}, found(err, "concept", concept)
	}
	return conceptFrom(row), nil
}

// AddConcept adds a concept at the end; ID and Position are chosen, an empty Color gets the next of the palette. A
// name that was deleted before comes back as the same concept, without its annotations, so that its model comes back.
func (p *Project) AddConcept(ctx context.Context, c domain.Concept) (made domain.Concept, err error) {
	err = p.act(ctx, "adding a concept", func(b *Batch) error {
		made, err = b.AddConcept(c)
		return err
	})
	return made, err
}

// AddConcept adds a concept; see Project.AddConcept.
func (b *Batch) AddConcept(c domain.Concept) (domain.Concept, error) {
	view, err := b.view(c.ViewID)
	if err != nil {
		return domain.Concept{}, err
	}
	others, err := b.liveConcepts(view.ID)
	if err != nil {
		return domain.Concept{}, err
	}
	if c.Name, err = freeConceptName(view, others, 0, c.Name); err != nil {
		return domain.Concept{}, err
	}
	if c.Key, err = freeKey(others, 0, c.Key); err != nil {
		return domain.Concept{}, err
	}
	if c.Color == "" {
		var used []string
		for _, o := range others {
			used = append(used, o.Color)
		}
		c.Color = nextColor(used)
	} else if c.Color, err = cleanColor(c.Color); err != nil {
		return domain.Concept{}, err
	}
	c.Position = 0
	if len(others) > 0 {
		c.Position = int(others[len(others)-1].Position) + 1
	}
	key := domain.NameKey(c.Name)
	former, err := b.q.DeletedConceptByNameKey(b.ctx, view.ID, key)
	switch {
	case err == nil:
		c.ID = former.ID
		err = b.q.ReviveConcept(b.ctx, db.ReviveConceptParams{Name: c.Name, NameKey: key, Color: c.Color, Key: c.Key, Position: int64(c.Position), ID: c.ID})
	case errors.Is(err, sql.ErrNoRows):
		c.ID, err = b.q.InsertConcept(b.ctx, db.InsertConceptParams{ViewID: view.ID, Name: c.Name, NameKey: key, Color: c.Color, Key: c.Key, Position: int64(c.Position)})
	}
	if err != nil {
		return domain.Concept{}, err
	}
	delete(b.concepts, view.ID)
	b.say("Add the concept %s", c.Name)
	return c, nil
}

func freeConceptName(view *View, others []db.Concept, except int64, name string) (string, error) {
	name, err := cleanName(domain.NamedConcept, name)
	if err != nil {
		return "", err
	}
	key := domain.NameKey(name)
	for _, o := range others {
		if o.NameKey == key && o.ID != except {
			return "", rulef("The view %s already has a concept named %s: choose another name.", view.Name, o.Name)
		}
	}
	return name, nil
}

// freeKey checks a shortcut key: one visible character that no other concept of the view has, or none.
func freeKey(others []db.Concept, except int64, key string) (string, error) {
	key = strings.TrimSpace(key)
	if key == "" {
		return "", nil
	}
	r, size := utf8.DecodeRuneInString(key)
	if size != len(key) || !unicode.IsGraphic(r) || r == utf8.RuneError {
		return "", rulef("A concept's key is one character (%q is not).", key)
	}
	key = string(unicode.ToLower(r))
	for _, o := range others {
		if o.Key == key && o.ID != except {
			return "", rulef("The key %s already belongs to the concept %s.", key, o.Name)
		}
	}
	return key, nil
}

// RenameConcept renames a concept; nothing else changes.
func (p *Project) RenameConcept(ctx context.Context, concept int64, name string) error {
	return p.act(ctx, "renaming a concept", func(b *Batch) error { return b.RenameConcept(concept, name) })
}

// RenameConcept renames a concept; nothing else changes.
func (b *Batch) RenameConcept(concept int64, name string) error {
	c, err := b.concept(concept)
	if err != nil {
		return err
	}
	view, err := b.view(c.ViewID)
	if err != nil {
		return err
	}
	others, err := b.liveConcepts(c.ViewID)
	if err != nil {
		return err
	}
	if name, err = freeConceptName(view, others, concept, name); err != nil || name == c.Name {
		return err
	}
	delete(b.concepts, c.ViewID)
	b.say("Rename the concept %s to %s", c.Name, name)
	return b.q.SetConceptName(b.ctx, name, domain.NameKey(name), concept)
}

// SetConceptColor recolours a concept (#rrggbb).
func (p *Project) SetConceptColor(ctx context.Context, concept int64, color string) error {
	return p.act(ctx, "recolouring a concept", func(b *Batch) error { return b.SetConceptColor(concept, color) })
}

// SetConceptColor recolours a concept (#rrggbb).
func (b *Batch) SetConceptColor(concept int64, color string) error {
	c, err := b.concept(concept)
	if err != nil {
		return err
	}
	if color, err = cleanColor(color); err != nil || color == c.Color {
		return err
	}
	delete(b.concepts, c.ViewID)
	b.say("Recolour the concept %s", c.Name)
	return b.q.SetConceptColor(b.ctx, color, concept)
}

// SetConceptKey gives a concept a shortcut key (one character, letter case ignored; empty takes it away).
func (p *Project) SetConceptKey(ctx context.Context, concept int64, key string) error {
	return p.act(ctx, "giving a concept a key", func(b *Batch) error { return b.SetConceptKey(concept, key) })
}

// SetConceptKey gives a concept a shortcut key.
func (b *Batch) SetConceptKey(concept int64, key string) error {
	c, err := b.concept(concept)
	if err != nil {
		return err
	}
	others, err := b.liveConcepts(c.ViewID)
	if err != nil {
		return err
	}
	if key, err = freeKey(others, concept, key); err != nil || key == c.Key {
		return err
	}
	delete(b.concepts, c.ViewID)
	b.say("Change the key of the concept %s", c.Name)
	return b.q.SetConceptKey(b.ctx, key, concept)
}

// OrderConcepts puts the concepts of a view in this order; those not named come after.
func (p *Project) OrderConcepts(ctx context.Context, view int64, concepts []int64) error {
	return p.act(ctx, "ordering concepts", func(b *Batch) error { return b.OrderConcepts(view, concepts) })
}

// OrderConcepts puts the concepts of a view in this order; those not named come after.
func (b *Batch) OrderConcepts(view int64, concepts []int64) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	rows, err := b.liveConcepts(view)
	if err != nil {
		return err
	}
	rank := func(c db.Concept) int {
		if i := slices.Index(concepts, c.ID); i >= 0 {
			return i
		}
		return len(concepts)
	}
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b db.Concept) int { return rank(a) - rank(b) })
	for _, id := range concepts {
		if !slices.ContainsFunc(rows, func(c db.Concept) bool { return c.ID == id }) {
			return fmt.Errorf("concept %d of the view %s: %w", id, v.Name, ErrNotFound)
		}
	}
	delete(b.concepts, view)
	b.say("Order the concepts of %s", v.Name)
	for i, c := range sorted {
		if c.Position != int64(i) {
			if err := b.q.SetConceptPosition(b.ctx, int64(i), c.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
