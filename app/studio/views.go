package studio

import (
	"context"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// ViewNode is a view in its tree, with what a list shows of it.
type ViewNode struct {
	View
	Depth     int    // 0 for root views
	Condition string // readable: "Waste type is Glass or Metal"; "" for root views
	Counts    Counts
}

// FindView finds a view by its name (letter case ignored where that is unambiguous) or id.
func (p *Project) FindView(ctx context.Context, nameOrID string) (View, error) {
	views, err := p.Views(ctx)
	if err != nil {
		return View{}, err
	}
	names := make([]string, len(views))
	for i, v := range views {
		names[i] = v.Name
	}
	if i := domain.FindName(names, nameOrID); i >= 0 {
		return views[i], nil
	}
	for _, v := range views {
		if strconv.FormatInt(v.ID, 10) == nameOrID {
			return v, nil
		}
	}
	return View{}, notFound("view", nameOrID, names)
}

// Tree lists the views as Views does, with depth, readable conditions and counts.
func (p *Project) Tree(ctx context.Context) ([]ViewNode, error) {
	views, err := p.Views(ctx)
	if err != nil {
		return nil, err
	}
	depth := map[int64]int{}
	nodes := make([]ViewNode, 0, len(views))
	for _, v := range views {
		node := ViewNode{View: v}
		if v.ParentID != 0 {
			node.Depth = depth[v.ParentID] + 1
			if node.Condition, err = p.conditionText(ctx, v); err != nil {
				return nil, err
			}
		}
		depth[v.ID] = node.Depth
		if node.Counts, err = p.Counts(ctx, v.ID); err != nil {
			return nil, err
		}
		nodes = append(nodes, node)
	}
	return nodes, nil
}

// conditionText makes a child view's conditions readable.
func (p *Project) conditionText(ctx context.Context, v View) (string, error) {
	parent, err := p.View(ctx, v.ParentID)
	if err != nil {
		return "", err
	}
	if v.Conditions == nil {
		return "everything annotated in " + parent.Name, nil
	}
	concepts, err := p.Concepts(ctx, parent.ID)
	if err != nil {
		return "", err
	}
	names := map[int64]string{}
	for _, c := range concepts {
		names[c.ID] = c.Name
	}
	return parent.Name + ": " + spellCondition(*v.Conditions, names, false), nil
}

func spellCondition(c Condition, names map[int64]string, inner bool) string {
	if len(c.Of) == 0 {
		if name, ok := names[c.Concept]; ok {
			return name
		}
		return "a concept that is gone"
	}
	parts := make([]string, len(c.Of))
	for i, sub := range c.Of {
		parts[i] = spellCondition(sub, names, true)
	}
	text := strings.Join(parts, " "+c.Op+" ")
	if inner && len(parts) > 1 {
		return "(" + text + ")"
	}
	return text
}

// AddView makes a view of the given Name, Type, ParentID and Conditions, and returns it with its id.
func (p *Project) AddView(ctx context.Context, v View) (View, error) {
	added, err := p.store.AddView(ctx, v)
	if err == nil {
		p.Changed(Change{Kind: ChangeViews, View: added.ID})
	}
	return added, err
}

// RenameView gives a view another name.
func (p *Project) RenameView(ctx context.Context, id int64, name string) error {
	return p.didViews(id, p.store.RenameView(ctx, id, name))
}

// MoveView puts a view at a place among its siblings, from 0.
func (p *Project) MoveView(ctx context.Context, id int64, position int) error {
	return p.didViews(id, p.store.MoveView(ctx, id, position))
}

// SetConditions changes which of its parent's datapoints a child view gets; nil: everything annotated.
func (p *Project) SetConditions(ctx context.Context, id int64, c *Condition) error {
	return p.didViews(id, p.store.SetConditions(ctx, id, c))
}

// DeleteView deletes a view with its children, concepts, annotations and versions; ViewContents says beforehand what that is.
func (p *Project) DeleteView(ctx context.Context, id int64) error {
	return p.didViews(id, p.store.DeleteView(ctx, id))
}

func (p *Project) didViews(view int64, err error) error {
	if err == nil {
		p.Changed(Change{Kind: ChangeViews, View: view})
	}
	return err
}
