package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// writePNG writes a picture of one colour, with a white left half.
func writePNG(t *testing.T, path string, w, h int, c color.Color) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if x < w/2 {
				img.Set(x, y, color.White)
			} else {
				img.Set(x, y, c)
			}
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func testItems(t *testing.T, n int) []Item {
	dir := t.TempDir()
	var items []Item
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("%d.png", i))
		sum := writePNG(t, path, 40, 20, color.RGBA{uint8(20 * i), 0, 200, 255})
		items = append(items, Item{Image: path, SHA256: sum, Labels: []int{i % 2}})
	}
	return items
}

var roomy = Budget{Memory: 1 << 30}

func TestPixelsAreTheSameWhereverTheyAreKept(t *testing.T) {
	items := testItems(t, 6)
	items = append(items, Item{Image: items[0].Image, Crop: &domain.Box{XMin: 0.5, YMin: 0, XMax: 1, YMax: 1}})
	f := Frame{Height: 32, Width: 32}
	var want [][]byte
	for name, b := range map[string]Budget{
		"memory": roomy, "memory and disk": {Memory: int64(3 * f.bytes()), Disk: 1 << 30, Dir: t.TempDir() + "/cache"},
		"all three": {Memory: int64(2 * f.bytes()), Disk: int64(2 * f.bytes()), Dir: t.TempDir() + "/cache"}, "nowhere": {},
	} {
		s, problems, err := Load(context.Background(), items, f, b, nil)
		if err != nil || len(problems) > 0 || s.Len() != 7 {
			t.Fatalf("%s: %v %v", name, problems, err)
		}
		var got [][]byte
		for i := range s.Items {
			p, err := s.pixels(i, s.Buffer())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, append([]byte(nil), p...))
		}
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other pixels", name)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(b.Dir + "/*"); b.Dir != "" && len(left) > 0 {
			t.Errorf("%s: left behind %v", name, left)
		}
	}
	if left, right := want[6][0], want[0][0]; left == right {
		t.Error("the crop made no difference")
	}
}

func TestUnreadableFilesAreNamedAndLeftOut(t *testing.T) {
	items := testItems(t, 6)
	if err := os.Remove(items[1].Image); err != nil {
		t.Fatal(err)
	}
	writePNG(t, items[2].Image, 10, 10, color.Black)
	if err := os.WriteFile(items[3].Image, []byte("this is text"), 0o600); err != nil {
		t.Fatal(err)
	}
	items[3].SHA256 = ""
	items = append(items, Item{Image: items[1].Image, SHA256: items[1].SHA256, Crop: &domain.Box{XMin: 0, YMin: 0, XMax: 0.5, YMax: 0.5}})
	s, problems, err := Load(context.Background(), items, Frame{Height: 32, Width: 32}, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if want := []int{0, 4, 5}; !reflect.DeepEqual(s.Origin, want) {
		t.Errorf("left are %v, want %v", s.Origin, want)
	}
	if len(problems) != 4 {
		t.Fatalf("problems %v", problems)
	}
	for _, p := range problems {
		if !strings.Contains(p.Err.Error(), filepath.Base(items[p.Index].Image)) {
			t.Errorf("%v does not name %s", p.Err, items[p.Index].Image)
		}
	}
	if !errors.Is(problems[0].Err, fs.ErrNotExist) || !errors.Is(problems[1].Err, ErrChanged) {
		t.Errorf("kinds of %v", problems)
	}
}

func TestPadding(t *testing.T) {
	items := testItems(t, 1) // 40 x 20
	items[0].Boxes = []domain.Box32{{XMin: 0, YMin: 0, XMax: 1, YMax: 1}}
	s, _, err := Load(context.Background(), items, Frame{Height: 32, Width: 32, Pad: true}, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, want := s.Items[0].Boxes[0], (domain.Box32{XMin: 0, YMin: 0.25, XMax: 1, YMax: 0.75}); got != want {
		t.Errorf("box %+v, want %+v", got, want)
	}
	p, _ := s.pixels(0, s.Buffer())
	if p[0] != 0 || p[16*32*3] != 255 {
		t.Errorf("first pixel %d, middle %d", p[0], p[16*32*3])
	}
	if items[0].Boxes[0].YMin != 0 {
		t.Error("the caller's boxes were changed")
	}
}

func TestLoadingCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, _, err := Load(ctx, testItems(t, 6), Frame{Height: 32, Width: 32}, roomy, func(done, total int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestBatchesDependOnTheIterationAlone(t *testing.T) {
	items := testItems(t, 5)
	for i := range items {
		items[i].Boxes = []domain.Box32{{XMin: 0.2, YMin: 0.2, XMax: 0.8, YMax: 0.8}}
	}
	f := Frame{Height: 32, Width: 32}
	s, _, err := Load(context.Background(), items, f, roomy, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	aug, _ := NewAugmenter(Augmentations, f)
	collect := func(start, workers int) map[int]Batch {
		l := NewLoader(s, NewOrder(7, []int{0, 1, 2, 3, 4}), aug, LoaderOptions{Batch: 8, Seed: 7, Start: start, End: 12, Workers: workers})
		defer l.Close()
		all := map[int]Batch{}
		for b := l.Next(); b != nil; b = l.Next() {
			if b.Err != nil {
				t.Fatal(b.Err)
			}
			c := *b
			c.Pixels = append([]float32(nil), b.Pixels...)
			c.Samples = append([]int(nil), b.Samples...)
			c.Boxes = append([][]domain.Box32(nil), b.Boxes...)
			all[b.Iteration] = c
		}
		return all
	}
	whole := collect(0, 1)
	if len(whole) != 12 {
		t.Fatalf("%d batches", len(whole))
	}
	for i, b := range collect(5, 3) {
		if !reflect.DeepEqual(b, whole[i]) {
			t.Errorf("iteration %d differs when begun at 5", i)
		}
	}
	l := NewLoader(s, NewOrder(7, []int{0, 1}), aug, LoaderOptions{Batch: 8, End: 100, Workers: 2})
	l.Next()
	l.Close() // with batches still in work
}

// BenchmarkBatch measures what preparing a batch of 32 at 96 px takes of one processor.
func BenchmarkBatch(b *testing.B) {
	f := Frame{Height: 96, Width: 96}
	src := scene(f, domain.Box32{XMin: 0.2, YMin: 0.1, XMax: 0.5, YMax: 0.6})
	dst, work := make([]float32, len(src)), make([]byte, len(src))
	for _, c := range []struct {
		name string
		kind []string
	}{{"none", nil}, {"flip", []string{FlipHorizontal}}, {"warp", []string{FlipHorizontal, Zoom, Shift, Rotation}}, {"all", Augmentations}} {
		a, err := NewAugmenter(c.kind, f)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name, func(b *testing.B) {
			for i := range b.N {
				for k := range 32 {
					a.Apply(a.Draw(1, i, k), dst, src, work)
				}
			}
		})
	}
}
