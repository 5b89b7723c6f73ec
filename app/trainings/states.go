package trainings

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/page"
	"viewfinder/app/version"
	"viewfinder/icons"
)

// empty is the page while there is no version at all.
func (p *Page) empty() fyne.CanvasObject {
	if p.shell.View().ID == 0 {
		return version.Empty(icons.Training, "Nothing to train yet", "Here one watches a network learn: its steps, its losses, its accuracy. Make a view and annotate some images first.",
			version.Action("Go to Views", func() { p.shell.ShowTab(page.Views) }))
	}
	return version.Empty(icons.Training, "No training yet", "Here one watches a network learn: its steps, its losses, its accuracy, and what is left of the time. "+
		"Training runs beside the window and goes on when the window is closed.",
		version.Action("Train a new model version", func() { p.shell.Train(0) }))
}

func failure(title string, err error, again func()) fyne.CanvasObject {
	return version.Failure(title, err, again)
}

func warning(text string) fyne.CanvasObject {
	return version.Point(icons.Warning, theme.ColorNameWarning, text)
}
