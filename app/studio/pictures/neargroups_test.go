package pictures_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// A project's near-duplicates are found by groups, those over the border of train and val first; what cannot be read is skipped, and a second
// look has the hashes of the first.
func TestNearDuplicates(t *testing.T) {
	p, ctx, root := studiotest.Project(t), context.Background(), t.TempDir()
	for i, name := range []string{"train/a.png", "val/a2.png", "train/b.png", "train/b2.png", "train/c.png", "train/d.png"} {
		pattern := map[int]uint64{0: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4}[i]
		tiles(t, filepath.Join(root, name), pattern, i)
	}
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{filepath.Join(root, "train")}})
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{filepath.Join(root, "val")}})
	byName := map[string]storage.Image{}
	if err := p.Images(ctx, func(i storage.Image) error { byName[filepath.Base(i.Name)] = i; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, split := range map[string]domain.Split{"a.png": domain.SplitTrain, "a2.png": domain.SplitVal, "b.png": domain.SplitTrain, "b2.png": domain.SplitTrain, "c.png": domain.SplitTrain, "d.png": domain.SplitTrain} {
		if err := p.SetSplit(ctx, []int64{byName[name].ID}, split); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(p.ImagePath(byName["d.png"])); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		groups, err := p.NearDuplicates(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range groups {
			for _, i := range g.Images {
				got = append(got, filepath.Base(i.Name))
			}
			if g.Leak {
				got = append(got, "leak")
			}
		}
		if want := []string{"a.png", "a2.png", "leak", "b.png", "b2.png"}; !slices.Equal(got, want) {
			t.Fatalf("groups %v, want %v", got, want)
		}
		if kept := studiotest.Must(os.ReadFile(filepath.Join(p.CacheDir(), "looks.txt")))(t); bytes.Count(kept, []byte("\n")) < 5 {
			t.Fatalf("the hashes that are kept:\n%s", kept)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.NearDuplicates(cancelled, nil); err == nil {
		t.Error("it went on though it was ended")
	}
}

// tiles writes a picture of grey tiles by a pattern; another variant differs in single pixels.
func tiles(t *testing.T, path string, pattern uint64, variant int) {
	t.Helper()
	r := rand.New(rand.NewPCG(pattern, 7))
	img := image.NewGray(image.Rect(0, 0, 128, 128))
	for y := 0; y < 128; y += 16 {
		for x := 0; x < 128; x += 16 {
			draw.Draw(img, image.Rect(x, y, x+16, y+16), image.NewUniform(color.Gray{Y: uint8(r.IntN(256))}), image.Point{}, draw.Src)
		}
	}
	img.SetGray(variant, 0, color.Gray{Y: 128})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
