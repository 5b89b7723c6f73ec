package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

// keyboard is a driver that knows which modifiers are held.
type keyboard struct {
	fyne.App
	held *fyne.KeyModifier
}

type keyboardDriver struct {
	fyne.Driver
	held *fyne.KeyModifier
}

func (k keyboard) Driver() fyne.Driver { return keyboardDriver{k.App.Driver(), k.held} }

func (d keyboardDriver) CurrentKeyModifiers() fyne.KeyModifier { return *d.held }

// A modifier whose release went to the dialog that it opened is not held any more: keys go on to work in annotator and gallery.
func TestReleaseThatWentElsewhere(t *testing.T) {
	var really fyne.KeyModifier
	a := keyboard{newApp(t), &really}
	look.Apply(a)
	fyne.SetCurrentApp(a)
	var got fyne.KeyModifier
	hear := func(_ fyne.KeyName, mod fyne.KeyModifier) bool { got = mod; return false }
	grid, annotator := NewImageGrid(), NewAnnotator()
	grid.OnKey, annotator.OnKey = hear, hear
	test.NewTempWindow(t, grid)
	grid.SetLength(9)
	grid.SelectOnly(0)
	for name, w := range map[string]interface {
		desktop.Keyable
		fyne.Focusable
	}{"grid": grid, "annotator": annotator} {
		really = fyne.KeyModifierShift
		w.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
		w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		if got != fyne.KeyModifierShift {
			t.Errorf("%s: with Shift held, %v is", name, got)
		}
		really = 0
		w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
		if got != 0 {
			t.Errorf("%s: after a release that went elsewhere, %v is held", name, got)
		}
	}
	if sel := grid.Selected(); len(sel) != 1 || sel[0] != 2 {
		t.Errorf("%v is selected: Right without Shift goes on to the third", sel)
	}
}
