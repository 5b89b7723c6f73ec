package plot

import "math"

// Judged is one line of a chart by which a network is judged: a concept's, or a version's.
type Judged struct {
	Name   string
	X, Y   []float64 // X never falls
	At     [2]float64
	Marked bool // whether At is where one stands now
}

// JudgedStyle is how the i-th of several judged lines is drawn: told apart by colour and dash, and by the marker of where one stands.
func JudgedStyle(i int) Style {
	dashes := [][]float64{nil, {7, 4}, {2, 3}, {9, 3, 2, 3}}
	return Style{Ink: Ink(i % 7), Dash: dashes[(i/7+i)%len(dashes)], Width: lineWidth}
}

func judged(lines []Judged) (curves []Curve, dots []Dot) {
	for i, l := range lines {
		style := JudgedStyle(i)
		curves = append(curves, Curve{Name: l.Name, X: l.X, Y: l.Y, Style: style})
		if l.Marked {
			dots = append(dots, Dot{X: l.At[0], Y: l.At[1], Ink: style.Ink, Marker: Marker(1 + i%4), Of: l.Name})
		}
	}
	return curves, dots
}

// PrecisionRecall is the chart of precision against recall. Points are those of [Steps].
func PrecisionRecall(lines []Judged) Chart {
	curves, dots := judged(lines)
	return Chart{Title: "Precision-recall curve", XName: "Recall", Curves: curves, Dots: dots, X: Span{0, 1.005}, Y: Span{0, 1.02}, YFormat: Percent, XFormat: Percent,
		Empty: "No concept occurs in these images"}
}

// AgainstThreshold is the chart of a figure, F1 as a rule, against the threshold; at marks where the threshold stands, NaN nowhere.
func AgainstThreshold(title string, lines []Judged, at float64) Chart {
	curves, dots := judged(lines)
	c := Chart{Title: title, XName: "Threshold", Curves: curves, Dots: dots, X: Span{0, 1}, Y: Span{0, 1.02}, YFormat: Percent, XFormat: Number,
		Empty: "No concept occurs in these images"}
	if !math.IsNaN(at) {
		c.Marks = []Mark{{X: at, Label: "now " + Number(math.Round(at*1000)/1000, 0)}}
	}
	return c
}

// Steps turns the points of a precision-recall curve, recall never falling, into its stairs: between two points the precision is that of
// the one with more recall, since a threshold between them does not exist.
func Steps(recall, precision []float64) (x, y []float64) {
	n := min(len(recall), len(precision))
	if n == 0 {
		return nil, nil
	}
	x, y = make([]float64, 0, 2*n), make([]float64, 0, 2*n)
	before := 0.0
	for i := range n {
		if i == 0 || precision[i] != precision[i-1] {
			x, y = append(x, before), append(y, precision[i])
		}
		x, y = append(x, recall[i]), append(y, precision[i])
		before = recall[i]
	}
	return x, y
}

// Bin is one bar of a reliability diagram: the predictions with a confidence From..To, how many, with which mean confidence, and how often
// it was right.
type Bin struct {
	From, To             float64
	Count                int
	Confidence, Accuracy float64
}

// Reliability is the diagram of how often predictions are right against how confident they are (Guo et al., 2017): blue bars are the share
// that is right, faint ones what is missing to (or beyond) the mean confidence; on the diagonal the two agree.
func Reliability(bins []Bin) Chart {
	c := Chart{Title: "Reliability diagram", XName: "Confidence", X: Span{0, 1}, Y: Span{0, 1.02}, YFormat: Percent, XFormat: Percent,
		Empty: "Nothing was predicted"}
	any := false
	for _, b := range bins {
		if b.Count == 0 {
			continue
		}
		any = true
		low, high := math.Min(b.Accuracy, b.Confidence), math.Max(b.Accuracy, b.Confidence)
		c.Bars = append(c.Bars, Bar{From: b.From, To: b.To, High: b.Accuracy, Ink: Blue}, Bar{From: b.From, To: b.To, Low: low, High: high, Ink: Vermillion, Faint: true})
	}
	if any {
		c.Curves = []Curve{{Name: "perfectly calibrated", X: []float64{0, 1}, Y: []float64{0, 1}, Style: Style{Ink: Black, Dash: []float64{4, 4}, Width: 1.2}}}
	}
	return c
}

// Histogram is how many predictions fall into each bin.
func Histogram(title string, bins []Bin) Chart {
	c := Chart{Title: title, XName: "-", X: Span{0, 1}, XFormat: Percent, YFormat: Number}
	most := 0
	for _, b := range bins {
		c.Bars = append(c.Bars, Bar{From: b.From, To: b.To, High: float64(b.Count), Ink: Blue})
		most = max(most, b.Count)
	}
	if most > 0 {
		c.Y = Span{0, float64(most) * 1.08}
		c.Curves = []Curve{{Name: "", X: []float64{0, 1}, Y: []float64{0, 0}, Style: Style{Ink: Black, Width: 0.5}}}
	}
	return c
}
