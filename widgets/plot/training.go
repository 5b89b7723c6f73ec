package plot

import (
	"fmt"
	"slices"
)

// Series is a curve of a training: what the legend says, and what decides in which chart it stands and how it looks.
type Series struct {
	Name   string // "Total loss (val set)"
	Figure string // of the charts that Charts makes: "loss", "accuracy", else it stands with the learning rate
	Over   string // what it is computed over: "batch", "train", "val"; else it looks like the learning rate
}

// Style returns how the series is drawn.
func (s Series) Style() Style {
	switch s.Over {
	case "batch":
		return Style{Ink: Green}
	case "train":
		return Style{Ink: Blue, Marker: Circle}
	case "val":
		return Style{Ink: Vermillion, Marker: Diamond, Dash: []float64{6, 4}}
	}
	return Style{Ink: Purple}
}

// StyleAt returns how a curve without a style of its own is drawn; n is its place among the chart's curves.
func StyleAt(n int) Style {
	dashes := [][]float64{nil, {6, 4}, {2, 3}, {8, 3, 2, 3}}
	return Style{Ink: Ink(n % 7), Marker: Marker(1 + n%4), Dash: dashes[n/2%len(dashes)]}
}

// History is what a training has told so far: for each series its points in the order of iterations.
type History struct {
	series []Series // those the charts show, in the order of the legend
	points map[string]*Curve
	last   float64
}

// NewHistory makes a history of series, in the order of the legend. They stand in the legend although they have no points yet.
func NewHistory(series ...Series) *History {
	return &History{series: series, points: map[string]*Curve{}}
}

// Add appends a value to a series. A value for an iteration that the series has passed already replaces what stood from there on,
// since a resumed training computes its last iterations again.
func (h *History) Add(s Series, iteration int, value float64) {
	c := h.points[s.Name]
	if c == nil {
		c = &Curve{}
		h.points[s.Name] = c
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

// Curve returns what is known of a series now; what is added later doesn't change it.
func (h *History) Curve(s Series) Curve {
	curve := Curve{Name: s.Name, Style: s.Style(), Smooth: s.Over == "batch"}
	if c := h.points[s.Name]; c != nil {
		n := len(c.X)
		curve.X, curve.Y = c.X[:n:n], c.Y[:n:n]
	}
	return curve
}

// Iteration returns the greatest iteration any curve has.
func (h *History) Iteration() int { return int(h.last) }

// DefaultSmoothing is how much batch losses are smoothed at first.
const DefaultSmoothing = 0.9

// Charts returns the three charts of a training: losses, accuracies and learning rate. measure names what "accuracy" is for the
// task ("" for classification and tagging, "mAP@0.5" for detection).
func (h *History) Charts(measure string) (losses, accuracies, learningRate Chart) {
	losses = Chart{Title: "Losses", Smoothing: DefaultSmoothing, Empty: "Losses appear with the first iterations"}
	title := "Accuracies"
	if measure != "" {
		title = fmt.Sprintf("Accuracies (%s)", measure)
	}
	accuracies = Chart{Title: title, YBounds: Span{0, 1}, YFormat: Percent, Empty: "Accuracy appears when it is first computed over the whole sets"}
	learningRate = Chart{Title: "Learning rate", Empty: "Not started"}
	charts := map[string]*Chart{"loss": &losses, "accuracy": &accuracies}
	for _, s := range h.series {
		chart := charts[s.Figure]
		if chart == nil {
			chart = &learningRate
		}
		chart.Curves = append(chart.Curves, h.Curve(s))
	}
	if h.last > 0 {
		// One scale of iterations for all three, so that they can be read together.
		all := Span{0, h.last}
		losses.X, accuracies.X, learningRate.X = all, all, all
	}
	return losses, accuracies, learningRate
}
