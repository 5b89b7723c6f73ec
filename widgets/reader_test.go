package widgets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

func TestBreakLines(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"short":        {"one two", []string{"one two"}},
		"at a space":   {"one two three", []string{"one two", "three"}},
		"exactly":      {"0123456789", []string{"0123456789"}},
		"a long word":  {"0123456789abc", []string{"0123456789", "abc"}},
		"set in":       {"  one two three", []string{"  one two", "  three"}},
		"deep":         {"       a b c d", []string{"       a b", "c d"}},
		"empty lines":  {"a\n\nb\n", []string{"a", "", "b"}},
		"spaces":       {"one two           ", []string{"one two"}},
		"tabs":         {"\ta", []string{"    a"}},
		"wide letters": {"äöüäöüäöüäöü", []string{"äöüäöüäöüä", "öü"}},
		"nothing":      {"", []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := breakLines(c.text, 10); !slices.Equal(got, c.want) {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

// TestReaderKeys: the text is read by keys, each way as far as it goes, and however long it is only some lines exist.
func TestReaderKeys(t *testing.T) {
	look.Apply(test.NewTempApp(t))
	var text strings.Builder
	for i := range 20_000 {
		fmt.Fprintln(&text, "line", i)
	}
	r := NewReader(text.String())
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(700, 400))
	w.Canvas().Focus(r)
	if r.Lines() != 20_000 {
		t.Fatalf("%d lines", r.Lines())
	}
	at := func(key fyne.KeyName) float32 {
		r.TypedKey(&fyne.KeyEvent{Name: key})
		return r.list.GetScrollOffset()
	}
	if at(fyne.KeyUp) != 0 || at(fyne.KeyPageUp) != 0 {
		t.Error("it scrolls above its beginning")
	}
	line := at(fyne.KeyDown)
	if page := at(fyne.KeyPageDown) - line; line <= 0 || page < 10*line || page > r.list.Size().Height {
		t.Errorf("a line is %v, a page %v of %v", line, page, r.list.Size().Height)
	}
	if end := at(fyne.KeyEnd); at(fyne.KeyDown) != end || at(fyne.KeyPageDown) != end || at(fyne.KeyUp) >= end {
		t.Error("it scrolls beyond its end")
	}
	if at(fyne.KeyHome) != 0 {
		t.Error("Home is not the beginning")
	}
	drawn := 0
	for _, o := range test.LaidOutObjects(r) {
		if o.Visible() {
			drawn++
		}
	}
	if drawn == 0 || drawn > 300 {
		t.Errorf("%d objects are drawn", drawn)
	}
}

// TestReaderClick: a click gives it the keys, and selects nothing.
func TestReaderClick(t *testing.T) {
	look.Apply(test.NewTempApp(t))
	r := NewReader("one\ntwo")
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(400, 200))
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 20))
	if w.Canvas().Focused() != r {
		t.Errorf("%T has the focus", w.Canvas().Focused())
	}
}
