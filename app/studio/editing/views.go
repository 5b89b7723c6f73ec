package editing

import (
	"context"
	"strconv"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// ViewNode is a view in its tree, with what a list shows of it.
type ViewNode struct {
	storage.View
	Depth     int    // 0 for root views
	Condition string // readable: "Waste type is Glass or Metal"; "" for root views
	Counts    storage.Counts
}

// FindView finds a view by its name (letter case ignored where that is unambiguous) or id.
func (e *Editor) FindView(ctx context.Context, nameOrID string) (storage.View, error) {
	views, err := e.store.Views(ctx)
	if err != nil {
		return storage.View{}, err
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
	return storage.View{}, session.NotFound("view", nameOrID, names)
}

// Tree lists the views as Views does, with depth, readable conditions and counts.
func (e *Editor) Tree(ctx context.Context) ([]ViewNode, error) {
	views, err := e.store.Views(ctx)
	if err != nil {
		return nil, err
	}
	depth := map[int64]int{}
	nodes := make([]ViewNode, 0, len(views))
	for _, v := range views {
		node := ViewNode{View: v}
		if v.ParentID != 0 {
			node.Depth = depth[v.ParentID] + 1
			if node.Condition, err = e.conditionText(ctx, v); err != nil {
				return nil, err
			}
		}
		depth[v.ID] = node.Depth
		if node.Counts, err = e.store.Counts(ctx, v.ID); err != nil {
			return nil, err
		}
		nodes = append(nodes, node)
	}
	return nodes, nil
}

// conditionText makes a child view's conditions readable.
func (e *Editor) conditionText(ctx context.Context, v storage.View) (string, error) {
	parent, err := e.store.View(ctx, v.ParentID)
	if err != nil {
		return "", err
	}
	if v.Conditions == nil {
		return "everything annotated in " + parent.Name, nil
	}
	concepts, err := e.store.Concepts(ctx, parent.ID)
	if err != nil {
		return "", err
	}
	names := map[int64]string{}
	for _, c := range concepts {
		names[c.ID] = c.Name
	}
	return parent.Name + ": " + spellCondition(*v.Conditions, names, false), nil
}

func spellCondition(c domain.Condition, names map[int64]string, inner bool) string {
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
func (e *Editor) AddView(ctx context.Context, v storage.View) (storage.View, error) {
	added, err := e.store.AddView(ctx, v)
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeViews, View: added.ID})
	}
	return added, err
}

// RenameView gives a view another name.
func (e *Editor) RenameView(ctx context.Context, id int64, name string) error {
	return e.didViews(id, e.store.RenameView(ctx, id, name))
}

// MoveView puts a view at a place among its siblings, from 0.
func (e *Editor) MoveView(ctx context.Context, id int64, position int) error {
	return e.didViews(id, e.store.MoveView(ctx, id, position))
}

// SetConditions changes which of its parent's datapoints a child view gets; nil: everything annotated.
func (e *Editor) SetConditions(ctx context.Context, id int64, c *domain.Condition) error {
	return e.didViews(id, e.store.SetConditions(ctx, id, c))
}

// DeleteView deletes a view with its children, concepts, annotations and versions; ViewContents counts them beforehand.
func (e *Editor) DeleteView(ctx context.Context, id int64) error {
	return e.didViews(id, e.store.DeleteView(ctx, id))
}

func (e *Editor) didViews(view int64, err error) error {
	if err == nil {
		e.session.Changed(session.Change{Kind: session.ChangeViews, View: view})
	}
	return err
}
