package training

import (
	"viewfinder/training/metrics"
)

// ConceptFigures are the figures of one concept. Counts are samples (classification, tagging) or boxes at IoU 0.5 (detection).
type ConceptFigures struct {
	ID               string  `json:"id"`
	Concept          string  `json:"concept"`
	Precision        float64 `json:"precision"`
	Recall           float64 `json:"recall"`
	F1               float64 `json:"f1"`
	AveragePrecision float64 `json:"average_precision"`
	Support          int     `json:"support"` // true occurrences
	TruePositives    int     `json:"true_positives"`
	FalsePositives   int     `json:"false_positives"`
	FalseNegatives   int     `json:"false_negatives"`
}

// Evaluation are the figures of a model on a set of samples. Precision, recall and F1 are means over the concepts that occur, in truth or in
// what was predicted; average precision is one over those that truly occur.
type Evaluation struct {
	Task    Task     `json:"task"`
	Images  int      `json:"images"`            // samples that could be read
	Skipped []string `json:"skipped,omitempty"` // why the others could not
	// Threshold of the decisions. A classification decides for the highest score, whatever it is.
	Threshold float64 `json:"threshold"`
	Loss      float64 `json:"loss"`
	// Accuracy is the share of right decisions (classification), of right yes/no decisions over all concepts (tagging), or mAP@0.5 (detection).
	Accuracy         float64 `json:"accuracy"`
	Precision        float64 `json:"precision"`
	Recall           float64 `json:"recall"`
	F1               float64 `json:"f1"`
	AveragePrecision float64 `json:"average_precision"`
	MAP50            float64 `json:"map50"`    // detection
	MAP5095          float64 `json:"map50_95"` // detection
	// ConfusionMatrix is [truth][predicted], for classification and detection; detection has one more row and column: nothing there.
	ConfusionMatrix [][]int          `json:"confusion_matrix,omitempty"`
	Concepts        []ConceptFigures `json:"concepts"`
	Samples         []Sample         `json:"-"` // those evaluated, also the ones that could not be read
	Predictions     []Prediction     `json:"-"` // one for each of Samples
}

// Names of headline figures.
const (
	HeadlineAccuracy = "accuracy"
	HeadlineF1       = "f1"
	HeadlineMAP50    = "map50"
)

// Headline returns the first performance figure and its name: accuracy, f1 or map50.
func (e *Evaluation) Headline() (float64, string) {
	switch e.Task {
	case Classification:
		return e.Accuracy, HeadlineAccuracy
	case Tagging:
		return e.F1, HeadlineF1
	}
	return e.MAP50, HeadlineMAP50
}

// DefaultThreshold is the threshold of the decisions where none is given: 0.5, and for boxes, whose scores are lower, 0.3.
func DefaultThreshold(task Task) float64 {
	if task == Detection {
		return 0.3
	}
	return 0.5
}

// matchIoU is the overlap from which a found box counts as the true one.
const matchIoU = 0.5

// Compute works out the figures from samples and what was predicted for each, at the threshold (0 = the task's default). Loss is left at 0.
func Compute(task Task, concepts []ConceptRef, samples []Sample, predictions []Prediction, threshold float64) *Evaluation {
	if threshold == 0 {
		threshold = DefaultThreshold(task)
	}
	e := &Evaluation{Task: task, Threshold: threshold, Samples: samples, Predictions: predictions}
	var good []int
	for i := range predictions {
		if err := predictions[i].Err; err != nil {
			e.Skipped = append(e.Skipped, err.Error())
			continue
		}
		good = append(good, i)
	}
	e.Images = len(good)
	var counts []metrics.Counts
	var ap []float64
	switch task {
	case Classification:
		counts, ap = e.classify(good, len(concepts))
	case Tagging:
		counts, ap = e.tag(good, len(concepts))
	case Detection:
		counts, ap = e.detect(good, len(concepts))
	}
	e.summarise(concepts, counts, ap)
	return e
}

