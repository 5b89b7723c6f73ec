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
		return version.Empty(icons.Training, "Nothing to train yet", "This page shows a network while it trains: steps, losses, accuracy. Create a view and annotate some images first.",
			version.Action("Go to Views", func() { p.shell.ShowTab(page.Views) }))
	}
	return version.Empty(icons.Training, "No training yet", "This page shows a network while it trains: steps, losses, accuracy, and the time left. "+
		"Training runs in its own process and continues when the window is closed.",
		version.Action("Train a new model version", func() { p.shell.Train(0) }))
}

func failure(title string, err error, again func()) fyne.CanvasObject {
	return version.Failure(title, err, again)
}

func warning(text string) fyne.CanvasObject {
	return version.Point(icons.Warning, theme.ColorNameWarning, text)
}
