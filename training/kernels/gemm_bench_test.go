package kernels

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkProduct times the register tile alone, one thread, data as warm as it gets.
func BenchmarkProduct(b *testing.B) {
	if active == nil {
		b.Skip("no vector kernels")
	}
	for _, c := range []struct{ rows, taps, run, cols int }{{24, 1, 128, 64}, {24, 1, 64, 64}, {96, 1, 160, 1280}, {96, 1, 160, 64}, {96, 3, 9, 32}, {48, 3, 192, 128}, {96, 1, 16, 96}, {96, 1, 48, 8}} {
		b.Run(fmt.Sprintf("%dx%dx%d-%d", c.rows, c.taps, c.run, c.cols), func(b *testing.B) {
			a := Aligned(c.rows*c.run + c.taps*c.run*16)
			w := Aligned(packedCols(c.cols, active.nr) * c.taps * c.run)
			y := Aligned(c.rows * c.cols)
			aoff, yoff := make([]int32, c.rows), make([]int32, c.rows)
			for i := range aoff {
				aoff[i], yoff[i] = int32(i*c.run), int32(i*c.cols)
			}
			g := gemmShape{rows: c.rows, taps: c.taps, tapStride: c.run, run: c.run, cols: c.cols, k1: ceilDiv(c.cols, active.nr)}
			best := time.Duration(1 << 62)
			for b.Loop() {
				start := time.Now()
				for range 20 {
					active.gemm(g, a, aoff, w, nil, nil, y, yoff)
				}
				best = min(best, time.Since(start))
			}
			b.ReportMetric(40*float64(c.rows*c.taps*c.run*c.cols)/best.Seconds()/1e9, "GFLOP/s")
		})
	}
}
