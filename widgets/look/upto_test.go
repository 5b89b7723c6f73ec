package look

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
)

// A row gives what is left over to those that wish for it, then to the others.
func TestUpTo(t *testing.T) {
	test.NewTempApp(t)
	a, b := Gap(10, 10), Gap(20, 10)
	row := Row(5, UpTo(50, func() float32 { return 150 }, a), layout.NewSpacer(), UpTo(40, func() float32 { return 30 }, b))
	if m := row.MinSize(); m.Width != 50+5+5+30 {
		t.Errorf("the row needs %v", m)
	}
	for _, c := range []struct{ width, a, at float32 }{{90, 50, 60}, {140, 100, 110}, {190, 150, 160}, {400, 150, 370}} {
		row.Resize(fyne.NewSize(c.width, 10))
		if got := row.Objects[0].Size().Width; got != c.a {
			t.Errorf("of %v the first has %v, not %v", c.width, got, c.a)
		}
		if last := row.Objects[2]; last.Position().X != c.at || last.Size().Width != 30 {
			t.Errorf("of %v the last is at %v with %v, not at %v", c.width, last.Position().X, last.Size().Width, c.at)
		}
	}
}

// A text that may be cut is whole in its natural width, and cut in less.
func TestNatural(t *testing.T) {
	test.NewTempApp(t)
	for _, text := range []string{"Waste and blood cells", "v1", "", "日本語のとても長い名前です"} {
		for _, s := range []*Styled{NewStyled(text, Text+1, true, ColorMuted).Cut(), Small(text).Cut()} {
			if got := Fit(text, s.Natural(), s.size, s.style); got != text {
				t.Errorf("%q is cut to %q in its natural width of %v", text, got, s.Natural())
			}
			if got := Fit(text, s.Natural()-1, s.size, s.style); text != "" && got == text {
				t.Errorf("%q is not cut in less than its natural width", text)
			}
		}
	}
}

// What is higher than the most scrolls; what is hidden takes no room.
func TestAtMost(t *testing.T) {
	test.NewTempApp(t)
	inside := Gap(30, 200)
	box := AtMost(80, inside)
	if m := box.MinSize(); m != fyne.NewSize(30, 80) {
		t.Errorf("%v", m)
	}
	box.Resize(fyne.NewSize(60, 300))
	if s := inside.Size(); s != fyne.NewSize(60, 300) {
		t.Errorf("it has %v where there is room for all of it", s)
	}
	inside.Hide()
	if m := box.MinSize(); !m.IsZero() {
		t.Errorf("hidden, it needs %v", m)
	}
}
