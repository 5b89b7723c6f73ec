package transfer_test

import (
	"image"
	"image/color"
	"image/gif"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
)

// TestImportFrames: an animation is imported as its first frame, and the others are named.
func TestImportFrames(t *testing.T) {
	var g gif.GIF
	for range 3 {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 20, 10), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 5)
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "wave.gif"))
	if err != nil {
		t.Fatal(err)
	}
	if err := gif.EncodeAll(f, &g); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	studiotest.Paint(t, filepath.Join(dir, "plain.png"), studiotest.Colours["red"], 30, 20, 1)
	report := studiotest.Import(t, studiotest.Project(t), transfer.ImportRequest{Sources: []string{dir}})
	if report.Added != 2 {
		t.Fatalf("%+v", report)
	}
	if len(report.Problems) != 1 || report.Problems[0].File != "wave.gif" || !strings.Contains(report.Problems[0].Reason, "has 3 frames, of which the first was imported") {
		t.Errorf("%+v", report.Problems)
	}
}
