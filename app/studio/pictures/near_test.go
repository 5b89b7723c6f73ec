package pictures

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"viewfinder/storage"
	"viewfinder/training/picture"
)

// The search finds just the pairs that comparing all with all finds.
func TestAlikeFindsEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []*fingerprint
	for range 300 {
		l := fingerprint{r.Uint64(), r.Uint64()}
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
	for g, members := range nearGroups(all) {
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
	all := make([]*fingerprint, 100_000)
	for i := range all {
		all[i] = &fingerprint{r.Uint64(), r.Uint64()}
	}
	for b.Loop() {
		nearGroups(all)
	}
}

// Photos that are saved smaller, worse or a little cropped are found, and those of the same kind are not taken for one another.
func TestNearDuplicatesOfRealImages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", "waste", "*", "*.jpg"))
	if len(files) < 100 {
		t.Skip("../shared/data/waste is not here")
	}
	if testing.Short() {
		files = files[:60]
	}
	var originals []fingerprint
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
		for name, changed := range map[string]image.Image{"saved worse": saved(t, img, 30), "smaller": Shrink(img, 128), "cropped by 2%": cropped(img, 0.02)} {
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
	t.Logf("of %d photos missed: %v; pairs of different photos reported: %d", len(files), missed, wrong)
	for name, n := range missed {
		if n*10 > len(files) {
			t.Errorf("%s: %d of %d photos are not found again", name, n, len(files))
		}
	}
	if wrong > 0 {
		t.Errorf("%d pairs of different photos are reported as near-duplicates", wrong)
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

func TestNewNear(t *testing.T) {
	then := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	old, fresh := storage.Image{AddedAt: then.Add(-time.Hour)}, storage.Image{AddedAt: then}
	for want, groups := range map[string][]NearGroup{
		"": {{Images: []storage.Image{old, old}, Leak: true}},
		"1 new image is a near-duplicate: see the project's page":                                      {{Images: []storage.Image{old, fresh}}},
		"3 new images are near-duplicates, one of them in more than one split: see the project's page": {{Images: []storage.Image{old, fresh}, Leak: true}, {Images: []storage.Image{fresh, fresh}}, {Images: []storage.Image{old, old}, Leak: true}},
	} {
		if got := NewNear(groups, then); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
