package app

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"viewfinder/app/product"
)

// setMetadata says what FyneApp.toml says, which plain builds do not read: above all that the window is touched by its own thread alone.
// Fyne then does not look at a stack trace before each refresh of anything, which took half of the time of showing the next image.
// VIEWFINDER_CHECK_THREADS has it look all the same, and complain on standard error; the main flow's test does.
func setMetadata() {
	app.SetMetadata(fyne.AppMetadata{
		ID: product.ID, Name: product.Name, Version: product.Version, Build: 1,
		Migrations: map[string]bool{"fyneDo": os.Getenv("VIEWFINDER_CHECK_THREADS") == ""},
	})
}
