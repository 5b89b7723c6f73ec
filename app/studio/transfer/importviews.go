package transfer

import (
	"context"
	"fmt"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
)

// viewSet is a tree of views that comes from outside (a Studio import file, the sample project), found or made in the project.
type viewSet struct {
	transfer *Transfer
	byPath   map[string]*viewTarget
	views    []storage.View // in the tree's order
}

// viewTarget is one of them.
type viewTarget struct {
	view     storage.View
	concepts map[string]int64 // by name
}

// makeViews finds each view by its path of names and type, or makes it, with its concepts. An existing view of the same path and
// another type is an error, for nothing could be imported into it.
func (t *Transfer) makeViews(ctx context.Context, b *storage.Batch, tree []interchange.View) (*viewSet, error) {
	s := &viewSet{transfer: t, byPath: map[string]*viewTarget{}}
	existing, err := t.store.Views(ctx)
	if err != nil {
		return nil, err
	}
	for _, v := range tree {
		target := &viewTarget{concepts: map[string]int64{}}
		var parent *viewTarget
		if v.Parent != "" {
			if parent = s.byPath[v.Parent]; parent == nil {
				return nil, fmt.Errorf("the view %s has no parent %s", v.Path, v.Parent)
			}
		}
		if err := s.chooseView(b, target, parent, v, existing); err != nil {
			return nil, err
		}
		if err := target.addConcepts(b, v.Concepts); err != nil {
			return nil, err
		}
		s.byPath[v.Path] = target
		s.views = append(s.views, target.view)
	}
	return s, nil
}

func (s *viewSet) chooseView(b *storage.Batch, t, parent *viewTarget, v interchange.View, existing []storage.View) error {
	wanted := storage.View{Name: v.Name, Type: v.Type}
	if parent != nil {
		wanted.ParentID = parent.view.ID
		conditions, err := parent.condition(v.Conditions)
		if err != nil {
			return fmt.Errorf("the conditions of the view %s: %w", v.Path, err)
		}
		wanted.Conditions = conditions
	}
	for _, old := range existing {
		if old.ParentID == wanted.ParentID && domain.SameName(old.Name, v.Name) {
			if old.Type != wanted.Type {
				return &storage.RuleError{Message: fmt.Sprintf("the view %s is a %s here and a %s in the file: rename one of them first", v.Path, old.Type, wanted.Type)}
			}
			t.view = old
			return nil
		}
	}
	added, err := b.AddView(wanted)
	if err != nil {
		return fmt.Errorf("making the view %s: %w", v.Path, err)
	}
	t.view = added
	return nil
}

// condition translates concepts' names into ids.
func (t *viewTarget) condition(c *interchange.Condition) (*domain.Condition, error) {
	if c == nil {
		return nil, nil
	}
	out := &domain.Condition{Op: c.Op}
	if c.Op == "concept" {
		id, ok := t.concepts[c.Concept]
		if !ok {
			return nil, fmt.Errorf("%s has no concept %q", t.view.Name, c.Concept)
		}
		out.Concept = id
	}
	for _, sub := range c.Of {
		inner, err := t.condition(&sub)
		if err != nil {
			return nil, err
		}
		out.Of = append(out.Of, *inner)
	}
	return out, nil
}

func (t *viewTarget) addConcepts(b *storage.Batch, concepts []interchange.Concept) error {
	known, err := b.Concepts(t.view.ID)
	if err != nil {
		return err
	}
	for _, c := range known {
		t.concepts[c.Name] = c.ID
	}
	for _, c := range concepts {
		if _, there := t.concepts[c.Name]; there {
			continue
		}
		added, err := b.AddConcept(domain.Concept{ViewID: t.view.ID, Name: c.Name, Color: c.Color, Key: c.Key})
		if err != nil {
			return fmt.Errorf("adding the concept %s to %s: %w", c.Name, t.view.Name, err)
		}
		t.concepts[c.Name] = added.ID
	}
	return nil
}

// annotate records a record's annotations in all views, parents first. What cannot be recorded, or would overwrite an annotation, goes to problem; done is called
// for each datapoint that was annotated.
func (s *viewSet) annotate(ctx context.Context, b *storage.Batch, img storage.Image, fresh bool, r interchange.Record, problem func(reason string), done func()) error {
	regionIDs := map[string]int64{} // of the record's regions that are crops of child views
	for _, a := range r.Views {
		t := s.byPath[a.View]
		if t == nil {
			problem(fmt.Sprintf("there is no view %q", a.View))
			continue
		}
		key := storage.Key{View: t.view.ID, Image: img.ID}
		if a.Source != "" {
			id, ok := regionIDs[a.Source]
			if !ok {
				problem(fmt.Sprintf("the region %q that %s is about was not imported", a.Source, a.View))
				continue
			}
			key.Source = id
		}
		regions, err := t.regions(a)
		if err == nil {
			err = s.annotateOne(ctx, b, key, fresh, a, regions)
		}
		if rule := session.AsRule(err); rule != nil {
			problem(rule.Message)
			continue
		}
		if err != nil {
			return fmt.Errorf("annotating %s in %s: %w", r.ImagePath, a.View, err)
		}
		done()
		if hasCrops(r, a) {
			if err := s.readRegions(ctx, b, key, a, regions, regionIDs); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *viewSet) annotateOne(ctx context.Context, b *storage.Batch, key storage.Key, fresh bool, a interchange.ViewAnnotation, regions []domain.Region) error {
	if !fresh {
		old, err := s.transfer.store.Datapoints(ctx, storage.Query{View: key.View, Images: []int64{key.Image}})
		if err != nil {
			return err
		}
		for _, d := range old {
			if d.Source == key.Source && d.Annotated && signatureOf(d.Regions) != signatureOf(regions) {
				return &storage.RuleError{Message: fmt.Sprintf("already has another annotation in %s, which was kept", a.View)}
			}
		}
	}
	if err := b.Annotate(key.View, key.Image, key.Source, regions); err != nil {
		return err
	}
	if a.Reviewed {
		return b.SetReviewed([]storage.Key{key}, true)
	}
	return nil
}

// regions gives a view annotation's regions the ids of their concepts.
func (t *viewTarget) regions(a interchange.ViewAnnotation) ([]domain.Region, error) {
	var regions []domain.Region
	for _, r := range a.Regions {
		region := domain.Region{Box: r.Box}
		for _, name := range r.Concepts {
			id, ok := t.concepts[name]
			if !ok {
				return nil, &storage.RuleError{Message: fmt.Sprintf("%s has no concept %q", t.view.Name, name)}
			}
			region.Concepts = append(region.Concepts, id)
		}
		regions = append(regions, region)
	}
	return regions, nil
}

// hasCrops reports whether a later annotation of the record is about a region of a.
func hasCrops(r interchange.Record, a interchange.ViewAnnotation) bool {
	for _, other := range r.Views {
		for _, region := range a.Regions {
			if other.Source != "" && other.Source == region.ID {
				return true
			}
		}
	}
	return false
}

// readRegions learns which ids the storage gave to a detection's regions, by their boxes' order.
func (s *viewSet) readRegions(ctx context.Context, b *storage.Batch, key storage.Key, a interchange.ViewAnnotation, regions []domain.Region, ids map[string]int64) error {
	if err := b.Flush(); err != nil {
		return err
	}
	d, err := s.transfer.store.Datapoint(ctx, key)
	if err != nil {
		return err
	}
	for i, r := range a.Regions {
		for _, stored := range d.Regions {
			if signatureOf([]domain.Region{stored}) == signatureOf(regions[i:i+1]) {
				ids[r.ID] = stored.ID
			}
		}
	}
	return nil
}
