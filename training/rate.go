package training

import "time"

// Rules by which batch events are thinned: at most 20 lines a second, and at most about 100,000 lines a run.
const (
	batchGap      = 50 * time.Millisecond
	maxBatchLines = 100_000
)

// rate measures how fast it goes and decides which iterations are told.
type rate struct {
	batch   int
	stride  int // only iterations that are multiples of it are told
	step    float64
	steps   int
	measure float64 // seconds that an evaluation of both sets takes; 0 = not known yet
	share   float64 // samples of both sets over those of a batch: the first guess for measure
	told    time.Time
}

func newRate(o Options, samples int) *rate {
	return &rate{batch: o.BatchSize, stride: (o.Iterations + maxBatchLines - 1) / maxBatchLines, share: float64(samples) / float64(o.BatchSize)}
}

// took takes the time of a step: the mean of the first 50, then one that forgets slowly. The first step warms caches up and does not count
// once there are others.
func (r *rate) took(d time.Duration) {
	r.steps++
	switch s := d.Seconds(); {
	case r.steps <= 2:
		r.step = s
	default:
		r.step += (s - r.step) / float64(min(r.steps-1, 50))
	}
}

// measured takes the time of an evaluation of both sets.
func (r *rate) measured(d time.Duration) { r.measure = d.Seconds() }

func (r *rate) imagesPerSecond() float64 {
	if r.step == 0 {
		return 0
	}
	return float64(r.batch) / r.step
}

// left is the time to the end of the training, with so many iterations and evaluations (the final one included) before it. A step's forward
// pass takes about a third of it.
func (r *rate) left(iterations, evaluations int) float64 {
	measure := r.measure
	if measure == 0 {
		measure = r.share * r.step / 3
	}
	return float64(iterations)*r.step + float64(evaluations)*measure
}

// tell says whether the iteration gets its line; those that must get one.
func (r *rate) tell(iteration int, must bool) bool {
	now := time.Now()
	if !must && (iteration%r.stride != 0 || now.Sub(r.told) < batchGap) {
		return false
	}
	r.told = now
	return true
}
