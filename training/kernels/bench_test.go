package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"viewfinder/training/machine"
)

// layer is a convolution of one of the networks at 96 px, batch 32.
type layer struct {
	name string
	s    ConvShape
}

func square(n, size, c, k, kernel, stride, groups int) ConvShape {
	return ConvShape{N: n, H: size, W: size, C: c, K: k, KH: kernel, KW: kernel, StrideH: stride, StrideW: stride, PadH: kernel / 2, PadW: kernel / 2, Groups: groups}
}

var layers = []layer{
	{"small_cnn/1", square(32, 96, 3, 32, 3, 1, 1)},
	{"small_cnn/2", square(32, 48, 32, 64, 3, 1, 1)},
	{"small_cnn/3", square(32, 24, 64, 128, 3, 1, 1)},
	{"small_cnn/4", square(32, 12, 128, 256, 3, 1, 1)},
	{"resnet18/stem", square(32, 96, 3, 64, 7, 2, 1)},
	{"resnet18/1", square(32, 24, 64, 64, 3, 1, 1)},
	{"resnet18/2.0", square(32, 24, 64, 128, 3, 2, 1)},
	{"resnet18/2.down", square(32, 24, 64, 128, 1, 2, 1)},
	{"resnet18/2", square(32, 12, 128, 128, 3, 1, 1)},
	{"resnet18/3", square(32, 6, 256, 256, 3, 1, 1)},
	{"resnet18/4.0", square(32, 6, 256, 512, 3, 2, 1)},
	{"resnet18/4", square(32, 3, 512, 512, 3, 1, 1)},
	{"mobilenet/stem", square(32, 96, 3, 16, 3, 2, 1)},
	{"mobilenet/1.dw", square(32, 48, 16, 16, 3, 1, 16)},
	{"mobilenet/2.expand", square(32, 48, 8, 48, 1, 1, 1)},
	{"mobilenet/2.dw", square(32, 48, 48, 48, 3, 2, 48)},
	{"mobilenet/2.project", square(32, 24, 48, 16, 1, 1, 1)},
	{"mobilenet/6.dw", square(32, 12, 96, 96, 3, 1, 96)},
	{"mobilenet/6.expand", square(32, 12, 16, 96, 1, 1, 1)},
	{"mobilenet/14.expand", square(32, 3, 80, 480, 1, 1, 1)},
	{"mobilenet/18", square(32, 3, 160, 1280, 1, 1, 1)},
}

// BenchmarkConvolution times each layer's three passes, and gives GFLOP/s counted as direct convolution and the share of
// this machine's peak, measured beside it.
func BenchmarkConvolution(b *testing.B) {
	p := NewPool(0)
	defer p.Close()
	r := rand.New(rand.NewPCG(1, 2))
	peak := MeasurePeak(p)
	for _, l := range layers {
		s := l.s
		x, w, dy := random(r, s.InputLen()), random(r, s.WeightLen()), random(r, s.OutputLen())
		y, dx, dw := Aligned(s.OutputLen()), Aligned(s.InputLen()), Aligned(s.WeightLen())
		scratch := Aligned(max(s.ForwardScratch(), s.InputScratch(), s.WeightsScratch()))
		f := s.Resolve().Forms
		run := func(pass string, form Form, do func()) {
			b.Run(fmt.Sprintf("%s/%s-%v", l.name, pass, form), func(b *testing.B) {
				do()
				best, busy := time.Duration(1<<62), time.Duration(1<<62)
				for b.Loop() {
					start, cpu := time.Now(), processTime()
					do()
					best, busy = min(best, time.Since(start)), min(busy, processTime()-cpu)
				}
				speed := float64(s.Flops()) / best.Seconds()
				b.ReportMetric(float64(best.Microseconds()), "best-us")
				b.ReportMetric(speed/1e9, "GFLOP/s")
				b.ReportMetric(100*speed/peak, "%peak")
				// What others do on the machine at the same time matters less to the processor's time.
				b.ReportMetric(float64(busy.Microseconds()), "cpu-us")
				b.ReportMetric(float64(s.Flops())/busy.Seconds()/1e9, "GFLOP/cpu-s")
			})
		}
		run("forward", f.Forward, func() { ConvForward(p, s, x, w, nil, y, scratch) })
		run("input", f.Input, func() { ConvBackwardInput(p, s, dy, w, dx, scratch) })
		run("weights", f.Weights, func() { ConvBackwardWeights(p, s, x, dy, dw, nil, scratch) })
	}
}

func BenchmarkMachine(b *testing.B) {
	p := NewPool(0)
	defer p.Close()
	for b.Loop() {
		b.ReportMetric(MeasurePeak(p)/1e9, "GFLOP/s")
		b.ReportMetric(MeasureBandwidth(p)/1e9, "GB/s")
	}
	b.Logf("%+v, kernels %s", machine.ThisProcessor(), Variant())
}
