package app

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/clip"
	"viewfinder/app/studio"
)

// An image on the clipboard becomes an image of the project, and Undo takes it back; files lead to the import sheet.
func TestPasteIntoTheProject(t *testing.T) {
	held := clip.Read
	defer func() { clip.Read = held }()
	w := open(t, Options{View: "Things"})
	settle()
	count := func() int { return len(datapoints(t, w, "Things")) }
	before := count()

	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 {
		img.Set(i, i%30, color.RGBA{uint8(6 * i), 200, 30, 255})
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, img); err != nil {
		t.Fatal(err)
	}
	clip.Read = func() ([]byte, string, error) { return picture.Bytes(), "", nil }
	paste := func() {
		t.Helper()
		f, ok := w.win.Canvas().Focused().(fyne.Shortcutable)
		if !ok {
			t.Fatalf("%T has the focus", w.win.Canvas().Focused())
		}
		f.TypedShortcut(&fyne.ShortcutPaste{})
	}
	paste()
	until(t, "the pasted picture", func() bool { return count() == before+1 })
	if !slices.ContainsFunc(datapoints(t, w, "Things"), func(d studio.Datapoint) bool {
		return strings.HasPrefix(d.Image.Name, "pasted ") && filepath.Ext(d.Image.Name) == ".png"
	}) {
		t.Error("no image has the name of a pasted one")
	}
	settle()
	w.shortcut(&fyne.ShortcutUndo{})
	until(t, "Undo", func() bool { return count() == before })

	dir := small(t)
	clip.Read = func() ([]byte, string, error) { return nil, dir + "\n", nil }
	paste()
	until(t, "the import sheet", func() bool { return w.overlay() != nil })
	settle()
	w.key(fyne.KeyEscape)
	t.Logf("%T %T", w.win.Canvas().Focused(), w.overlay())
	until(t, "the sheet's end", func() bool { return w.overlay() == nil })

	clip.Read = func() ([]byte, string, error) { return nil, "", errors.New("no clipboard") }
	paste()
	until(t, "a failure", func() bool { return w.overlay() != nil })
}
