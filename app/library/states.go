package library

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// empty is the table's place while the view has no version: what a version is, and what is missing to train one.
func (l *list) empty() fyne.CanvasObject {
	use := l.data.use
	text := "A model version is a network trained on this view's annotated images. It is listed here with its curves and figures, and can be " +
		"compared with later ones. You can keep annotating while it trains."
	if use.Ready {
		ready := look.Plain(words.Count(use.Images(), "annotated image is", "annotated images are") + " ready to train on.").Align(fyne.TextAlignCenter)
		more := append([]fyne.CanvasObject{ready, version.Action("Train a new model version", func() { l.page.train(0) })}, l.elsewhere()...)
		return version.Empty(icons.Network, "No model version yet", text, more...)
	}
	missing := container.NewVBox(look.Section("What is missing to train one"))
	for _, m := range use.Missing {
		missing.Add(version.Point(icons.Warning, theme.ColorNameWarning, m))
	}
	annotate := widget.NewButtonWithIcon("Go to Views", icons.Views, func() { l.page.shell.ShowTab(page.Views) })
	return version.Empty(icons.Network, "No model version yet", text, append([]fyne.CanvasObject{look.Panel(missing), annotate}, l.elsewhere()...)...)
}

// elsewhere leads to the view that has versions, where another one does.
func (l *list) elsewhere() []fyne.CanvasObject {
	other := l.data.other
	if other.ID == 0 {
		return nil
	}
	return []fyne.CanvasObject{widget.NewButtonWithIcon("Show the versions of "+other.Name, icons.Network, func() { l.page.shell.SetView(other.ID) })}
}
