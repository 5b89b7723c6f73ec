package runs

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
	"viewfinder/training"
	"viewfinder/training/kernels"
	"viewfinder/training/machine"
	"viewfinder/training/nn"
)

// ArchitectureFacts is an architecture as it would train here, with its default size of input and batch.
type ArchitectureFacts struct {
	nn.Info
	Height, Width int // of the input, pixels
	BatchSize     int
	Weights       int // how many numbers it learns, as a classifier of so many concepts
	Memory        training.MemoryUse
	PerSecond     float64 // images it was measured to train on here, 0 = not measured yet
}

// DescribeArchitectures lists the facts of every architecture, for views of a type with so many concepts and annotated images.
func DescribeArchitectures(view domain.Task, concepts, images int) ([]ArchitectureFacts, error) {
	known := readSpeeds()
	var all []ArchitectureFacts
	for _, a := range nn.Architectures() {
		o := training.DefaultOptions(view, a.Name)
		size, err := training.ParseResizer(o.Resizer)
		if err != nil {
			return nil, err
		}
		f := ArchitectureFacts{Info: a, Height: size.Height, Width: size.Width, BatchSize: o.BatchSize, Weights: a.Parameters(max(1, concepts))}
		if f.Memory, err = training.EstimateMemory(view, o, concepts, images); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Title, err)
		}
		f.PerSecond = known[speedKey(view, a.Name)]
		all = append(all, f)
	}
	return all, nil
}

// speedSteps are the training number of timed steps after a few to warm up.
const speedSteps = 6

// MeasureArchitecture trains an architecture on random images for some seconds, with its default size and batch, and returns how many it does
// a second. The figure is kept for this machine, see ArchitectureFacts.
func MeasureArchitecture(ctx context.Context, view domain.Task, name string, concepts int) (perSecond float64, err error) {
	o := training.DefaultOptions(view, name)
	size, err := training.ParseResizer(o.Resizer)
	if err != nil {
		return 0, err
	}
	spec := nn.Spec{Architecture: name, Task: view, Classes: max(2, concepts), Height: size.Height, Width: size.Width}
	b, err := nn.BenchmarkTrain(spec, o.BatchSize, 0, speedSteps)
	if err != nil {
		return 0, fmt.Errorf("measuring %s: %w", name, err)
	}
	return b.ImagesPerSecond, keepSpeed(speedKey(view, name), b.ImagesPerSecond)
}

// speedsFile keeps, in the folder of settings, what was measured: images a second by machine, type of view and architecture.
const speedsFile = "speeds.json"

const maxSpeedsBytes = 1 << 20

var speeds sync.Mutex

func speedKey(view domain.Task, name string) string {
	return fmt.Sprintf("%s %d cores %s: %s %s", runtime.GOARCH, machine.ThisProcessor().Cores, kernels.Variant(), view, name)
}

// readSpeeds is empty where there is nothing that can be read: it is measured again.
func readSpeeds() map[string]float64 {
	known := map[string]float64{}
	dir, err := session.ConfigDir()
	if err != nil {
		return known
	}
	path := filepath.Join(dir, speedsFile)
	if info, err := os.Stat(path); err != nil || info.Size() > maxSpeedsBytes {
		return known
	}
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &known) != nil || known == nil {
		return map[string]float64{}
	}
	return known
}

func keepSpeed(key string, perSecond float64) error {
	speeds.Lock()
	defer speeds.Unlock()
	dir, err := session.ConfigDir()
	if err != nil {
		return err
	}
	known := readSpeeds()
	known[key] = perSecond
	text, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return err
	}
	if err := wholefile.Write(filepath.Join(dir, speedsFile), text); err != nil {
		return fmt.Errorf("keeping what was measured: %w", err)
	}
	return nil
}
