package look

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func TestFit(t *testing.T) {
	test.NewTempApp(t)
	for _, c := range []struct {
		text  string
		width float32
	}{{"", 10}, {"short", 100}, {"a rather long name of a file.jpg", 90}, {"日本語のとても長い名前です.png", 60}, {"👩‍🔬 emoji and more of it", 50}, {"x", 0}} {
		got := Fit(c.text, c.width, Text, fyne.TextStyle{})
		if got != c.text && fyne.MeasureText(got, Text, fyne.TextStyle{}).Width > c.width+14 {
			t.Errorf("%q in %v: %q is too wide", c.text, c.width, got)
		}
		if got == c.text && fyne.MeasureText(got, Text, fyne.TextStyle{}).Width > c.width+1 {
			t.Errorf("%q in %v is not cut", c.text, c.width)
		}
	}
}

// Every colour a text is written in can be read on every ground it stands on (WCAG AA for large text, 3:1 or better; 4.5:1
// for the main one).
func TestContrast(t *testing.T) {
	ratio := func(a, b color.Color) float64 {
		x, y := luminance(a), luminance(b)
		if x < y {
			x, y = y, x
		}
		return (x + 0.05) / (y + 0.05)
	}
	for _, dark := range []bool{false, true} {
		for _, ground := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorPanel, ColorCanvas, theme.ColorNameOverlayBackground} {
			for text, least := range map[fyne.ThemeColorName]float64{
				theme.ColorNameForeground: 4.5, ColorMuted: 4.5, theme.ColorNamePrimary: 3, theme.ColorNameError: 3,
				theme.ColorNameWarning: 3, theme.ColorNameSuccess: 3, theme.ColorNamePlaceHolder: 3,
			} {
				if r := ratio(pick(text, dark), pick(ground, dark)); r < least {
					t.Errorf("dark %v: %s on %s: %.2f", dark, text, ground, r)
				}
			}
		}
	}
	for i := range Concepts() {
		if r := ratio(Concept(i), Readable(Concept(i))); r < 4.5 {
			t.Errorf("concept colour %d: %.2f", i, r)
		}
	}
}

func TestColorsReadBack(t *testing.T) {
	for i := range Concepts() {
		if c, ok := ParseColor(Hex(Concept(i))); !ok || c != Concept(i) {
			t.Errorf("%v became %v", Concept(i), c)
		}
	}
	for _, bad := range []string{"", "#12345", "123456", "#12345g", "#1234567"} {
		if _, ok := ParseColor(bad); ok {
			t.Errorf("%q is taken for a colour", bad)
		}
	}
}