func (e *Evaluation) classify(good []int, classes int) ([]metrics.Counts, []float64) {
	truth, said := make([]int, len(good)), make([]int, len(good))
	right := 0
	for k, i := range good {
		truth[k], said[k] = e.Samples[i].Labels[0], metrics.Argmax(e.Predictions[i].Scores)
		if truth[k] == said[k] {
			right++
		}
	}
	if len(good) > 0 {
		e.Accuracy = float64(right) / float64(len(good))
	}
	e.ConfusionMatrix = metrics.Confusion(truth, said, classes)
	ap := make([]float64, classes)
	for c := range classes {
		scores, is := e.column(good, c)
		ap[c] = metrics.AveragePrecision(scores, is)
	}
	return metrics.FromConfusion(e.ConfusionMatrix), ap
}

func (e *Evaluation) tag(good []int, classes int) ([]metrics.Counts, []float64) {
	counts, ap := make([]metrics.Counts, classes), make([]float64, classes)
	right := 0
	for c := range classes {
		scores, is := e.column(good, c)
		counts[c] = metrics.Decide(scores, is, e.Threshold)
		ap[c] = metrics.AveragePrecision(scores, is)
		right += counts[c].TruePositives + counts[c].TrueNegatives
	}
	if n := len(good) * classes; n > 0 {
		e.Accuracy = float64(right) / float64(n)
	}
	return counts, ap
}

// column returns each sample's score of the concept and whether it truly has it.
func (e *Evaluation) column(good []int, concept int) ([]float64, []bool) {
	scores, is := make([]float64, len(good)), make([]bool, len(good))
	for k, i := range good {
		scores[k] = e.Predictions[i].Scores[concept]
		for _, l := range e.Samples[i].Labels {
			is[k] = is[k] || l == concept
		}
	}
	return scores, is
}

func (e *Evaluation) detect(good []int, classes int) ([]metrics.Counts, []float64) {
	found, truth := make([][]metrics.Box, len(good)), make([][]metrics.Box, len(good))
	for k, i := range good {
		found[k], truth[k] = FoundBoxes(e.Predictions[i]), TrueBoxes(e.Samples[i])
	}
	var ap []float64
	e.MAP50, e.MAP5095, ap = metrics.MeanAveragePrecision(found, truth, classes)
	e.Accuracy = e.MAP50
	var counts []metrics.Counts
	e.ConfusionMatrix, counts = metrics.Match(found, truth, classes, e.Threshold, matchIoU)
	return counts, ap
}

// FoundBoxes are the prediction's boxes as package metrics takes them.
func FoundBoxes(p Prediction) []metrics.Box {
	boxes := make([]metrics.Box, len(p.Boxes))
	for k, b := range p.Boxes {
		boxes[k] = metrics.Box{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax, Class: b.Class, Score: b.Score}
	}
	return boxes
}

// TrueBoxes are the sample's boxes as package metrics takes them.
func TrueBoxes(s Sample) []metrics.Box {
	boxes := make([]metrics.Box, len(s.Boxes))
	for k, b := range s.Boxes {
		boxes[k] = metrics.Box{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax, Class: b.Class}
	}
	return boxes
}

func (e *Evaluation) summarise(concepts []ConceptRef, counts []metrics.Counts, ap []float64) {
	for c, k := range counts {
		e.Concepts = append(e.Concepts, ConceptFigures{
			ID: concepts[c].ID, Concept: concepts[c].Name, Precision: k.Precision(), Recall: k.Recall(), F1: k.F1(), AveragePrecision: ap[c],
			Support: k.Support(), TruePositives: k.TruePositives, FalsePositives: k.FalsePositives, FalseNegatives: k.FalseNegatives,
		})
	}
	n := len(counts)
	seen := func(c int) bool { return counts[c].Seen() }
	e.Precision = metrics.Mean(n, seen, func(c int) float64 { return counts[c].Precision() })
	e.Recall = metrics.Mean(n, seen, func(c int) float64 { return counts[c].Recall() })
	e.F1 = metrics.Mean(n, seen, func(c int) float64 { return counts[c].F1() })
	e.AveragePrecision = metrics.Mean(n, func(c int) bool { return counts[c].Support() > 0 }, func(c int) float64 { return ap[c] })
}
