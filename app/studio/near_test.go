package studio

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"viewfinder/training/picture"
)

// The search finds just the pairs that comparing all with all finds.
func TestAlikeFindsEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []*looks
	for range 300 {
		l := looks{r.Uint64(), r.Uint64()}
		all = append(all, &l)
		if r.IntN(3) == 0 {
			m := l
			for range r.IntN(10) {
				m.frequencies ^= 1 << r.IntN(64)
			}
			for range r.IntN(10) {
				m.gradients ^= 1 << r.IntN(64)
			}
			all = append(all, &m, nil)
		}
	}
	group := map[int]int{}
	for g, members := range alike(all) {
		for _, i := range members {
			group[i] = g + 1
		}
	}
	pairs := 0
	for i, a := range all {
		for k, b := range all[:i] {
			if a == nil || b == nil {
				continue
			}
			want := bits.OnesCount64(a.frequencies^b.frequencies) <= nearFrequencies && bits.OnesCount64(a.gradients^b.gradients) <= nearGradients
			if want {
				pairs++
			}
			if want != (group[i] != 0 && group[i] == group[k]) {
				t.Fatalf("%d and %d: together %v, want %v", k, i, group[i] == group[k], want)
			}
		}
	}
	if pairs < 20 {
		t.Fatalf("only %d pairs: the test shows nothing", pairs)
	}
}

func BenchmarkAlike100000(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	all := make([]*looks, 100_000)
	for i := range all {
		all[i] = &looks{r.Uint64(), r.Uint64()}
	}
	for b.Loop() {
		alike(all)
	}
}

// Photos that are saved smaller, worse or a little cropped are found, and those of the same kind are not taken for one another.
func TestNearDuplicatesOfRealImages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "waste", "*", "*.jpg"))
	if len(files) < 100 {
		t.Skip("../shared/data/waste is not here")
	}
	if testing.Short() {
		files = files[:60]
	}
	var originals []looks
	missed := map[string]int{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := picture.DecodeScaled(f, file, importThumbnail, picture.Limits{})
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		l, err := hashesOf(img)
		if err != nil {
			t.Fatal(err)
		}
		originals = append(originals, l)
		for name, changed := range map[string]image.Image{"saved worse": saved(t, img, 30), "smaller": shrink(img, 128), "cropped by 2%": cropped(img, 0.02)} {
			m, err := hashesOf(changed)
			if err != nil {
				t.Fatal(err)
			}
			if !near(l, m) {
				missed[name]++
			}
		}
	}
	wrong := 0
	for i := range originals {
		for k := range i {
			if near(originals[i], originals[k]) {
				wrong++
			}
		}
	}
	t.Logf("of %d photos missed: %v; pairs of unlike photos taken for alike: %d", len(files), missed, wrong)
	for name, n := range missed {
		if n*10 > len(files) {
			t.Errorf("%s: %d of %d photos are not found again", name, n, len(files))
		}
	}
	if wrong > 0 {
		t.Errorf("%d pairs of unlike photos are taken for alike", wrong)
	}
}

func saved(t *testing.T, img image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func cropped(img *image.RGBA, share float64) image.Image {
	r := img.Bounds()
	dx, dy := int(share*float64(r.Dx())), int(share*float64(r.Dy()))
	out := image.NewRGBA(image.Rect(0, 0, r.Dx()-dx, r.Dy()-dy))
	draw.Draw(out, out.Bounds(), img, r.Min.Add(image.Pt(dx, dy)), draw.Src)
	return out
}

// A project's near-duplicates are found by groups, those over the border of train and val first; what cannot be read is passed over, and a second
// look has the hashes of the first.
func TestNearDuplicates(t *testing.T) {
	p, ctx, root := newProject(t), context.Background(), t.TempDir()
	for i, name := range []string{"train/a.png", "val/a2.png", "train/b.png", "train/b2.png", "train/c.png", "train/d.png"} {
		pattern := map[int]uint64{0: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4}[i]
		tiles(t, filepath.Join(root, name), pattern, i)
	}
	importInto(t, p, ImportRequest{Sources: []string{filepath.Join(root, "train")}})
	importInto(t, p, ImportRequest{Sources: []string{filepath.Join(root, "val")}})
	byName := map[string]Image{}
	if err := p.store.Images(ctx, func(i Image) error { byName[filepath.Base(i.Name)] = i; return nil }); err != nil {
		t.Fatal(err)
	}
	for name, split := range map[string]Split{"a.png": SplitTrain, "a2.png": SplitVal, "b.png": SplitTrain, "b2.png": SplitTrain, "c.png": SplitTrain, "d.png": SplitTrain} {
		if err := p.SetSplit(ctx, []int64{byName[name].ID}, split); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(p.store.ImagePath(byName["d.png"])); err != nil {
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
		if known := p.readLooks(); len(known) < 5 {
			t.Fatalf("%d hashes are kept", len(known))
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

func TestNewNear(t *testing.T) {
	then := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	old, fresh := Image{AddedAt: then.Add(-time.Hour)}, Image{AddedAt: then}
	for want, groups := range map[string][]NearGroup{
		"": {{Images: []Image{old, old}, Leak: true}},
		"1 new image looks like another: see the project's page":                           {{Images: []Image{old, fresh}}},
		"3 new images look like others, once across train and val: see the project's page": {{Images: []Image{old, fresh}, Leak: true}, {Images: []Image{fresh, fresh}}, {Images: []Image{old, old}, Leak: true}},
	} {
		if got := NewNear(groups, then); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
