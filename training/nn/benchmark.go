package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/backend"
)

// Benchmark is how fast a network runs here. Rates are of the median step.
type Benchmark struct {
	Architecture    string      `json:"architecture"`
	Task            domain.Task `json:"task"`
	Mode            string      `json:"mode"` // train or predict
	Height          int         `json:"height"`
	Width           int         `json:"width"`
	BatchSize       int         `json:"batch_size"`
	Threads         int         `json:"threads"`
	Steps           int         `json:"steps"`
	Kernels         string      `json:"kernels"`
	StepMS          float64     `json:"step_ms"`
	ImagesPerSecond float64     `json:"images_per_s"`
	// GFLOPS counts the multiplications and additions of the convolutions and linear layers in direct form, whatever form
	// they are computed in.
	GFLOPS     float64 `json:"gflops"`
	PeakShare  float64 `json:"peak_share"`  // of the processor's measured float32 peak on as many threads
	PeakGFLOPS float64 `json:"peak_gflops"` // that peak
	// PeakGBPerSecond is what copying large arrays on as many threads was measured to move.
	PeakGBPerSecond float64 `json:"peak_gb_per_s"`
	MemoryBytes     int     `json:"memory_bytes"`        // of results, gradients and the optimizer's state
	ResidentBytes   int     `json:"peak_resident_bytes"` // the most that the whole process ever held; 0 where the system doesn't tell
	Layers          []Layer `json:"layers"`
}

// Layer is the share of one kernel call in a benchmark, averaged over its steps.
type Layer struct {
	Operation string  `json:"operation"`
	Shape     []int   `json:"shape"` // of the result
	MS        float64 `json:"ms"`
	GFLOPS    float64 `json:"gflops,omitempty"`
	// GBPerSecond is the size of what goes in and comes out over the time: at most what memory and caches give.
	GBPerSecond    float64 `json:"gb_per_s"`
	BandwidthShare float64 `json:"bandwidth_share"` // of PeakGBPerSecond; above 1 where caches give it
}

// warmUp is the number of steps that aren't counted.
const warmUp = 3

// BenchmarkTrain times training steps of a network on random images, without decoding: forward, loss, backward, update by SGD
// with momentum 0.9 and weight decay 1e-4, as shared/bench/torch_train_step.py does with PyTorch.
func BenchmarkTrain(spec Spec, batch, threads, steps int) (Benchmark, error) {
	n, err := New(spec, 0)
	if err != nil {
		return Benchmark{}, err
	}
	t, err := n.Trainer(TrainerOptions{Batch: batch, Threads: threads, Momentum: 0.9, WeightDecay: 1e-4})
	if err != nil {
		return Benchmark{}, err
	}
	defer t.Close()
	fillRandom(t.Input())
	targets := benchmarkTargets(spec, batch)
	b := Benchmark{Mode: "train", MemoryBytes: t.Memory()}
	err = b.measure(spec, batch, steps, t.device, t.program, layers(t.machine.order, t.ops), func() error {
		_, err := t.Step(targets, 1e-3)
		return err
	})
	return b, err
}

// BenchmarkPredict times predictions of a network on random images.
func BenchmarkPredict(spec Spec, batch, threads, steps int) (Benchmark, error) {
	n, err := New(spec, 0)
	if err != nil {
		return Benchmark{}, err
	}
	p, err := n.Predictor(batch, threads)
	if err != nil {
		return Benchmark{}, err
	}
	defer p.Close()
	fillRandom(p.Input())
	b := Benchmark{Mode: "predict", MemoryBytes: p.memory()}
	if err := p.Forward(batch); err != nil {
		return Benchmark{}, err
	}
	m := p.graph.machine
	err = b.measure(spec, batch, steps, p.device, m.program, layers(m.order, m.ops), func() error { return p.Forward(batch) })
	return b, err
}

func fillRandom(x []float32) {
	r := rand.New(rand.NewPCG(0, 0))
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
}

func benchmarkTargets(spec Spec, batch int) Targets {
	t := Targets{Tags: make([]float32, batch*spec.Classes), Boxes: make([][]domain.Box32, batch)}
	for i := range batch {
		t.Labels = append(t.Labels, int32(i%spec.Classes))
		t.Tags[i*spec.Classes+i%spec.Classes] = 1
		t.Boxes[i] = []domain.Box32{{XMin: 0.2, YMin: 0.3, XMax: 0.5, YMax: 0.6, Class: i % spec.Classes}}
	}
	return t
}

// layer is an operation of a program as a benchmark shows it.
type layer struct {
	name  string
	shape []int
	flops int
	moved int // bytes
}

// layers describes the operations of a program, of which the first are order's and the others the updates of a step.
func layers(order []instruction, ops []backend.Op) []layer {
	list := make([]layer, len(ops))
	for i, op := range ops {
		l := layer{name: op.Kernel.Name(), shape: []int{op.Out[0].Len}}
		if i < len(order) {
			o := order[i].op
			l = layer{name: o.String(), shape: o.out, flops: o.flops}
		}
		for _, b := range append(slices.Clone(op.In), op.Out...) {
			l.moved += 4 * b.Len
		}
		list[i] = l
	}
	return list
}

func (b *Benchmark) measure(spec Spec, batch, steps int, device backend.Device, program backend.Program, layers []layer, step func() error) error {
	if steps < 1 {
		return fmt.Errorf("%w: %d steps", ErrSpec, steps)
	}
	for range warmUp {
		if err := step(); err != nil {
			return err
		}
	}
	elapsed := make([]time.Duration, len(layers))
	program.Measure(elapsed)
	times := make([]time.Duration, steps)
	for i := range times {
		start := time.Now()
		if err := step(); err != nil {
			return err
		}
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	median := times[steps/2].Seconds()
	b.ResidentBytes = peakResident()
	program.Measure(nil)
	peakFlops, peakBytes := device.Peak()
	b.PeakGBPerSecond = peakBytes / 1e9
	flops := 0
	for i, s := range layers {
		seconds := elapsed[i].Seconds() / float64(steps)
		l := Layer{Operation: s.name, Shape: s.shape, MS: seconds * 1e3}
		if seconds > 0 {
			l.GFLOPS, l.GBPerSecond = float64(s.flops)/seconds/1e9, float64(s.moved)/seconds/1e9
			l.BandwidthShare = l.GBPerSecond / b.PeakGBPerSecond
		}
		flops += s.flops
		b.Layers = append(b.Layers, l)
	}
	b.Architecture, b.Task, b.Height, b.Width = spec.Architecture, spec.Task, spec.Height, spec.Width
	b.BatchSize, b.Threads, b.Steps, b.Kernels = batch, 1, steps, device.Variant()
	if d, ok := device.(backend.Threaded); ok {
		b.Threads = d.Threads()
	}
	b.StepMS, b.ImagesPerSecond, b.GFLOPS = median*1e3, float64(batch)/median, float64(flops)/median/1e9
	b.PeakGFLOPS = peakFlops / 1e9
	if b.PeakGFLOPS > 0 {
		b.PeakShare = b.GFLOPS / b.PeakGFLOPS
	}
	if math.IsNaN(b.PeakShare) {
		b.PeakShare = 0
	}
	return nil
}

// peakResident is the largest resident size that the process has had, in bytes; 0 where the system doesn't tell.
func peakResident() int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, err := strconv.Atoi(fields[0])
	if err != nil {
		return 0
	}
	return kib << 10
}
