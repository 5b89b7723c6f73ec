package training

import (
	"fmt"

	"viewfinder/storage/domain"
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
	Task    domain.Task `json:"task"`
	Images  int         `json:"images"`            // samples that could be read
	Skipped []string    `json:"skipped,omitempty"` // why the others could not
	// Threshold of the decisions. A classification decides for the highest score if it reaches the threshold, by default whatever it is.
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
	// ConfusionMatrix is [truth][predicted], for classification and detection; detection has one more row and column: nothing there, and so has a
	// classification that leaves samples undecided.
	ConfusionMatrix [][]int          `json:"confusion_matrix,omitempty"`
	Concepts        []ConceptFigures `json:"concepts"`
	Samples         []Sample         `json:"-"` // those evaluated, also the ones that could not be read
	Predictions     []Prediction     `json:"-"` // one for each of Samples
}

// Headline returns the first performance figure and its key; see [domain.Task.Headline].
func (e *Evaluation) Headline() (float64, string) {
	key := e.Task.Headline()
	return map[string]float64{domain.HeadlineAccuracy: e.Accuracy, domain.HeadlineF1: e.F1, domain.HeadlineMAP50: e.MAP50}[key], key
}

// Judges reports whether the samples can say how good a network is: one that could be read, for tagging with a concept in one of them, for
// detection with an object. Where there is nothing to find, nothing can be found, and a figure of 0 or 1 is none.
func (e *Evaluation) Judges() bool {
	if e == nil {
		return false
	}
	for i, s := range e.Samples {
		if i < len(e.Predictions) && e.Predictions[i].Err != nil {
			continue
		}
		if len(s.Labels)+len(s.Boxes) > 0 {
			return true
		}
	}
	return false
}

// headline is the first performance figure on the val split; its name is "" where val cannot judge: a figure of train is none of val.
func (r Results) headline() (float64, string) {
	if !r.Val.Judges() {
		return 0, ""
	}
	return r.Val.Headline()
}

// DefaultThreshold is the threshold of the decisions where none is given. A classification has none: it always decides.
func DefaultThreshold(task domain.Task) float64 {
	return metrics.DefaultSettings(task).Threshold
}

// Compute works out the figures from samples and what was predicted for each, at the threshold (0 = the task's default). Loss is left at 0.
func Compute(task domain.Task, concepts []ConceptRef, samples []Sample, predictions []Prediction, threshold float64) (*Evaluation, error) {
	settings := metrics.DefaultSettings(task)
	if threshold != 0 {
		settings.Threshold = threshold
	}
	e := &Evaluation{Task: task, Threshold: settings.Threshold, Samples: samples, Predictions: predictions}
	for i := range predictions {
		if err := predictions[i].Err; err != nil {
			e.Skipped = append(e.Skipped, err.Error())
		}
	}
	in, good := JudgeInput(task, len(concepts), samples, predictions)
	e.Images = len(good)
	judge, err := metrics.NewJudge(in)
	if err != nil {
		return nil, fmt.Errorf("computing the figures: %w", err)
	}
	e.take(judge.Figures(settings), concepts)
	return e, nil
}

// JudgeInput brings samples and what was predicted for them into the form that package metrics judges. Samples that could not be read are left
// out; good are the indices of the others.
func JudgeInput(task domain.Task, concepts int, samples []Sample, predictions []Prediction) (in metrics.Input, good []int) {
	in = metrics.Input{Task: task, Concepts: concepts}
	for i := range predictions {
		if predictions[i].Err != nil {
			continue
		}
		good = append(good, i)
		if task.HasBoxes() {
			in.Found, in.Truth = append(in.Found, predictions[i].Boxes), append(in.Truth, trueBoxes(samples[i]))
			continue
		}
		labels := make([]int32, len(samples[i].Labels))
		for k, l := range samples[i].Labels {
			labels[k] = int32(l)
		}
		in.Labels = append(in.Labels, labels)
		for _, s := range predictions[i].Scores {
			in.Scores = append(in.Scores, float32(s))
		}
	}
	return in, good
}

func trueBoxes(s Sample) []domain.ScoredBox {
	boxes := make([]domain.ScoredBox, len(s.Boxes))
	for k, b := range s.Boxes {
		boxes[k] = domain.ScoredBox{Box: b.Box, Class: b.Class}
	}
	return boxes
}

// take copies the figures.
func (e *Evaluation) take(f *metrics.Figures, concepts []ConceptRef) {
	e.Accuracy, e.MAP50, e.MAP5095 = f.Accuracy.Value, f.MAP50, f.MAP5095
	if e.Task.HasBoxes() {
		e.Accuracy = f.MAP50
	}
	e.Precision, e.Recall, e.F1, e.AveragePrecision = f.Macro.Precision, f.Macro.Recall, f.Macro.F1, f.Macro.AveragePrecision
	e.ConfusionMatrix = f.Matrix
	if e.Task.ExactlyOne() && f.Decided == f.Samples { // nothing is undecided
		e.ConfusionMatrix = f.Matrix[:len(concepts)]
		for i, row := range e.ConfusionMatrix {
			e.ConfusionMatrix[i] = row[:len(concepts)]
		}
	}
	for c, k := range f.Concepts {
		e.Concepts = append(e.Concepts, ConceptFigures{
			ID: concepts[c].ID, Concept: concepts[c].Name, Precision: k.Precision.Value, Recall: k.Recall.Value, F1: k.F1,
			AveragePrecision: k.AveragePrecision, Support: k.Support(), TruePositives: k.TruePositives, FalsePositives: k.FalsePositives,
			FalseNegatives: k.FalseNegatives,
		})
	}
}
