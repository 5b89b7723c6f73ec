package look

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// contrast is that of two opaque colours by WCAG 2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio), from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func over(top, ground color.NRGBA) color.NRGBA {
	mix := func(t, g uint8) uint8 {
		return uint8(math.Round((float64(t)*float64(top.A) + float64(g)*float64(255-top.A)) / 255))
	}
	return color.NRGBA{R: mix(top.R, ground.R), G: mix(top.G, ground.G), B: mix(top.B, ground.B), A: 255}
}

// TestContrast: text can be read in both themes on whatever it stands on, a hovered or selected row included: at least 4.5 to 1, which is WCAG 2's level AA
// for small text. Text that is disabled is exempt there and here.
func TestContrast(t *testing.T) {
	const least = 4.5
	if c := contrast(rgb(0xffffff), rgb(0x767676)); math.Abs(c-4.54) > 0.005 { // the lightest grey that passes on white, well known
		t.Errorf("contrast of #767676 on white: %.3f", c)
	}
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, ColorPanel, theme.ColorNameInputBackground, theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground,
	}
	texts := []fyne.ThemeColorName{
		theme.ColorNameForeground, ColorMuted, theme.ColorNamePlaceHolder, theme.ColorNamePrimary, theme.ColorNameHyperlink, theme.ColorNameError,
		theme.ColorNameWarning, theme.ColorNameSuccess,
	}
	tints := []fyne.ThemeColorName{"", ColorAccentSoft, theme.ColorNameHover}
	for dark, variant := range map[bool]string{false: "light", true: "dark"} {
		check := func(text, ground, tint fyne.ThemeColorName) {
			t.Helper()
			g := pick(ground, dark)
			name := fmt.Sprintf("%s: %s on %s", variant, text, ground)
			if tint != "" {
				g = over(pick(tint, dark), g)
				name += " under " + string(tint)
			}
			if c := contrast(pick(text, dark), g); c < least {
				t.Errorf("%s: contrast %.2f, at least %.1f is needed", name, c, least)
			}
		}
		for _, tint := range tints {
			for _, text := range texts {
				for _, ground := range grounds {
					check(text, ground, tint)
				}
			}
			for _, text := range texts[:3] {
				check(text, ColorCanvas, tint)
				check(text, theme.ColorNameButton, tint)
			}
		}
		for text, ground := range map[fyne.ThemeColorName]fyne.ThemeColorName{
			theme.ColorNameForegroundOnPrimary: theme.ColorNamePrimary, theme.ColorNameForegroundOnError: theme.ColorNameError,
			theme.ColorNameForegroundOnWarning: theme.ColorNameWarning, theme.ColorNameForegroundOnSuccess: theme.ColorNameSuccess,
		} {
			check(text, ground, "")
		}
	}
	for i := range Concepts() {
		if c := contrast(Readable(Concept(i)), Concept(i)); c < least {
			t.Errorf("the name of a concept on its colour %s: contrast %.2f", Hex(Concept(i)), c)
		}
	}
}
