package kernels

import "time"

// MeasurePeak measures what the processor can do at best with the kernels in use: multiplications and additions in
// registers alone, on all of the pool's threads at once, in floating point operations per second. It takes about 0.1 s. Plain Go
// has no such loop; there it measures a dot product.
func MeasurePeak(p *Pool) float64 {
	n := p.Threads()
	const rounds = 1 << 20
	best := 0.0
	for range 8 {
		start := time.Now()
		var flops float64
		if active != nil {
			p.Run(n, func(int) { active.peak(rounds) })
			flops = float64(n) * rounds * 12 * float64(active.vw) * 2
		} else {
			x := make([]float32, 4096)
			p.Run(n, func(int) {
				for range 256 {
					dot(x, x)
				}
			})
			flops = float64(n) * 256 * 4096 * 2
		}
		best = max(best, flops/time.Since(start).Seconds())
	}
	return best
}

// MeasureBandwidth measures how fast the pool's threads together copy memory that is larger than the caches, in bytes per
// second, read and written bytes both counted. It allocates 128 MiB for the time of the call.
func MeasureBandwidth(p *Pool) float64 {
	const n = 16 << 20
	a, b := aligned(n), aligned(n)
	Copy(p, a, b)
	best := 0.0
	for range 5 {
		start := time.Now()
		Copy(p, a, b)
		best = max(best, 8*n/time.Since(start).Seconds())
	}
	return best
}
