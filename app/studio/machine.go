package studio

import (
	"context"
	"fmt"
	"strings"

	"viewfinder/training"
	"viewfinder/training/kernels"
	"viewfinder/training/nn"
)

// Device is something that can train and predict on this machine.
type Device struct {
	Name        string  `json:"name"` // as in the option device
	Processor   string  `json:"processor"`
	Cores       int     `json:"cores"`
	Kernels     string  `json:"kernels"`     // the version of the arithmetic that runs here
	PeakGFLOPS  float64 `json:"peak_gflops"` // measured, float32, all cores
	GBPerSecond float64 `json:"gb_per_s"`    // measured memory bandwidth
	L2Bytes     int     `json:"l2_bytes"`    // cache of a core
	L3Bytes     int     `json:"l3_bytes"`    // cache of all
}

// Devices lists them. It measures each, which takes about a second.
func Devices() []Device {
	m := kernels.ThisMachine()
	pool := kernels.NewPool(0)
	defer pool.Close()
	return []Device{{
		Name: "cpu", Processor: m.Architecture, Cores: m.Cores, Kernels: kernels.Variant(),
		PeakGFLOPS: kernels.MeasurePeak(pool) / 1e9, GBPerSecond: kernels.MeasureBandwidth(pool) / 1e9,
		L2Bytes: m.L2, L3Bytes: m.L3,
	}}
}

// MachineWarning says what of the environment's wishes for this machine cannot be met; "" if nothing.
func MachineWarning() string {
	name := kernels.Refused()
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%s is %q, which does not run here; %s is used (there are: %s)", kernels.VariantVariable, name, kernels.Variant(), strings.Join(kernels.Variants(), ", "))
}

// BenchRequest says which network to time, and how.
type BenchRequest struct {
	Architecture  string
	Task          ViewType
	Concepts      int
	Height, Width int // pixels
	BatchSize     int
	Threads       int // 0 = all cores
	Steps         int
	Predict       bool // predictions instead of training steps
}

// Benchmark says how fast a network is here; also which layers take how long.
type (
	Benchmark  = nn.Benchmark
	BenchLayer = nn.Layer
)

// spec checks the request and says which network it is about.
func (r BenchRequest) spec() (nn.Spec, error) {
	spec := nn.Spec{Architecture: r.Architecture, Task: nn.Task(r.Task), Classes: r.Concepts, Height: r.Height, Width: r.Width}
	if err := spec.Validate(); err != nil {
		return spec, err
	}
	if r.BatchSize < 1 || r.BatchSize > nn.MaxBatch || r.Steps < 1 {
		return spec, fmt.Errorf("a batch of %d and %d steps: both must be at least 1, a batch at most %d", r.BatchSize, r.Steps, nn.MaxBatch)
	}
	return spec, nil
}

// Bench times a network on random images.
func Bench(_ context.Context, r BenchRequest) (Benchmark, error) {
	spec, err := r.spec()
	if err != nil {
		return Benchmark{}, err
	}
	if r.Predict {
		return nn.BenchmarkPredict(spec, r.BatchSize, r.Threads, r.Steps)
	}
	return nn.BenchmarkTrain(spec, r.BatchSize, r.Threads, r.Steps)
}

// DataBenchmark says how fast samples get from files to the network here.
type DataBenchmark = training.DataBenchmark

// BenchData times the way of samples into a network's training steps, on photos made for this.
func BenchData(ctx context.Context, r BenchRequest) (DataBenchmark, error) {
	spec, err := r.spec()
	if err != nil {
		return DataBenchmark{}, err
	}
	return training.BenchmarkData(ctx, spec, r.BatchSize, r.Threads, r.Steps)
}
