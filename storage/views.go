package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/storage/internal/db"
)

// viewTree is the live views as the writer sees them.
type viewTree struct {
	views    []View // parents before children, siblings in order
	byID     map[int64]*View
	children map[int64][]*View // by parent, 0 for the roots, in order
}

func readTree(ctx context.Context, q *db.Queries) (*viewTree, error) {
	rows, err := q.ListViews(ctx) // by position
	if err != nil {
		return nil, err
	}
	byParent := map[int64][]View{}
	for _, row := range rows {
		v, err := viewFrom(row)
		if err != nil {
			return nil, err
		}
		byParent[v.ParentID] = append(byParent[v.ParentID], v)
	}
	t := &viewTree{byID: map[int64]*View{}, children: map[int64][]*View{}, views: make([]View, 0, len(rows))}
	var add func(parent int64)
	add = func(parent int64) {
		for _, v := range byParent[parent] {
			t.views = append(t.views, v)
			p := &t.views[len(t.views)-1] // stays: the capacity is enough
			t.byID[v.ID] = p
			t.children[parent] = append(t.children[parent], p)
			add(v.ID)
		}
	}
	add(0)
	return t, nil
}

func viewFrom(row db.View) (View, error) {
	v := View{ID: row.ID, Name: row.Name, Type: domain.Task(row.Type), Position: int(row.Position)}
	if row.ParentID != nil {
		v.ParentID = *row.ParentID
	}
	var err error
	if v.Conditions, err = decodeCondition(row.Conditions); err != nil {
		return v, fmt.Errorf("the view %s: %w", v.Name, err)
	}
	return v, nil
}

// below are the views under v, at any depth, parents before children.
func (t *viewTree) below(v int64) []*View {
	var all []*View
	for _, child := range t.children[v] {
		all = append(all, child)
		all = append(all, t.below(child.ID)...)
	}
	return all
}

func (b *Batch) viewTree() (*viewTree, error) {
	if b.p.tree == nil {
		t, err := readTree(b.ctx, b.q)
		if err != nil {
			return nil, err
		}
		b.p.tree = t
	}
	return b.p.tree, nil
}

// view finds a live view.
func (b *Batch) view(id int64) (*View, error) {
	t, err := b.viewTree()
	if err != nil {
		return nil, err
	}
	if v := t.byID[id]; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("view %d: %w", id, ErrNotFound)
}

// Views returns the tree of views, parents before children, siblings in order.
func (p *Reader) Views(ctx context.Context) ([]View, error) {
	t, err := readTree(ctx, p.read)
	if err != nil {
		return nil, explain("reading the views", err)
	}
	return t.views, nil
}

// View returns one view.
func (p *Reader) View(ctx context.Context, view int64) (View, error) {
	row, err := p.read.GetView(ctx, view)
	if err != nil {
		return View{}, found(err, "view", view)
	}
	return viewFrom(row)
}

// found makes "no rows" a record that was not found.
func found(err error, what string, id any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s %v: %w", what, id, ErrNotFound)
	}
	return explain("reading a "+what, err)
}

// AddView makes a view; ID and Position are chosen (last among its siblings). Without Conditions a child gets everything
// annotated of its parent.
func (p *Project) AddView(ctx context.Context, v View) (made View, err error) {
	err = p.act(ctx, "making a view", func(b *Batch) error {
		made, err = b.AddView(v)
		return err
	})
	return made, err
}

// AddView makes a view; see Project.AddView.
func (b *Batch) AddView(v View) (View, error) {
	var err error
	if v.Name, err = b.freeViewName(0, v.Name); err != nil {
		return View{}, err
	}
	if !v.Type.Valid() {
		return View{}, rulef("%q is not a type of view: choose classification, tagging or detection.", v.Type)
	}
	t, err := b.viewTree()
	if err != nil {
		return View{}, err
	}
	row := db.InsertViewParams{Name: v.Name, NameKey: domain.NameKey(v.Name), Type: string(v.Type)}
	if v.ParentID == 0 {
		if v.Conditions != nil {
			return View{}, rulef("Only a child view can have conditions: choose a parent view first.")
		}
	} else {
		parent, err := b.view(v.ParentID)
		if err != nil {
			return View{}, err
		}
		if err := b.checkConditions(parent, v.Conditions); err != nil {
			return View{}, err
		}
		row.ParentID = &v.ParentID
		if row.Conditions, err = encodeCondition(v.Conditions); err != nil {
			return View{}, err
		}
	}
	v.Position = len(t.children[v.ParentID])
	row.Position = int64(v.Position)
	if v.ID, err = b.q.InsertView(b.ctx, row); err != nil {
		return View{}, err
	}
	b.p.tree = nil
	b.say("Add the view %s", v.Name)
	if v.ParentID == 0 {
		return v, b.q.FillRootView(b.ctx, v.ID)
	}
	return v, b.refreshChildren(v.ParentID, 0)
}

// freeViewName cleans a name and refuses it where a view other than except has it.
func (b *Batch) freeViewName(except int64, name string) (string, error) {
	name, err := cleanName(domain.NamedView, name)
	if err != nil {
		return "", err
	}
	other, err := b.q.ViewByNameKey(b.ctx, domain.NameKey(name))
	if errors.Is(err, sql.ErrNoRows) || err == nil && other.ID == except {
		return name, nil
	}
	if err != nil {
		return "", err
	}
	return "", rulef("A view named %s already exists: choose another name.", other.Name)
}

