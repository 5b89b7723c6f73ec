package plot

import (
	"fmt"
	"slices"
)

// The curves of a training, under the names they have everywhere.
const (
	BatchLoss     = "Total loss (batch)"
	LearningRate  = "Learning rate"
	TrainLoss     = "Total loss (train set)"
	ValLoss       = "Total loss (val set)"
	TrainAccuracy = "Accuracy (train set)"
	ValAccuracy   = "Accuracy (val set)"
)

// LookOf returns how the curve of that name is drawn; n is its place among the chart's curves and decides for names that are not known.
func LookOf(name string, n int) Look {
	switch name {
	case BatchLoss:
		return Look{Ink: Green}
	case LearningRate:
		return Look{Ink: Purple}
	case TrainLoss, TrainAccuracy:
		return Look{Ink: Blue, Marker: Circle}
	case ValLoss, ValAccuracy:
		return Look{Ink: Vermillion, Marker: Diamond, Dash: []float64{6, 4}}
	}
	dashes := [][]float64{nil, {6, 4}, {2, 3}, {8, 3, 2, 3}}
	return Look{Ink: Ink(n % 7), Marker: Marker(1 + n%4), Dash: dashes[n/2%len(dashes)]}
}

// History is what a training has told so far: for each curve its points in the order of iterations.
type History struct {
	points map[string]*Curve
	last   float64
}

// Add appends a value to a curve. A value for an iteration that the curve has passed already replaces what stood from there on,
// since a resumed training computes its last iterations again.
func (h *History) Add(name string, iteration int, value float64) {
	if h.points == nil {
		h.points = map[string]*Curve{}
	}
	c := h.points[name]
	if c == nil {
		c = &Curve{Name: name}
		h.points[name] = c
	}
	x := float64(iteration)
	if n := len(c.X); n > 0 && c.X[n-1] >= x {
		i, _ := slices.BinarySearch(c.X, x)
		// A chart may be reading the old slices: cut by making new ones.
		c.X, c.Y = slices.Clone(c.X[:i]), slices.Clone(c.Y[:i])
	}
	c.X, c.Y = append(c.X, x), append(c.Y, value)
	h.last = max(h.last, x)
}

// Curve returns what is known of a curve now; what is added later doesn't change it.
func (h *History) Curve(name string) Curve {
	if c := h.points[name]; c != nil {
		n := len(c.X)
		return Curve{Name: name, X: c.X[:n:n], Y: c.Y[:n:n]}
	}
	return Curve{Name: name}
}

// Iteration returns the greatest iteration any curve has.
func (h *History) Iteration() int { return int(h.last) }

// DefaultSmoothing is how much batch losses are smoothed at first.
const DefaultSmoothing = 0.9

// Charts returns the three charts of a training: losses, accuracies and learning rate. measure names what "accuracy" is for the
// task ("" for classification and tagging, "mAP@0.5" for detection).
func (h *History) Charts(measure string) (losses, accuracies, learningRate Chart) {
	batch := h.Curve(BatchLoss)
	batch.Smooth = true
	losses = Chart{Title: "Losses", Curves: []Curve{batch, h.Curve(TrainLoss), h.Curve(ValLoss)}, Smoothing: DefaultSmoothing,
		Empty: "Losses appear with the first iterations"}
	title := "Accuracies"
	if measure != "" {
		title = fmt.Sprintf("Accuracies (%s)", measure)
	}
	accuracies = Chart{Title: title, Curves: []Curve{h.Curve(TrainAccuracy), h.Curve(ValAccuracy)}, YBounds: Span{0, 1}, YFormat: Percent,
		Empty: "Accuracies appear when they are first computed over the whole sets"}
	learningRate = Chart{Title: "Learning rate", Curves: []Curve{h.Curve(LearningRate)}, Empty: "Not started"}
	if !batch.none() {
		// One scale of iterations for all three, so that they can be read together.
		all := Span{0, max(h.last, 1)}
		losses.X, accuracies.X, learningRate.X = all, all, all
	}
	return losses, accuracies, learningRate
}
