package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// A combination that is not for the widget with the focus is the window's: undo works from a gallery, and a training begins from a field.
func TestTheWindowGetsWhatAWidgetHasNoUseFor(t *testing.T) {
	newApp(t)
	grid, annotator, matrix, field := NewImageGrid(), NewAnnotator(), NewConfusionMatrix(), NewEntry()
	w := test.NewTempWindow(t, container.NewStack(grid, annotator, matrix, field))
	train := &desktop.CustomShortcut{KeyName: fyne.KeyT, Modifier: fyne.KeyModifierControl}
	word := &desktop.CustomShortcut{KeyName: fyne.KeyLeft, Modifier: fyne.KeyModifierControl}
	heard := map[string]int{}
	for _, s := range []fyne.Shortcut{train, word, &fyne.ShortcutUndo{}, &fyne.ShortcutSelectAll{}} {
		w.Canvas().AddShortcut(s, func(s fyne.Shortcut) { heard[s.ShortcutName()]++ })
	}
	for _, c := range []struct {
		name string
		of   fyne.Shortcutable
		s    fyne.Shortcut
		want int // how often the window hears it
	}{
		{"a training from the gallery", grid, train, 1},
		{"undo in the gallery", grid, &fyne.ShortcutUndo{}, 1},
		{"all of the gallery", grid, &fyne.ShortcutSelectAll{}, 0},
		{"undo in the annotator", annotator, &fyne.ShortcutUndo{}, 1},
		{"all boxes", annotator, &fyne.ShortcutSelectAll{}, 0},
		{"a training from the matrix", matrix, train, 1},
		{"a training from a field", field, train, 1},
		{"a word back in a field", field, word, 0},
		{"all of a field", field, &fyne.ShortcutSelectAll{}, 0},
	} {
		clear(heard)
		c.of.TypedShortcut(c.s)
		if got := heard[c.s.ShortcutName()]; got != c.want {
			t.Errorf("%s: the window heard it %d times, not %d", c.name, got, c.want)
		}
	}
}

// Escape leaves a field, and closes the dialog that it is in.
func TestEscapeInAField(t *testing.T) {
	newApp(t)
	field := NewEntry()
	w := test.NewTempWindow(t, field)
	w.Canvas().Focus(field)
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Focused() != nil {
		t.Error("the field still has the focus")
	}
	inside := NewEntry()
	d := NewDialog("Ask", inside, w)
	d.SetButtons(NewButton("Cancel", nil))
	d.Show(inside)
	inside.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("the dialog is still open")
	}
}

// forgetful is a driver that knows no widget's canvas, as Fyne's does where a widget is not drawn.
type forgetful struct{ fyne.Driver }

func (forgetful) CanvasForObject(fyne.CanvasObject) fyne.Canvas { return nil }

// An empty gallery is not drawn, but has the focus: what it passes on arrives all the same.
func TestTheCanvasOfWhatIsNotDrawn(t *testing.T) {
	app := newApp(t)
	grid := NewImageGrid()
	other := test.NewTempWindow(t, NewEntry())
	w := test.NewTempWindow(t, grid)
	driver := forgetful{app.Driver()}
	if c := canvasIn(driver, grid); c != nil {
		t.Error("a canvas without a focus")
	}
	w.Canvas().Focus(grid)
	if c := canvasIn(driver, grid); c != w.Canvas() || c == other.Canvas() {
		t.Error("not the canvas that has the focus")
	}
}
