package views

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// newView makes a view; parent 0 makes one over all images.
func (p *Page) newView(parent int64) { p.newViewOf(parent, domain.Classification) }

// newViewOf makes a view, with a type chosen beforehand.
func (p *Page) newViewOf(parent int64, chosen domain.Task) {
	name := widgets.NewEntry()
	name.SetPlaceHolder("for example: Waste type")
	kinds := widget.NewRadioGroup(nil, nil)
	text := look.MutedWrapped(chosen.Summary())
	for _, t := range domain.Tasks() {
		kinds.Options = append(kinds.Options, t.Title())
	}
	kinds.Horizontal, kinds.Required = true, true
	kinds.SetSelected(chosen.Title())
	kinds.OnChanged = func(s string) {
		for _, t := range domain.Tasks() {
			if t.Title() == s {
				text.SetText(t.Summary())
			}
		}
	}
	concepts := widgets.NewLinesEntry()
	concepts.SetPlaceHolder("one per line; more can be added at any time")
	concepts.SetMinRowsVisible(4)
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)

	conditions := newConditionEditor(p.model)
	over := widget.NewSelect([]string{"all images of the project"}, nil)
	parents := []int64{0}
	at := 0
	for _, n := range p.nodes {
		what := "the images of "
		if n.View.Type.HasBoxes() {
			what = "the boxes of "
		}
		over.Options = append(over.Options, what+n.View.Name)
		parents = append(parents, n.View.ID)
		if n.View.ID == parent {
			at = len(parents) - 1
		}
	}
	over.OnChanged = func(string) { conditions.setParent(parents[max(0, over.SelectedIndex())]) }
	over.SetSelectedIndex(at)

	var d *widgets.Dialog
	do := func() {
		v := studio.View{Name: strings.TrimSpace(name.Text), ParentID: parents[max(0, over.SelectedIndex())]}
		for _, t := range domain.Tasks() {
			if t.Title() == kinds.Selected {
				v.Type = t
			}
		}
		if v.Name == "" {
			problem.SetText("Enter a name for the view.")
			return
		}
		v.Conditions = conditions.condition()
		p.addView(d, problem, v, lines(concepts.Text))
	}
	name.OnChanged = func(string) { problem.SetText("") }
	name.OnSubmitted = func(string) { do() }
	body := container.NewVBox(look.Section("Name"), name, look.Section("Type (cannot be changed later)"), kinds, text, look.Section("Over"), over, conditions.content,
		look.Section("Concepts"), concepts, problem)
	d = widgets.NewDialog("New view", look.Width(480, body), p.shell.Window())
	d.OnClosed = p.focus
	d.SetButtons(widgets.NewButton("Cancel", d.Close), widgets.NewButton("Create", do).Important(false))
	d.Show(name)
}

func lines(text string) []string {
	var list []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// addView makes a view with its concepts and shows it; the dialog stays where a rule refuses it.
func (p *Page) addView(d *widgets.Dialog, problem *look.Styled, v studio.View, concepts []string) {
	project := p.project
	var made studio.View
	page.Try(p.shell, d, problem, "create the view", func(ctx context.Context) (err error) {
		if made, err = project.AddView(ctx, v); err != nil {
			return err
		}
		for _, name := range concepts {
			if _, err := project.AddConcept(ctx, domain.Concept{ViewID: made.ID, Name: name}); err != nil {
				return errors.Join(err, project.DeleteView(ctx, made.ID))
			}
		}
		return nil
	}, func() {
		p.back()
		p.shell.SetView(made.ID)
	})
}

// viewMenu shows what can be done with a view.
func (p *Page) viewMenu(id int64, at fyne.Position) {
	var v studio.View
	for _, n := range p.nodes {
		if n.View.ID == id {
			v = n.View
		}
	}
	if v.ID == 0 {
		return
	}
	conditions := menuItem("Conditions …", icons.Filter, func() { p.editConditions(v) })
	conditions.Disabled = v.ParentID == 0
	m := fyne.NewMenu("", menuItem("Rename …", icons.Edit, func() { p.renameView(v) }), conditions,
		menuItem("New child view …", icons.Add, func() { p.newView(v.ID) }),
		menuItem("Export annotations …", icons.Save, func() { p.Export(v.ID) }),
		fyne.NewMenuItemSeparator(), menuItem("Delete …", icons.Delete, func() { p.deleteView(v) }))
	widget.ShowPopUpMenuAtPosition(m, p.shell.Window().Canvas(), at)
}

func (p *Page) renameView(v studio.View) {
	project := p.project
	page.AskText(p.shell, "Rename the view", "Rename", v.Name, "", func(ctx context.Context, name string) error { return project.RenameView(ctx, v.ID, name) })
}

func (p *Page) editConditions(v studio.View) {
	c := newConditionEditor(p.model)
	c.before = v.Conditions
	c.setParent(v.ParentID)
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	project := p.project
	var d *widgets.Dialog
	ok := widgets.NewButton("Save", func() {
		to := c.condition()
		page.Try(p.shell, d, problem, "change the conditions", func(ctx context.Context) error { return project.SetConditions(ctx, v.ID, to) }, nil)
	}).Important(false)
	body := container.NewVBox(c.content, problem, look.MutedWrapped("Annotations of images that leave the view are kept and return with them."))
	d = widgets.NewDialog("What "+v.Name+" receives from its parent", look.Width(480, body), p.shell.Window())
	d.OnClosed = p.focus
	cancel := widgets.NewButton("Cancel", d.Close)
	d.SetButtons(cancel, ok)
	d.Show(cancel)
}

func (p *Page) deleteView(v studio.View) {
	project := p.project
	var c studio.Contents
	p.shell.Do("check what would be deleted with the view", func(ctx context.Context) (err error) {
		c, err = project.ViewContents(ctx, v.ID)
		return err
	}, func() {
		var parts []string
		for _, part := range []struct {
			n         int
			one, many string
		}{{c.Views, "child view", "child views"}, {c.Concepts, "concept", "concepts"}, {c.Annotations, "annotation", "annotations"}, {c.Regions, "box", "boxes"}, {c.Versions, "model version", "model versions"}} {
			if part.n > 0 {
				parts = append(parts, words.Count(part.n, part.one, part.many))
			}
		}
		text := "Nothing else is deleted."
		if len(parts) > 0 {
			text = "Also deleted: " + strings.Join(parts, ", ") + "."
		}
		p.shell.Confirm("Delete the view “"+v.Name+"”", text+" The images stay in the project. Undo restores everything.", "Delete", true, func() {
			p.back()
			p.shell.Do("delete the view", func(ctx context.Context) error { return project.DeleteView(ctx, v.ID) }, nil)
		})
	})
}
