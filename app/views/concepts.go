package views

import (
	"context"
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
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

// conceptMenu shows what can be done with a concept.
func (p *Page) conceptMenu(id int64, at fyne.Position) {
	c, ok := p.byID[id]
	if !ok {
		return
	}
	merge := menuItem("Merge into", icons.Compare, nil)
	merge.ChildMenu = fyne.NewMenu("")
	for _, o := range p.concepts {
		if o.ID != id {
			merge.ChildMenu.Items = append(merge.ChildMenu.Items, fyne.NewMenuItem(o.Name, func() { p.mergeConcept(c, o) }))
		}
	}
	merge.Disabled = len(merge.ChildMenu.Items) == 0
	place := slices.IndexFunc(p.concepts, func(o domain.Concept) bool { return o.ID == id })
	up, down := menuItem("Move up", nil, func() { p.moveConcept(id, -1) }), menuItem("Move down", nil, func() { p.moveConcept(id, 1) })
	up.Disabled, down.Disabled = place == 0, place == len(p.concepts)-1
	m := fyne.NewMenu("", menuItem("Name, colour, key …", icons.Edit, func() { p.editConcept(c) }), up, down, merge,
		fyne.NewMenuItemSeparator(), menuItem("Delete …", icons.Delete, func() { p.deleteConcept(c) }))
	widget.ShowPopUpMenuAtPosition(m, p.shell.Window().Canvas(), at)
}

// moveConcept puts a concept so many places further down.
func (p *Page) moveConcept(id int64, by int) {
	var ids []int64
	for _, c := range p.concepts {
		ids = append(ids, c.ID)
	}
	place := slices.Index(ids, id)
	if place < 0 || place+by < 0 || place+by >= len(ids) {
		return
	}
	ids = slices.Insert(slices.Delete(ids, place, place+1), place+by, id)
	project, view := p.project, p.shell.View().ID
	p.shell.Do("order the concepts", func(ctx context.Context) error { return project.OrderConcepts(ctx, view, ids) }, nil)
}

func (p *Page) mergeConcept(from, into domain.Concept) {
	project := p.project
	p.shell.Confirm("Merge concepts", "Everything annotated as “"+from.Name+"” becomes “"+into.Name+"”, and “"+from.Name+"” is deleted. This makes a new model of the view. Undo restores it.", "Merge", false, func() {
		p.shell.Do("merge the concepts", func(ctx context.Context) error { return project.MergeConcepts(ctx, from.ID, into.ID) }, nil)
	})
}

func (p *Page) deleteConcept(c domain.Concept) {
	project := p.project
	var contents studio.Contents
	p.shell.Do("check what would be deleted with the concept", func(ctx context.Context) (err error) {
		contents, err = project.ConceptContents(ctx, c.ID)
		return err
	}, func() {
		var parts []string
		if contents.Annotations > 0 {
			parts = append(parts, words.Count(contents.Annotations, "annotated image loses it", "annotated images lose it"))
		}
		if contents.Regions > 0 {
			parts = append(parts, words.Count(contents.Regions, "box goes", "boxes go"))
		}
		text := "Nothing is annotated with “" + c.Name + "”."
		if len(parts) > 0 {
			text = strings.Join(parts, ", ") + "."
		}
		text += " The view gets a new model; versions trained before stay in the Library. Undo restores it."
		p.shell.Confirm("Delete the concept “"+c.Name+"”", text, "Delete", true, func() {
			p.shell.Do("delete the concept", func(ctx context.Context) error { return project.DeleteConcept(ctx, c.ID) }, nil)
		})
	})
}

// editConcept changes name, colour and key.
func (p *Page) editConcept(c domain.Concept) {
	name := widgets.NewEntry()
	name.SetText(c.Name)
	key := widgets.NewEntry()
	key.SetText(c.Key)
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	clash := look.NewStyled("", look.TextSmall, false, theme.ColorNameWarning)
	name.OnChanged = func(string) { problem.SetText("") }
	key.OnChanged = func(text string) {
		problem.SetText("")
		clash.SetText(p.clashOf(text))
		if r := []rune(strings.ToLower(strings.TrimSpace(text))); len(r) > 0 && text != string(r[len(r)-1]) {
			key.SetText(string(r[len(r)-1])) // the last one typed
		}
	}
	chosen := c.Color
	var swatches []*swatch
	row := container.NewGridWithColumns(6)
	for i := range 18 {
		tint, _ := look.ParseColor(domain.ConceptColor(i))
		s := newSwatch(tint, nil)
		s.OnPress = func() {
			chosen = look.Hex(s.color)
			for _, o := range swatches {
				o.SetSelected(o == s)
			}
		}
		s.SetSelected(strings.EqualFold(look.Hex(s.color), c.Color))
		swatches = append(swatches, s)
		row.Add(s)
	}
	other := widget.NewButtonWithIcon("Custom colour …", icons.Brightness, func() {
		d := dialog.NewColorPicker("Colour", "of “"+c.Name+"”", func(v color.Color) {
			chosen = look.Hex(v)
			for _, o := range swatches {
				o.SetSelected(false)
			}
		}, p.shell.Window())
		d.Advanced = true
		d.Show()
	})
	var d *widgets.Dialog
	project := p.project
	do := func() {
		next := c
		next.Name, next.Key, next.Color = strings.TrimSpace(name.Text), strings.TrimSpace(key.Text), chosen
		page.Try(p.shell, d, problem, "change the concept", func(ctx context.Context) error { return project.UpdateConcept(ctx, next) }, nil)
	}
	name.OnSubmitted = func(string) { do() }
	key.OnSubmitted = func(string) { do() }
	clash.SetText(p.clashOf(c.Key))
	body := container.NewVBox(look.Section("Name"), name,
		look.Section("Key: a digit or letter that sets it"), key, clash,
		look.Section("Colour"), row, other, problem,
		look.MutedWrapped("Name and colour can change freely: annotations and models stay as they are."))
	d = widgets.NewDialog("Concept", look.Width(380, body), p.shell.Window())
	d.OnClosed = p.focus
	d.SetButtons(widgets.NewButton("Cancel", d.Close), widgets.NewButton("Save", do).Important(false))
	d.Show(name)
}

// clashOf warns of a concept's key that does something else: the concept comes first.
func (p *Page) clashOf(key string) string {
	list := p.keys.OfConcept(strings.TrimSpace(key))
	if len(list) == 0 {
		return ""
	}
	return "In this view it will no longer be “" + list[0].Title + "”."
}

// swatch is a colour that can be chosen.
type swatch struct {
	*widgets.Pressable
	color color.NRGBA
}

func newSwatch(c color.NRGBA, press func()) *swatch {
	r := canvas.NewRectangle(c)
	r.CornerRadius = 5
	r.SetMinSize(fyne.NewSize(34, 24))
	return &swatch{widgets.NewPressable(look.Pad(4, r), press), c}
}
