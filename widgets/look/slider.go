package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Track has the part of a slider's track that is not filled drawn so that it can be seen: Fyne draws it in the colour of fields, which in
// the light variant is that of the ground.
func Track(slider fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(slider, trackTheme{})
}

type trackTheme struct{ Theme }

func (t trackTheme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameInputBackground {
		name = theme.ColorNameInputBorder
	}
	return t.Theme.Color(name, variant)
}
