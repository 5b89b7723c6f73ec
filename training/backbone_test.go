//go:build !nobackbone

package training

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
)

// TestBackboneFeatures: each image that can be read gets the same features, whatever it is computed beside, those that a training of the head alone finds in the cache;
// crops get their own; and beside a person's hands it waits.
func TestBackboneFeatures(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]color.Gray{"dark.png": {30}, "light.png": {220}} {
		img := image.NewGray(image.Rect(0, 0, 40, 30))
		for i := range img.Pix {
			img.Pix[i] = c.Y + uint8(i%7)
		}
		f, err := os.Create(filepath.Join(dir, name))
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
	var gated atomic.Int64
	b, err := OpenBackbone(1, func() { gated.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	samples := []Sample{{Image: "dark.png"}, {Image: "missing.png"}, {Image: "light.png"}, {Image: "light.png", Crop: &domain.Box{XMax: 0.1, YMax: 0.1}}, {Image: "dark.png", SHA256: "00"}}
	got := map[int][]uint16{}
	compute := func(ctx context.Context, samples []Sample) error {
		return b.Features(ctx, dir, samples, func(i int, half []uint16) { got[i] = slices.Clone(half) })
	}
	if err := compute(context.Background(), samples); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || len(got[0]) != b.Size() || got[1] != nil || got[4] != nil {
		t.Fatalf("features of %d samples", len(got))
	}
	if slices.Equal(got[0], got[2]) || slices.Equal(got[2], got[3]) {
		t.Error("different images have the same features")
	}
	if gated.Load() == 0 {
		t.Error("it waits for nobody")
	}
	light := got[2]
	clear(got)
	if err := compute(context.Background(), samples[2:3]); err != nil || !slices.Equal(got[0], light) {
		t.Errorf("alone it has other features, %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := compute(cancelled, samples); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}

	// The file of features is that of a training.
	i, err := ReadInitial(dir, "built-in")
	if err != nil {
		t.Fatal(err)
	}
	run := &Run{Task: domain.Classification, Concepts: []ConceptRef{{Name: "a"}, {Name: "b"}}, Decoding: DecodingReduced, Picture: i.Picture}
	run.Options, _ = StartOptions(domain.Classification, Start{Weights: "built-in", Architecture: i.Architecture, Size: i.Size}, LearnHead, 100)
	net, err := nn.New(run.spec(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := net.LoadState(i.state); err != nil {
		t.Fatal(err)
	}
	if featuresName(net, run.frame(), run.Picture) != b.name {
		t.Error("a training keeps its features elsewhere")
	}
}
