package training

import (
	"slices"
	"time"
)

// Rules by which batch events are thinned: at most 20 lines a second, and at most about 100,000 lines a run.
const (
	batchGap      = 50 * time.Millisecond
	maxBatchLines = 100_000
)

// Rules of the time left.
const (
	rateWindow = 300 // steps that are looked back at
	rateOdd    = 8   // a step that took so many times the middle one is an accident (the machine slept, the disk stalled) and does not count
)

// rate measures how fast it goes and decides which iterations get an event.
type rate struct {
	batch   int
	stride  int       // only iterations that are multiples of it get an event
	recent  []float64 // seconds of the last steps, the oldest first from next on
	next    int
	steps   int
	step    float64 // seconds of a step
	measure float64 // seconds that an evaluation of both sets takes; 0 = not known yet
	guessed bool    // measure was timed on a part of the sets only
	told    time.Time
}

func newRate(o Options) *rate {
	return &rate{batch: o.BatchSize, stride: (o.Iterations + maxBatchLines - 1) / maxBatchLines}
}

// took takes the time of a step. The first warms caches up and does not count once there are others.
func (r *rate) took(d time.Duration) {
	s := d.Seconds()
	r.steps++
	if r.steps <= 2 {
		r.recent, r.step = []float64{s}, s
		return
	}
	if len(r.recent) < rateWindow {
		r.recent = append(r.recent, s)
	} else {
		r.recent[r.next], r.next = s, (r.next+1)%rateWindow
	}
	if n := r.steps; n > 50 && n%10 != 0 { // it changes slowly
		return
	}
	sorted := slices.Clone(r.recent)
	slices.Sort(sorted)
	limit, sum, n := rateOdd*sorted[len(sorted)/2], 0.0, 0
	for _, one := range sorted {
		if one <= limit {
			sum += one
			n++
		}
	}
	r.step = sum / float64(n)
}

// guess takes what an evaluation of both sets would take, going by a part of them.
func (r *rate) guess(d time.Duration) {
	if r.measure == 0 || r.guessed {
		r.measure, r.guessed = d.Seconds(), true
	}
}

// measured takes the time of an evaluation of both sets.
func (r *rate) measured(d time.Duration) {
	if r.measure == 0 || r.guessed {
		r.measure, r.guessed = d.Seconds(), false
		return
	}
	r.measure = (r.measure + min(d.Seconds(), rateOdd*r.measure)) / 2
}

func (r *rate) imagesPerSecond() float64 {
	if r.step == 0 {
		return 0
	}
	return float64(r.batch) / r.step
}

// left is the time in seconds to the end of the training, with so many iterations and evaluations (the final one included) before it.
func (r *rate) left(iterations, evaluations int) float64 {
	return float64(iterations)*r.step + float64(evaluations)*r.measure
}

// tell reports whether the iteration gets its line; those that must get one.
func (r *rate) tell(iteration int, must bool) bool {
	now := time.Now()
	if !must && (iteration%r.stride != 0 || now.Sub(r.told) < batchGap) {
		return false
	}
	r.told = now
	return true
}
