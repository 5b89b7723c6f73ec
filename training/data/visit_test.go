package data

import (
	"context"
	"errors"
	"image"
	"image/color"
	"io/fs"
	"path/filepath"
	"sync"
	"testing"

	"viewfinder/storage/domain"
)

// Each item is shown once, as its crop (here of the coloured half) or whole; a file that is missing is a problem of its own items.
func TestVisit(t *testing.T) {
	dir := t.TempDir()
	red := writePNG(t, filepath.Join(dir, "red.png"), 20, 10, color.RGBA{255, 0, 0, 255})
	items := []Item{
		{Image: filepath.Join(dir, "red.png"), SHA256: red},
		{Image: filepath.Join(dir, "missing.png")},
		{Image: filepath.Join(dir, "red.png"), SHA256: red, Crop: &domain.Box{XMin: 0.5, YMin: 0, XMax: 1, YMax: 0.5}},
	}
	var mu sync.Mutex
	shown, done := map[int]image.Point{}, 0
	problems, err := Visit(t.Context(), items, func(i int, img *image.RGBA) {
		mu.Lock()
		defer mu.Unlock()
		if c := img.RGBAAt(img.Rect.Max.X-1, img.Rect.Min.Y); c.R != 255 || c.G != 0 {
			t.Errorf("%d is %v", i, c)
		}
		shown[i] = img.Rect.Size()
	}, func(n, total int) {
		if total != 3 {
			t.Errorf("%d of %d", n, total)
		}
		done = max(done, n)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(shown) != 2 || shown[0] != image.Pt(20, 10) || shown[2] != image.Pt(10, 5) || done != 3 {
		t.Errorf("shown %v, %d done", shown, done)
	}
	if len(problems) != 1 || problems[0].Index != 1 || !errors.Is(problems[0].Err, fs.ErrNotExist) {
		t.Errorf("problems %v", problems)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Visit(cancelled, items, func(int, *image.RGBA) { t.Error("shown after the end") }, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
