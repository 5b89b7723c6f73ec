package views

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// conditionEditor chooses which of a parent's datapoints a child view gets: groups of concepts, joined by AND or OR.
type conditionEditor struct {
	model    *model
	content  *fyne.Container
	box      *fyne.Container // the groups
	groups   conditionGroups
	concepts []domain.Concept
	parent   int64
	before   *domain.Condition // what holds now
	deep     bool              // before cannot be shown as groups: it stays unless it is begun anew
	found    *look.Styled      // how many match
	counted  int               // counts what was asked, so that an earlier answer is dropped
}

const (
	joinAny = "any"
	joinAll = "all"
)

func newConditionEditor(m *model) *conditionEditor {
	c := &conditionEditor{model: m, box: container.New(layout.NewCustomPaddedVBoxLayout(6)), found: look.Small("")}
	scroll := container.NewVScroll(c.box)
	scroll.SetMinSize(fyne.NewSize(200, 170))
	c.content = container.NewVBox(look.Section("Images with (none selected: everything annotated)"), scroll, c.found)
	c.content.Hide()
	return c
}

// setParent shows the concepts of another parent.
func (c *conditionEditor) setParent(id int64) {
	c.parent = id
	c.content.Hide()
	c.concepts, c.deep = nil, false
	c.groups, _ = groupsOf(nil)
	if id == 0 {
		c.content.Refresh()
		return
	}
	project := c.model.project
	var list []domain.Concept
	c.model.shell.Do("read the concepts", func(ctx context.Context) (err error) {
		list, err = project.Concepts(ctx, id)
		return err
	}, func() {
		if c.parent != id {
			return
		}
		c.concepts = list
		groups, ok := groupsOf(c.before)
		c.groups, c.deep = groups, !ok
		c.show()
		c.content.Show()
		c.content.Refresh()
	})
}

// show draws the groups anew and counts.
func (c *conditionEditor) show() {
	c.box.Objects = nil
	if c.deep {
		c.box.Add(look.MutedWrapped("These conditions are nested too deeply to be edited here; they are kept."))
		c.box.Add(container.NewHBox(widgets.NewButton("Start over", func() {
			c.deep = false
			c.groups, _ = groupsOf(nil)
			c.show()
		})))
	} else {
		if len(c.groups.groups) > 1 {
			c.box.Add(choice(c.groups.all, "at least one group", "every group", func(all bool) { c.groups.all = all; c.show() }))
		}
		for i := range c.groups.groups {
			c.box.Add(c.group(i))
		}
		c.box.Add(container.NewHBox(widgets.NewIconedButton("Add a group", icons.Add, func() {
			c.groups.groups = append(c.groups.groups, conditionGroup{})
			if len(c.groups.groups) == 2 {
				c.groups.all = true
			}
			c.show()
		})))
	}
	c.box.Refresh()
	c.count()
}

// group is one group's chips.
func (c *conditionEditor) group(at int) fyne.CanvasObject {
	g := &c.groups.groups[at]
	chips := widgets.NewFlow(4)
	for _, k := range c.concepts {
		chip := widgets.NewPressable(look.PadXY(7, 3, widgets.NewConceptChip(k.Name, colorOf(k))), nil)
		chip.SetSelected(slices.Contains(g.ids, k.ID))
		chip.OnPress = func() {
			if i := slices.Index(g.ids, k.ID); i >= 0 {
				g.ids = slices.Delete(g.ids, i, i+1)
			} else {
				g.ids = append(g.ids, k.ID)
			}
			chip.SetSelected(slices.Contains(g.ids, k.ID))
			c.count()
		}
		chips.Add(chip)
	}
	head := []fyne.CanvasObject{choice(g.all, "any of these", "all of these", func(all bool) { g.all = all; c.count() })}
	if len(c.groups.groups) > 1 {
		head = append(head, layout.NewSpacer(), widgets.NewIconButton(icons.Close, "Remove this group", func() {
			c.groups.groups = slices.Delete(c.groups.groups, at, at+1)
			c.show()
		}))
	}
	body := container.New(layout.NewCustomPaddedVBoxLayout(4), look.Row(6, head...), chips)
	return look.Outlined(body)
}

// choice is two words of which one holds.
func choice(all bool, one, every string, changed func(all bool)) fyne.CanvasObject {
	s := widgets.NewSegments([]widgets.Segment{{Key: joinAny, Text: one}, {Key: joinAll, Text: every}}, nil)
	if all {
		s.SetSelected(joinAll)
	}
	s.OnChange = func(key string) { changed(key == joinAll) }
	return s
}

// count says how many a view with these conditions gets now.
func (c *conditionEditor) count() {
	c.counted++
	asked, parent, condition := c.counted, c.parent, c.condition()
	if parent == 0 {
		return
	}
	one, many := "image", "images"
	for _, n := range c.model.nodes {
		if n.View.ID == parent && n.View.Type.HasBoxes() {
			one, many = "box", "boxes"
		}
	}
	project := c.model.project
	n := 0
	c.model.shell.Do("count the view's images", func(ctx context.Context) (err error) {
		n, err = project.CountMatching(ctx, parent, condition)
		return err
	}, func() {
		if asked == c.counted {
			c.found.SetText("Now: " + words.Count(n, one, many))
		}
	})
}

func (c *conditionEditor) condition() *domain.Condition {
	switch {
	case c.parent == 0:
		return nil
	case c.deep:
		return c.before
	}
	return c.groups.condition()
}
