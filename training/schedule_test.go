package training

import (
	"math"
	"reflect"
	"testing"
)

func every(step, last int) []int {
	var at []int
	for i := step; i < last; i += step {
		at = append(at, i)
	}
	return append(at, last)
}

func TestMetricIterations(t *testing.T) {
	for _, c := range []struct {
		iterations      int
		auto, every1000 []int
	}{
		{1, []int{1}, []int{1}},
		{50, []int{5, 10, 15, 20, 25, 30, 35, 40, 45, 50}, []int{50}},
		{999, []int{100, 200, 300, 400, 500, 600, 700, 800, 900, 999}, []int{999}},
		{1000, []int{100, 200, 300, 400, 500, 600, 700, 800, 900, 1000}, []int{1000}},
		{9999, every(1000, 9999), every(1000, 9999)},
		{10_000, every(1000, 10_000), every(1000, 10_000)},
		{10_001, every(1001, 10_001), every(1001, 10_001)},
		{100_000, every(10_000, 100_000), every(10_000, 100_000)},
		{0, nil, nil},
	} {
		if got := MetricIterations(c.iterations, IntervalAuto); !reflect.DeepEqual(got, c.auto) {
			t.Errorf("%d, auto: %v, want %v", c.iterations, got, c.auto)
		}
		if got := MetricIterations(c.iterations, IntervalEvery); !reflect.DeepEqual(got, c.every1000) {
			t.Errorf("%d, every 1000: %v, want %v", c.iterations, got, c.every1000)
		}
		for _, interval := range []string{IntervalAuto, IntervalEvery} {
			if got := MetricIterations(c.iterations, interval); len(got) > 10 {
				t.Errorf("%d, %s: %d times", c.iterations, interval, len(got))
			}
		}
	}
}

func TestSchedules(t *testing.T) {
	type at map[int]float64
	for _, c := range []struct {
		name, kind string
		iterations int
		warmup     float64
		want       at
	}{
		{"constant", "constant", 100, 0, at{0: 1, 99: 1}},
		{"constant, warm-up by share", "constant", 100, 0.05, at{0: 0.2, 1: 0.4, 4: 1, 5: 1}},
		{"constant, warm-up by number", "constant", 100, 10, at{0: 0.1, 9: 1, 50: 1}},
		{"step", "step", 100, 0, at{0: 1, 49: 1, 50: 0.1, 74: 0.1, 75: 0.01, 99: 0.01}},
		// torch_train.py's formula
		{"cosine", "cosine", 600, 0.05, at{0: 1.0 / 30, 29: 1, 30: 1, 31: 0.5 * (1 + math.Cos(math.Pi/570)), 599: 0.5 * (1 + math.Cos(math.Pi*569/570))}},
		// torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=100)
		{"one_cycle", "one_cycle", 100, 0, at{0: 0.04, 1: 0.042813780565907456, 14: 0.49401332387899954, 29: 1, 30: 0.9994965352845243, 50: 0.793893450575732, 99: 4e-6}},
		{"one iteration", "one_cycle", 1, 0, at{0: 1}},
		{"one iteration, cosine", "cosine", 1, 0.05, at{0: 1}},
	} {
		s := newSchedule(Options{Schedule: c.kind, LearningRate: 1, Iterations: c.iterations, Warmup: c.warmup})
		for i, want := range c.want {
			if got := s.at(i); math.Abs(got-want) > 1e-9 {
				t.Errorf("%s at %d: %v, want %v", c.name, i, got, want)
			}
		}
	}
}
