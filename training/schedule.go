package training

import "math"

// schedule gives the learning rate of each iteration.
type schedule struct {
	kind       string
	peak       float64
	iterations int
	warm       int // iterations of the warm-up; 0 = none
}

func newSchedule(o Options) schedule {
	s := schedule{kind: o.Schedule, peak: o.LearningRate, iterations: o.Iterations}
	switch {
	case o.Warmup >= 1:
		s.warm = int(o.Warmup)
	case o.Warmup > 0:
		s.warm = max(1, int(o.Warmup*float64(o.Iterations)+1e-9))
	}
	return s
}

// at returns the learning rate of iteration i, counted from 0.
//
// The warm-up multiplies: the rate is the smaller of the linear rise and the schedule. step is a tenth after half of the iterations and a
// hundredth after three quarters; cosine goes from the peak at the warm-up's end to 0 (Loshchilov and Hutter, "SGDR", 2016, without
// restarts); one_cycle is PyTorch's OneCycleLR with its defaults (Smith, "Super-convergence", 2017): 30% up from peak/25 along a cosine,
// then down to peak/250,000.
func (s schedule) at(i int) float64 {
	f := 1.0
	switch s.kind {
	case "step":
		if 4*i >= 3*s.iterations {
			f = 0.01
		} else if 2*i >= s.iterations {
			f = 0.1
		}
	case "cosine":
		f = 0.5 * (1 + math.Cos(math.Pi*float64(max(0, i-s.warm))/float64(max(1, s.iterations-s.warm))))
	case "one_cycle":
		return s.peak * oneCycle(i, s.iterations)
	}
	if i < s.warm {
		f = min(f, float64(i+1)/float64(s.warm))
	}
	return s.peak * f
}

func oneCycle(i, iterations int) float64 {
	const first, last = 1.0 / 25, 1.0 / 25 / 1e4
	top := 0.3*float64(iterations) - 1
	end := float64(iterations - 1)
	cosine := func(from, to, part float64) float64 {
		return to + (from-to)/2*(1+math.Cos(math.Pi*part))
	}
	switch x := float64(i); {
	case top > 0 && x <= top:
		return cosine(first, 1, x/top)
	case end > top:
		return cosine(1, last, (x-max(0, top))/(end-max(0, top)))
	}
	return 1
}

// MetricIterations lists the iterations at which the four curves over whole sets are computed: every max(1000, ceil(iterations/10)), with
// IntervalAuto every ceil(iterations/10) below 10,000 iterations, and always the last one.
func MetricIterations(iterations int, interval string) []int {
	if iterations < 1 {
		return nil
	}
	step := (iterations + 9) / 10
	if interval != IntervalAuto || iterations >= 10_000 {
		step = max(1000, step)
	}
	var at []int
	for i := step; i < iterations; i += step {
		at = append(at, i)
	}
	return append(at, iterations)
}
