package opinion_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// What was described once is not read again, but for another crop; what cannot be read is nil, and is tried again.
func TestDescriptionsAreRemembered(t *testing.T) {
	ctx := context.Background()
	p, _ := studiotest.ColourProject(t, 2, 0)
	dir := t.TempDir()
	file := filepath.Join(dir, "one.png")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	samples := []training.Sample{{Image: "one.png"}, {Image: "one.png", Crop: &domain.Box{XMax: 0.5, YMax: 1}}}
	if x := studiotest.Must(p.Describe(ctx, dir, samples, session.ProgressOr(nil)))(t); x[0] != nil || x[1] != nil {
		t.Fatal("a file that is not there was described")
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	first := studiotest.Must(p.Describe(ctx, dir, samples[:1], session.ProgressOr(nil)))(t)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	again := studiotest.Must(p.Describe(ctx, dir, samples, session.ProgressOr(nil)))(t)
	if first[0] == nil || !slices.Equal(again[0], first[0]) || again[1] != nil {
		t.Error("the description was not remembered, or was taken for that of a crop")
	}
}
