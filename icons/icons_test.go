package icons

import (
	"io/fs"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// Every drawn file can be rendered by Fyne and leaves some ink, and every one is small.
func TestEveryIconRenders(t *testing.T) {
	test.NewTempApp(t)
	names, err := fs.Glob(files, "*.svg")
	if err != nil || len(names) < 50 {
		t.Fatalf("found %d icons: %v", len(names), err)
	}
	for _, name := range names {
		res := icon(strings.TrimSuffix(name, ".svg"))
		img := canvas.NewImageFromResource(res)
		test.NewTempWindow(t, img)
		img.Resize(fyne.NewSize(24, 24))
		img.Refresh()
		if img.Image == nil {
			t.Errorf("%s: not rendered", name)
			continue
		}
		ink := 0
		b := img.Image.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				if _, _, _, a := img.Image.At(x, y).RGBA(); a > 0x8000 {
					ink++
				}
			}
		}
		if ink < 20 {
			t.Errorf("%s: only %d of %d pixels drawn", name, ink, b.Dx()*b.Dy())
		}
		if len(res.Content()) > 64<<10 {
			t.Errorf("%s: %d bytes", name, len(res.Content()))
		}
	}
}
