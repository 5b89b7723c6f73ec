package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets/look"
)

// showEmpty says, where there is nothing to show, why, and what to do.
func (g *gallery) showEmpty() {
	g.empty.Objects = nil
	button := func(text string, icon fyne.Resource, first bool, do func()) fyne.CanvasObject {
		b := widget.NewButtonWithIcon(text, icon, do)
		if first {
			b.Importance = widget.HighImportance
		}
		return b
	}
	g.unviewed.content.Hide()
	switch {
	case g.view().ID == 0 && g.unviewed.all > 0:
		g.unviewed.content.Show()
		g.grid.Hide()
		g.empty.Refresh()
		return
	case g.view().ID == 0:
		g.empty.Objects = []fyne.CanvasObject{emptyState(icons.Views, "Start with images or with a view",
			"Import images: a folder with one subfolder for each concept, or annotations from another program, also creates the view. Or create a view, which defines what is to be recognised, and drop images on the window.",
			button("Import", icons.Import, true, g.to.imports), button("New view", icons.Add, false, func() { g.to.newView(domain.Classification) }))}
	case len(g.ids) > 0:
	case g.filters.isSet():
		g.empty.Objects = []fyne.CanvasObject{emptyState(icons.Filter, "No image matches",
			"No image in this view matches the filters.",
			button("Show all", icons.Grid, true, func() { g.filters.reset(); g.to.load() }))}
	case g.view().ParentID != 0:
		g.empty.Objects = []fyne.CanvasObject{emptyState(icons.Filter, "Nothing from the parent view yet",
			"This view shows what its parent passes on: annotate there, or change the conditions (right-click the view).")}
	default:
		g.empty.Objects = []fyne.CanvasObject{emptyState(icons.Images, "No images yet",
			"Drop images or a folder anywhere on this window, import them, or paste an image.",
			button("Import", icons.Import, true, g.to.imports), button("Paste", icons.Copy, false, g.to.paste))}
	}
	if len(g.empty.Objects) > 0 {
		g.grid.Hide()
	} else {
		g.grid.Show()
	}
	g.empty.Refresh()
}

// emptyState is a picture, a sentence, why, and what to do.
func emptyState(icon fyne.Resource, title, text string, actions ...fyne.CanvasObject) fyne.CanvasObject {
	img := canvas.NewImageFromResource(icon)
	img.Translucency = 0.5
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSize(52, 52))
	label := look.MutedWrapped(text).Centered()
	row := append([]fyne.CanvasObject{layout.NewSpacer()}, actions...)
	row = append(row, layout.NewSpacer())
	return container.NewCenter(container.New(layout.NewCustomPaddedVBoxLayout(8), img, look.Title(title).Align(fyne.TextAlignCenter), look.Width(420, label), look.Row(8, row...)))
}
