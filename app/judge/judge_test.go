package judge

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

// texts lists every word shown below an object.
func texts(o fyne.CanvasObject) string {
	var words []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch t := o.(type) {
		case *look.Styled:
			words = append(words, t.Text())
		case *widgets.Paragraph:
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

// Why a version could not be evaluated stays to be read when the page is read anew.
func TestFailedEvaluationStays(t *testing.T) {
	s := versiontest.New(t, 0)
	f := New(s)
	defer f.Close()
	f.fail(errors.New("the disk is gone"))
	f.Set(studio.Version{}, s.View())
	if said := texts(f.Content()); !strings.Contains(said, "the disk is gone") || !strings.Contains(said, "Try again") {
		t.Errorf("said:\n%s", said)
	}
}
