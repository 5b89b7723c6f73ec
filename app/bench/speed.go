// Package bench measures the program: networks and the way of samples into them, by `viewfinder bench`; and, in a build for measuring (-tags measure),
// a large project, its window, and whether the order of what to annotate next is worth anything.
package bench

import (
	"context"
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/nn"
)

// Request says which network to time, and how.
type Request struct {
	Architecture  string
	Task          domain.Task
	Concepts      int
	Height, Width int // pixels
	BatchSize     int
	Threads       int // 0 = all cores
	Steps         int
	Predict       bool // predictions instead of training steps
}

// Result says how fast a network is here; also which layers take how long.
type (
	Result = nn.Benchmark
	Layer  = nn.Layer
)

// spec checks the request and says which network it is about.
func (r Request) spec() (nn.Spec, error) {
	spec := nn.Spec{Architecture: r.Architecture, Task: r.Task, Classes: r.Concepts, Height: r.Height, Width: r.Width}
	if err := spec.Validate(); err != nil {
		return spec, err
	}
	if r.BatchSize < 1 || r.BatchSize > nn.MaxBatch || r.Steps < 1 {
		return spec, fmt.Errorf("a batch of %d and %d steps: both must be at least 1, a batch at most %d", r.BatchSize, r.Steps, nn.MaxBatch)
	}
	return spec, nil
}

// Network times a network on random images.
func Network(_ context.Context, r Request) (Result, error) {
	spec, err := r.spec()
	if err != nil {
		return Result{}, err
	}
	if r.Predict {
		return nn.BenchmarkPredict(spec, r.BatchSize, r.Threads, r.Steps)
	}
	return nn.BenchmarkTrain(spec, r.BatchSize, r.Threads, r.Steps)
}

// DataResult says how fast samples get from files to the network here.
type DataResult = training.DataBenchmark

// Data times the way of samples into a network's training steps, on photos made for this.
func Data(ctx context.Context, r Request) (DataResult, error) {
	spec, err := r.spec()
	if err != nil {
		return DataResult{}, err
	}
	return training.BenchmarkData(ctx, spec, r.BatchSize, r.Threads, r.Steps)
}
