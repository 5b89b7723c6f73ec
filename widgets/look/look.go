// Package look is how Viewfinder looks: one theme in a light and a dark variant, one accent colour, one dense type
// scale on a 4-pixel grid, and palettes for concepts and curves that colour-blind people can tell apart.
//
// It knows nothing of projects. Widgets read colours through [Color] while they lay themselves out or refresh; Fyne
// refreshes every widget when the variant changes, so nothing has to listen.
package look

import (
	"image/color"
	"os"
	"strings"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"golang.org/x/image/font/gofont/gomono"
)

// Variant is what a person chose: follow the system, or always one of the two.
type Variant int32

// The choices of the header's toggle.
const (
	System Variant = iota
	Light
	Dark
)

// EnvTheme is the environment variable that forces a variant: "light" or "dark". Scripted screenshots use it.
const EnvTheme = "VIEWFINDER_THEME"

var chosen atomic.Int32

// Apply gives an application the theme. [EnvTheme] wins over what was chosen.
func Apply(a fyne.App) {
	switch strings.ToLower(os.Getenv(EnvTheme)) {
	case "light":
		chosen.Store(int32(Light))
	case "dark":
		chosen.Store(int32(Dark))
	}
	a.Settings().SetTheme(Theme{})
}

// SetVariant changes the variant and has everything drawn again. Call it on the window's thread.
func SetVariant(v Variant) {
	chosen.Store(int32(v))
	if a := fyne.CurrentApp(); a != nil {
		a.Settings().SetTheme(Theme{})
	}
}

// Chosen is the variant last given to [SetVariant], or by the environment.
func Chosen() Variant { return Variant(chosen.Load()) }

// IsDark reports whether dark is what is shown now.
func IsDark() bool {
	switch Chosen() {
	case Light:
		return false
	case Dark:
		return true
	}
	if a := fyne.CurrentApp(); a != nil {
		return a.Settings().ThemeVariant() == theme.VariantDark
	}
	return false
}

// Color is a colour of the current variant: one of Fyne's names or one of this package's.
func Color(name fyne.ThemeColorName) color.NRGBA {
	return pick(name, IsDark())
}

// Theme implements [fyne.Theme].
type Theme struct{}

// Color ignores the variant Fyne asks for when a person chose one.
func (Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	dark := variant == theme.VariantDark
	switch Chosen() {
	case Light:
		dark = false
	case Dark:
		dark = true
	}
	return pick(name, dark)
}

// Font is Fyne's own, which covers Latin, Greek and Cyrillic and falls back on the system's for other scripts; its
// figures are all of one width, as tables need. Logs and code are in Go Mono: the underscores of Fyne's own are cut off.
func (Theme) Font(style fyne.TextStyle) fyne.Resource {
	if style.Monospace && !style.Bold && !style.Italic {
		return mono
	}
	return theme.DefaultTheme().Font(style)
}

var mono = fyne.NewStaticResource("Go-Mono.ttf", gomono.TTF)

// Icon is Fyne's own for the parts of its widgets; the program's icons are in package icons.
func (Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size is the type scale and the grid.
func (Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}
