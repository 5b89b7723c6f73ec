package nn

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"testing"

	"viewfinder/storage/domain"
)

// TestBenchmark runs every kind of benchmark once; with VIEWFINDER_BENCH=architecture[,size[,batch[,mode]]] it prints one in
// full.
func TestBenchmark(t *testing.T) {
	spec := Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 10, Height: 32, Width: 32}
	for mode, run := range benchmarkModes {
		b, err := run(spec, 2, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if b.Mode != mode || b.ImagesPerSecond <= 0 || b.GFLOPS <= 0 || len(b.Layers) == 0 || b.MemoryBytes == 0 {
			t.Errorf("%+v", b)
		}
	}
}

var benchmarkModes = map[string]func(Spec, int, int, int) (Benchmark, error){"train": BenchmarkTrain, "predict": BenchmarkPredict}

func TestPrintBenchmark(t *testing.T) {
	arch := os.Getenv("VIEWFINDER_BENCH")
	if arch == "" {
		t.Skip("VIEWFINDER_BENCH names no architecture")
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	mode := os.Getenv("BENCH_MODE")
	if mode == "" {
		mode = "train"
	}
	size := number("BENCH_SIZE", 96)
	spec := Spec{Architecture: arch, Task: domain.Classification, Classes: 10, Height: size, Width: number("BENCH_WIDTH", size)}
	if os.Getenv("BENCH_TASK") == "detection" {
		spec.Task, spec.Classes = domain.Detection, 3
	}
	b, err := benchmarkModes[mode](spec, number("BENCH_BATCH", 32), number("BENCH_THREADS", 0), number("BENCH_STEPS", 10))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("BENCH_LAYERS") != "" {
		sort.SliceStable(b.Layers, func(i, j int) bool { return b.Layers[i].MS > b.Layers[j].MS })
		total := 0.0
		for i, l := range b.Layers {
			total += l.MS
			if i < number("BENCH_LAYERS", 20) {
				fmt.Printf("%8.2f ms %7.1f GFLOP/s %6.1f GB/s  %s %v\n", l.MS, l.GFLOPS, l.GBPerSecond, l.Operation, l.Shape)
			}
		}
		fmt.Printf("%8.2f ms in layers\n", total)
	}
	fmt.Printf("%s %s: %.1f ms, %.1f images/s, %.1f GFLOP/s, %.2f of peak %.0f, %d MB\n", b.Architecture, mode, b.StepMS, b.ImagesPerSecond, b.GFLOPS, b.PeakShare, b.PeakGFLOPS, b.MemoryBytes>>20)
}
