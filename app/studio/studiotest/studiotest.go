// Package studiotest makes small projects for the tests of the studio's packages, and trains in them.
package studiotest

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// Main is TestMain of tests that train: it lets the test's own program be the trainer: Launch starts os.Executable() with "run DIR".
func Main(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "run" {
		if err := training.Execute(context.Background(), os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	dir, err := os.MkdirTemp("", "viewfinder-config-*")
	if err != nil {
		panic(err)
	}
	os.Setenv("VIEWFINDER_CONFIG", dir)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// Project makes an empty project that closes at the test's end.
func Project(t *testing.T) *studio.Project {
	t.Helper()
	p, err := studio.New(context.Background(), filepath.Join(t.TempDir(), "project"), "Test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Colours are what the concepts of test images look like.
var Colours = map[string]color.RGBA{
	"red": {200, 40, 40, 255}, "green": {40, 180, 60, 255}, "blue": {50, 60, 210, 255},
}

// Paint writes a noisy image of a colour as PNG; another seed gives another content.
func Paint(t *testing.T, path string, c color.RGBA, w, h int, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, uint64(c.R)))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := func(v uint8) uint8 { return uint8(max(0, min(255, int(v)+random.IntN(41)-20))) }
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, color.RGBA{noise(c.R), noise(c.G), noise(c.B), 255})
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Folders writes n images of each colour into train/ and val/ folders of one concept each, and returns their root.
func Folders(t *testing.T, train, val int) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "colours")
	for name, c := range Colours {
		for i := range train {
			Paint(t, filepath.Join(root, "train", name, fmt.Sprintf("%s%d.png", name, i)), c, 48, 40, uint64(i))
		}
		for i := range val {
			Paint(t, filepath.Join(root, "val", name, fmt.Sprintf("%s_v%d.png", name, i)), c, 48, 40, uint64(1000+i))
		}
	}
	return root
}

// ColourProject is a project with a classification of red, green and blue.
func ColourProject(t *testing.T, train, val int) (*studio.Project, storage.View) {
	t.Helper()
	p := Project(t)
	report := Import(t, p, transfer.ImportRequest{Sources: []string{Folders(t, train, val)}, ViewName: "Colour"})
	if len(report.Problems) > 0 {
		t.Fatalf("problems: %v", report.Problems)
	}
	v, err := p.FindView(context.Background(), "colour")
	if err != nil {
		t.Fatal(err)
	}
	return p, v
}

func Import(t *testing.T, p *studio.Project, r transfer.ImportRequest) *transfer.ImportReport {
	t.Helper()
	report, err := p.Import(context.Background(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Must is the value, or the end of the test.
func Must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// Eventually waits for a condition.
func Eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Tiny are options for a training that takes a second.
func Tiny(iterations int) training.Options {
	o := training.DefaultOptions(domain.Classification, "small_cnn")
	o.Iterations, o.BatchSize, o.Resizer, o.Threads, o.Seed = iterations, 8, "32x32", 1, 7
	o.Augment = nil
	return o
}

// EndOf follows a version until its training has ended and returns it.
func EndOf(t *testing.T, p *studio.Project, id int64) runs.Version {
	t.Helper()
	ctx := context.Background()
	if err := p.Follow(ctx, id, func(training.Event) {}); err != nil && !errors.Is(err, training.ErrInterrupted) {
		t.Fatal(err)
	}
	if err := p.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	return Must(p.Version(ctx, id))(t)
}
