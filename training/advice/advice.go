// Package advice derives findings from the curves of a training, each a sentence that a person can act on: overfitting, a learning rate that
// is too high or too low, a training that stopped too early, too few val images, concepts that need more images or are confused with one
// another. Each finding comes from a stated rule and carries its evidence. There may be none.
//
// The rules work on the few points that evaluations over whole sets give (about ten a run), so they use medians and ranks rather than fits, and
// compare with the noise of the curve itself. advice_test.go holds them against recorded trainings and against synthetic curves with known
// truth, for false alarms and for misses.
package advice

import (
	"math"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training"
)

// Kind names a finding.
type Kind string

// The findings.
const (
	Overfitting      Kind = "overfitting"
	LearningRateHigh Kind = "learning_rate_high"
	LearningRateLow  Kind = "learning_rate_low"
	StoppedEarly     Kind = "stopped_early"
	ValSmall         Kind = "val_small"
	MoreData         Kind = "more_data"
	Confused         Kind = "confused"
)

// Finding is one thing that a training shows.
type Finding struct {
	Kind     Kind   `json:"kind"`
	Text     string `json:"text"`     // what it is and what to do, one or two plain sentences
	Evidence string `json:"evidence"` // the numbers that it is derived from
	// From and To are the iterations in which it shows; 0 where it has no place in the curves.
	From int `json:"from,omitempty"`
	To   int `json:"to,omitempty"`
	// Concepts are those it is about.
	Concepts []string `json:"concepts,omitempty"`
}

// Facts are what findings are made of. Only History is needed.
type Facts struct {
	Task      domain.Task
	History   *training.History
	Results   *training.Results // of the version's weights, once there are some
	ValImages int               // 0 = not known
}

// Judge returns what the facts show, the most important first.
func Judge(f Facts) []Finding {
	if f.History == nil {
		return nil
	}
	c := curvesOf(f.History)
	var all []Finding
	for _, rule := range []func(Facts, curves) *Finding{tooHigh, tooLow, overfits, stoppedEarly} {
		if found := rule(f, c); found != nil {
			all = append(all, *found)
		}
	}
	if f.Results != nil && !slices.ContainsFunc(all, func(f Finding) bool { return f.Kind == LearningRateHigh || f.Kind == LearningRateLow }) {
		all = append(all, concepts(f)...) // else every concept is wrong
	}
	if found := valSmall(f, c); found != nil {
		all = append(all, *found)
	}
	return all
}

// curves are a history's evaluations side by side. val is empty where there is no val split.
type curves struct {
	at              []int // iterations of the evaluations
	train, val      []float64
	trainAccuracy   []float64
	valAccuracy     []float64
	batch           []training.Point
	iteration, last int     // reached, planned
	first           float64 // loss of the first batch: what a network that knows nothing makes
	highest         float64 // the highest batch or train loss
	ended           bool
}

func curvesOf(h *training.History) curves {
	c := curves{batch: h.Points[training.CurveBatchLoss], iteration: h.State.Iteration, last: h.State.Iterations}
	for _, p := range h.Points[training.CurveTrainLoss] {
		c.at = append(c.at, p.Iteration)
	}
	values := func(name string) []float64 {
		points := h.Points[name]
		if len(points) != len(c.at) {
			return nil
		}
		out := make([]float64, len(points))
		for i, p := range points {
			if p.Iteration != c.at[i] || p.Value-p.Value != 0 {
				return nil
			}
			out[i] = p.Value
		}
		return out
	}
	if c.train = values(training.CurveTrainLoss); c.train == nil {
		c.at = nil
	}
	c.val = values(training.CurveValLoss)
	c.trainAccuracy, c.valAccuracy = values(training.CurveTrainAccuracy), values(training.CurveValAccuracy)
	if len(c.batch) > 0 {
		c.first = c.batch[0].Value
	}
	for _, p := range c.batch {
		c.highest = max(c.highest, p.Value)
	}
	for _, v := range c.train {
		c.highest = max(c.highest, v)
	}
	c.ended = h.State.Status == domain.StatusReady
	return c
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Clone(values)
	slices.Sort(s)
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// noise estimates the standard deviation of a curve around its trend from its successive differences: by how much they differ from
// their median, taking the median again, so that neither a steady trend nor a jump counts.
func noise(values []float64) float64 {
	var d []float64
	for i := 1; i < len(values); i++ {
		d = append(d, values[i]-values[i-1])
	}
	if len(d) == 0 {
		return 0
	}
	m := median(d)
	for i := range d {
		d[i] = math.Abs(d[i] - m)
	}
	return 1.4826 * median(d) / math.Sqrt2
}

func tail(values []float64, n int) []float64 { return values[max(0, len(values)-n):] }
