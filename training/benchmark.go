package training

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// DataBenchmark is how fast samples get from files to the network here.
type DataBenchmark struct {
	Architecture string `json:"architecture"`
	Photos       int    `json:"photos"` // made for this, as JPEG files
	PhotoWidth   int    `json:"photo_width"`
	PhotoHeight  int    `json:"photo_height"`
	Height       int    `json:"height"` // of the network's input
	Width        int    `json:"width"`
	BatchSize    int    `json:"batch_size"`
	// DecodePerSecond: read, decoded and resized, which happens once a training.
	DecodePerSecond float64 `json:"decoded_images_per_s"`
	// BatchPerSecond: taken from the cache, augmented in every way and normalised, without a network.
	BatchPerSecond float64 `json:"batch_images_per_s"`
	// Steps without and with that, medians of rounds in turn, and the share of the speed without loading that is left.
	BareStepMS  float64 `json:"bare_step_ms"`
	PipedStepMS float64 `json:"piped_step_ms"`
	Share       float64 `json:"share_of_bare_speed"`
}

// What BenchmarkData makes and measures.
const (
	benchPhotos      = 96
	benchPhotoWidth  = 1280
	benchPhotoHeight = 960
	benchRounds      = 5
)

// BenchmarkData makes photos in a folder of its own, decodes them, and trains on them with all augmentations, in turn with steps on a
// batch that is at hand. steps is how many make a round. The folder is removed.
func BenchmarkData(ctx context.Context, spec nn.Spec, batch, threads, steps int) (b DataBenchmark, err error) {
	b = DataBenchmark{Architecture: spec.Architecture, Photos: benchPhotos, PhotoWidth: benchPhotoWidth, PhotoHeight: benchPhotoHeight,
		Height: spec.Height, Width: spec.Width, BatchSize: batch}
	dir, err := os.MkdirTemp("", "viewfinder-bench-")
	if err != nil {
		return b, fmt.Errorf("making a folder for photos: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	items, err := writePhotos(ctx, dir, spec.Classes)
	if err != nil {
		return b, err
	}
	frame := data.Frame{Height: spec.Height, Width: spec.Width}
	start := time.Now()
	set, problems, err := data.Load(ctx, items, frame, data.Budget{Memory: 1 << 30, Dir: dir}, nil)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, set.Close()) }()
	if len(problems) > 0 {
		return b, fmt.Errorf("%d of %d photos could not be read", len(problems), len(items))
	}
	b.DecodePerSecond = float64(len(items)) / time.Since(start).Seconds()
	if err := b.batches(set); err != nil {
		return b, err
	}
	return b, b.steps(ctx, set, spec, threads, steps)
}

// loader starts preparing batches with every augmentation.
func (b *DataBenchmark) loader(set *data.Set, iterations int) (*data.Loader, error) {
	aug, err := data.NewAugmenter(data.Augmentations, set.Frame)
	if err != nil {
		return nil, err
	}
	all := make([]int, set.Len())
	for i := range all {
		all[i] = i
	}
	return data.NewLoader(set, data.NewOrder(0, all), aug, data.LoaderOptions{Batch: b.BatchSize, End: iterations, Workers: 2}), nil
}

// batches times the preparing of batches that nobody waits for.
func (b *DataBenchmark) batches(set *data.Set) error {
	iterations := max(4, 640/b.BatchSize)
	start := time.Now()
	loader, err := b.loader(set, iterations)
	if err != nil {
		return err
	}
	defer loader.Close()
	for batch := loader.Next(); batch != nil; batch = loader.Next() {
		if batch.Err != nil {
			return batch.Err
		}
	}
	b.BatchPerSecond = float64(iterations*b.BatchSize) / time.Since(start).Seconds()
	return nil
}

// steps trains in turn on one batch and on the loader's.
func (b *DataBenchmark) steps(ctx context.Context, set *data.Set, spec nn.Spec, threads, steps int) error {
	network, err := nn.New(spec, 0)
	if err != nil {
		return err
	}
	trainer, err := network.Trainer(nn.TrainerOptions{Batch: b.BatchSize, Threads: threads, Momentum: 0.9, WeightDecay: 1e-4})
	if err != nil {
		return err
	}
	defer trainer.Close()
	var targets nn.Targets
	for i := range b.BatchSize {
		targets.Labels = append(targets.Labels, int32(i%spec.Classes))
	}
	loader, err := b.loader(set, 1+(benchRounds+1)*steps)
	if err != nil {
		return err
	}
	defer loader.Close()
	step := func(batch *data.Batch) error {
		if batch.Err != nil {
			return batch.Err
		}
		copy(trainer.Input(), batch.Pixels)
		_, err := trainer.Step(targets, 1e-3)
		return err
	}
	var bare, piped []float64
	for round := range benchRounds + 1 {
		if err := ctx.Err(); err != nil {
			return err
		}
		start := time.Now()
		var last *data.Batch
		for range steps {
			last = loader.Next()
			if err := step(last); err != nil {
				return err
			}
		}
		took := time.Since(start).Seconds()
		runtime.Gosched()
		start = time.Now()
		for range steps {
			if err := step(last); err != nil {
				return err
			}
		}
		if round > 0 { // the first warms up
			piped, bare = append(piped, took), append(bare, time.Since(start).Seconds())
		}
	}
	slices.Sort(bare)
	slices.Sort(piped)
	b.BareStepMS, b.PipedStepMS = bare[len(bare)/2]/float64(steps)*1e3, piped[len(piped)/2]/float64(steps)*1e3
	b.Share = b.BareStepMS / b.PipedStepMS
	return nil
}

// writePhotos writes JPEG files that are about as hard to decode as photos: areas of colour with noise.
func writePhotos(ctx context.Context, dir string, classes int) ([]data.Item, error) {
	var items []data.Item
	for i := range benchPhotos {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := rand.New(rand.NewPCG(1, uint64(i)))
		img := image.NewRGBA(image.Rect(0, 0, benchPhotoWidth, benchPhotoHeight))
		base := [3]int{r.IntN(200), r.IntN(200), r.IntN(200)}
		for y := range benchPhotoHeight {
			for x := range benchPhotoWidth {
				noise := r.IntN(24)
				img.SetRGBA(x, y, color.RGBA{uint8(base[0] + x*30/benchPhotoWidth + noise), uint8(base[1] + y*30/benchPhotoHeight + noise), uint8(base[2] + noise), 255})
			}
		}
		path := filepath.Join(dir, fmt.Sprintf("%03d.jpg", i))
		if err := writeJPEG(path, img); err != nil {
			return nil, fmt.Errorf("writing a photo: %w", err)
		}
		items = append(items, data.Item{Image: path, Labels: []int{i % classes}})
	}
	return items, nil
}

func writeJPEG(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(jpeg.Encode(f, img, &jpeg.Options{Quality: 88}), f.Close())
}
