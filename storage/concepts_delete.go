package storage

import (
	"context"
	"fmt"
	"strings"

	"viewfinder/storage/domain"
)

// ConceptContents counts what DeleteConcept deletes and MergeConcepts changes.
func (p *Reader) ConceptContents(ctx context.Context, concept int64) (Contents, error) {
	if _, err := p.read.GetConcept(ctx, concept); err != nil {
		return Contents{}, found(err, "concept", concept)
	}
	row, err := p.read.CountConceptContents(ctx, concept)
	if err != nil {
		return Contents{}, explain("counting the use of a concept", err)
	}
	suggestions, err := p.read.CountConceptSuggestions(ctx, concept)
	return Contents{Annotations: int(row.Annotations), Regions: int(row.Regions), Suggestions: int(suggestions)},
		explain("counting the use of a concept", err)
}

// MergeConcepts gives every region of concept from the concept into, in conditions as well, and deletes from.
func (p *Project) MergeConcepts(ctx context.Context, from, into int64) error {
	return p.act(ctx, "merging concepts", func(b *Batch) error { return b.MergeConcepts(from, into) })
}

// MergeConcepts merges two concepts; see Project.MergeConcepts.
func (b *Batch) MergeConcepts(from, into int64) error {
	a, err := b.concept(from)
	if err != nil {
		return err
	}
	c, err := b.concept(into)
	if err != nil {
		return err
	}
	if a.ViewID != c.ViewID {
		return rulef("%s and %s belong to different views: only concepts of one view can be merged.", a.Name, c.Name)
	}
	if from == into {
		return rulef("Choose two different concepts to merge.")
	}
	t, err := b.viewTree()
	if err != nil {
		return err
	}
	for _, child := range t.children[a.ViewID] {
		if child.Conditions == nil {
			continue
		}
		child.Conditions.Replace(from, into)
		text, err := encodeCondition(child.Conditions)
		if err != nil {
			return err
		}
		if err := b.q.SetViewConditions(b.ctx, text, child.ID); err != nil {
			return err
		}
	}
	b.p.tree = nil
	suggested, err := b.q.ConceptSuggestedDatapoints(b.ctx, from)
	if err != nil {
		return err
	}
	if err := b.q.MergeRegionConcepts(b.ctx, into, from); err != nil {
		return err
	}
	if err := b.q.DeleteRegionConceptsOf(b.ctx, from); err != nil {
		return err
	}
	if err := b.q.MergeSuggestions(b.ctx, into, from); err != nil {
		return err
	}
	b.say("Merge the concept %s into %s", a.Name, c.Name)
	return b.forgetConcept(a.ViewID, from, suggested)
}

// DeleteConcept deletes a concept. In classification views what carried it is not annotated any more, in tagging
// views it is taken off, in detection views its regions go. It is refused while a child view's condition names it.
func (p *Project) DeleteConcept(ctx context.Context, concept int64) error {
	return p.act(ctx, "deleting a concept", func(b *Batch) error { return b.DeleteConcept(concept) })
}

// DeleteConcept deletes a concept; see Project.DeleteConcept.
func (b *Batch) DeleteConcept(concept int64) error {
	c, err := b.concept(concept)
	if err != nil {
		return err
	}
	view, err := b.view(c.ViewID)
	if err != nil {
		return err
	}
	var using []string
	for _, child := range b.p.tree.children[view.ID] {
		for _, id := range child.Conditions.Concepts() {
			if id == concept {
				using = append(using, child.Name)
			}
		}
	}
	if len(using) > 0 {
		return rulef("The conditions of %s name the concept %s: change them first.", strings.Join(using, ", "), c.Name)
	}
	suggested, err := b.q.ConceptSuggestedDatapoints(b.ctx, concept)
	if err != nil {
		return err
	}
	if err := b.q.DeleteSuggestionsOf(b.ctx, concept); err != nil {
		return err
	}
	switch view.Type {
	case domain.Classification:
		if err := b.q.DeleteWholeRegionsOf(b.ctx, concept); err != nil {
			return err
		}
		if _, err := b.p.conn.ExecContext(b.ctx, "UPDATE datapoints SET annotated = 0, annotated_at = NULL, reviewed_at = NULL, concept_set = '' WHERE view_id = ? AND instr(concept_set, ?) > 0",
			view.ID, inSet(concept)); err != nil {
			return err
		}
	case domain.Detection:
		if err := b.q.SetAsideRegionsOf(b.ctx, concept); err != nil {
			return err
		}
	}
	if err := b.q.DeleteRegionConceptsOf(b.ctx, concept); err != nil {
		return err
	}
	b.say("Delete the concept %s", c.Name)
	return b.forgetConcept(view.ID, concept, suggested)
}

// forgetConcept finishes what is common to merging and deleting.
func (b *Batch) forgetConcept(view, concept int64, suggested []int64) error {
	if err := b.q.DeleteConcept(b.ctx, concept); err != nil {
		return err
	}
	delete(b.concepts, view)
	if _, err := b.p.conn.ExecContext(b.ctx, "UPDATE datapoints SET concept_set = "+conceptSetSQL+" WHERE view_id = ? AND instr(concept_set, ?) > 0",
		view, inSet(concept)); err != nil {
		return fmt.Errorf("counting concepts again: %w", err)
	}
	for _, datapoint := range suggested {
		if err := b.countSuggestions(datapoint); err != nil {
			return err
		}
	}
	return b.refreshChildren(view, 0)
}

// inSet is what to look for in a concept_set.
func inSet(concept int64) string { return fmt.Sprintf("|%d:", concept) }
