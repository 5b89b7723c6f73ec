package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
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
