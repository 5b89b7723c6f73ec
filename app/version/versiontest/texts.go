package versiontest

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Texts lists every word shown below an object.
func Texts(o fyne.CanvasObject) string {
	var words []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch t := o.(type) {
		case *look.Styled:
			words = append(words, t.Text())
		case *look.Paragraph:
			words = append(words, t.String())
		case *widgets.Paragraph:
			words = append(words, t.Text())
		case *widgets.StatusChip:
			words = append(words, t.Text())
		case *widgets.Link:
			words = append(words, t.Text())
		case *widget.Label:
			words = append(words, t.Text)
		case *widget.Button:
			words = append(words, t.Text)
		case *fyne.Container:
			for _, c := range t.Objects {
				walk(c)
			}
		case *container.Scroll:
			walk(t.Content)
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(t).Objects() {
				walk(c)
			}
		}
	}
	walk(o)
	return strings.Join(words, "\n")
}