// checkConditions checks conditions over the concepts of the parent.
func (b *Batch) checkConditions(parent *View, c *domain.Condition) error {
	if c == nil {
		return nil
	}
	if err := validCondition(c); err != nil {
		return err
	}
	concepts, err := b.liveConcepts(parent.ID)
	if err != nil {
		return err
	}
	var ids []int64
	for _, concept := range concepts {
		ids = append(ids, concept.ID)
	}
	for _, id := range c.Concepts() {
		if !slices.Contains(ids, id) {
			return rulef("The condition names a concept (number %d) that the view %s does not have: conditions use concepts of the parent view.", id, parent.Name)
		}
	}
	if !parent.Type.AnyNumber() && !c.Satisfiable(ids) {
		return rulef("This condition can never be met: in the %s view %s each region carries exactly one concept, so join them with “or”.", parent.Type, parent.Name)
	}
	return nil
}

// RenameView renames a view.
func (p *Project) RenameView(ctx context.Context, view int64, name string) error {
	return p.act(ctx, "renaming a view", func(b *Batch) error { return b.RenameView(view, name) })
}

// RenameView renames a view.
func (b *Batch) RenameView(view int64, name string) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	if name, err = b.freeViewName(view, name); err != nil || name == v.Name {
		return err
	}
	b.say("Rename the view %s to %s", v.Name, name)
	b.p.tree = nil
	return b.q.SetViewName(b.ctx, name, domain.NameKey(name), view)
}

// SetConditions changes which of the parent's datapoints a child view gets; nil: everything annotated.
func (p *Project) SetConditions(ctx context.Context, view int64, c *domain.Condition) error {
	return p.act(ctx, "changing the conditions of a view", func(b *Batch) error { return b.SetConditions(view, c) })
}

// SetConditions changes which of the parent's datapoints a child view gets; nil: everything annotated.
func (b *Batch) SetConditions(view int64, c *domain.Condition) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	if v.ParentID == 0 {
		return rulef("%s has no parent view, so it has no conditions: it applies to every image.", v.Name)
	}
	parent, err := b.view(v.ParentID)
	if err != nil {
		return err
	}
	if err := b.checkConditions(parent, c); err != nil {
		return err
	}
	text, err := encodeCondition(c)
	if err != nil {
		return err
	}
	if err := b.q.SetViewConditions(b.ctx, text, view); err != nil {
		return err
	}
	b.say("Change the conditions of %s", v.Name)
	b.p.tree = nil
	return b.refreshChildren(parent.ID, 0)
}

// MoveView puts a view at a place (from 0) among its siblings.
func (p *Project) MoveView(ctx context.Context, view int64, position int) error {
	return p.act(ctx, "moving a view", func(b *Batch) error { return b.MoveView(view, position) })
}

// MoveView puts a view at a place (from 0) among its siblings.
func (b *Batch) MoveView(view int64, position int) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	siblings := slices.Clone(b.p.tree.children[v.ParentID])
	at := slices.Index(siblings, v)
	siblings = slices.Delete(siblings, at, at+1)
	siblings = slices.Insert(siblings, max(0, min(position, len(siblings))), v)
	b.say("Move the view %s", v.Name)
	for i, s := range siblings {
		if s.Position != i {
			if err := b.q.SetViewPosition(b.ctx, int64(i), s.ID); err != nil {
				return err
			}
		}
	}
	b.p.tree = nil
	return nil
}

// ViewContents counts what DeleteView deletes, in the view and in those below it.
func (p *Reader) ViewContents(ctx context.Context, view int64) (Contents, error) {
	t, err := readTree(ctx, p.read)
	if err != nil {
		return Contents{}, explain("reading the views", err)
	}
	if t.byID[view] == nil {
		return Contents{}, fmt.Errorf("view %d: %w", view, ErrNotFound)
	}
	below := t.below(view)
	sum := Contents{Views: len(below)}
	for _, v := range append(below, t.byID[view]) {
		c, err := p.read.CountViewContents(ctx, v.ID)
		if err != nil {
			return Contents{}, explain("counting what the view "+v.Name+" holds", err)
		}
		sum.Concepts += int(c.Concepts)
		sum.Annotations += int(c.Annotations)
		sum.Regions += int(c.Regions)
		sum.Suggestions += int(c.Suggestions)
		sum.Versions += int(c.Versions)
	}
	return sum, nil
}

// DeleteView deletes a view with its children, concepts, annotations and versions. It is refused while a
// version of them is queued or training. Undo brings all back; versions are permanently deleted when the project is closed.
func (p *Project) DeleteView(ctx context.Context, view int64) error {
	return p.act(ctx, "deleting a view", func(b *Batch) error { return b.DeleteView(view) })
}

// DeleteView deletes a view; see Project.DeleteView.
func (b *Batch) DeleteView(view int64) error {
	v, err := b.view(view)
	if err != nil {
		return err
	}
	doomed := append([]*View{v}, b.p.tree.below(view)...)
	for _, d := range doomed {
		versions, err := b.q.ListVersions(b.ctx, d.ID)
		if err != nil {
			return err
		}
		for _, version := range versions {
			if domain.Status(version.Status).Active() {
				return rulef("The version %s of the view %s is %s: stop it first.", version.Name, d.Name, version.Status)
			}
		}
	}
	for _, d := range doomed {
		if err := b.q.DeleteView(b.ctx, d.ID); err != nil {
			return err
		}
	}
	b.say("Delete the view %s", v.Name)
	b.p.tree = nil
	tree, err := b.viewTree()
	if err != nil {
		return err
	}
	for i, s := range tree.children[v.ParentID] {
		if s.Position != i {
			if err := b.q.SetViewPosition(b.ctx, int64(i), s.ID); err != nil {
				return err
			}
		}
	}
	b.p.tree = nil
	return nil
}
