package training

import (
	"context"
	"errors"
	"image"
)

var errSoon = errors.New("to come")

// ErrStopped is what Execute returns when it was asked to stop; the state is kept.
var ErrStopped = errors.New("stopped; its state is kept")

// ErrBusy is what Execute and Launch return when another trainer holds the folder.
var ErrBusy = errors.New("this training is already running")

// ErrInterrupted is what Follow returns when the trainer died without saying why.
var ErrInterrupted = errors.New("the training was interrupted; it can be resumed")

// Execute trains what the folder describes until it is ready, stopped (ErrStopped) or failed. It takes SIGINT, SIGTERM, the end of ctx and
// RequestStop as the wish to stop.
func Execute(ctx context.Context, dir string) error { return errSoon }

// ScoredBox is an object that the network found, in fractions of the picture it was given.
type ScoredBox struct {
	Rect
	Class int     `json:"class"`
	Score float64 `json:"score"`
}

// Prediction is what the network says of one picture.
type Prediction struct {
	Key    string      `json:"key,omitempty"`
	Scores []float64   `json:"scores,omitempty"` // one a concept, 0..1: classification (they add to 1) and tagging
	Boxes  []ScoredBox `json:"boxes,omitempty"`  // detection, most confident first, after non-maximum suppression
	Err    error       `json:"-"`                // PredictSamples: why the sample could not be read
}

// Model is a trained network, ready to predict. It is not for use by several goroutines at once.
type Model struct {
	Run *Run // without its samples
}

// Open loads the folder's run.json and model.safetensors.
func Open(dir string) (*Model, error) { return nil, errSoon }

// Close gives the model's memory back.
func (m *Model) Close() {}

// Predict runs the network on upright pictures.
func (m *Model) Predict(ctx context.Context, pictures []*image.RGBA) ([]Prediction, error) {
	return nil, errSoon
}

// PredictSamples runs the network on samples whose image paths are relative to dir; progress may be nil. A sample that cannot be read has
// its Err set.
func (m *Model) PredictSamples(ctx context.Context, dir string, samples []Sample, progress func(done, total int)) ([]Prediction, error) {
	return nil, errSoon
}

// EvaluateOptions say how to evaluate. The zero value is good.
type EvaluateOptions struct {
	Threshold float64 // of the yes/no decisions; 0 = 0.5
	Progress  func(done, total int)
}

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

// Evaluation are the figures of a model on a set of samples.
type Evaluation struct {
	Task             Task             `json:"task"`
	Images           int              `json:"images"`
	Skipped          []string         `json:"skipped,omitempty"` // samples that could not be read, with the reason
	Threshold        float64          `json:"threshold"`
	Loss             float64          `json:"loss"`
	Accuracy         float64          `json:"accuracy"` // PRODUCT.md's definition for the task
	Precision        float64          `json:"precision"`
	Recall           float64          `json:"recall"`
	F1               float64          `json:"f1"`
	AveragePrecision float64          `json:"average_precision"`
	MAP50            float64          `json:"map50"`
	MAP5095          float64          `json:"map50_95"`
	ConfusionMatrix  [][]int          `json:"confusion_matrix,omitempty"` // [truth][predicted]; detection has one more row and column: nothing there
	Concepts         []ConceptFigures `json:"concepts"`
	Samples          []Sample         `json:"-"` // those evaluated
	Predictions      []Prediction     `json:"-"` // one for each of Samples
}

// Headline returns the first performance figure and its name: accuracy, f1 or map50.
func (e *Evaluation) Headline() (float64, string) { return 0, "" }

// Evaluate runs the folder's model on samples (paths relative to dir).
func Evaluate(ctx context.Context, dir string, samples []Sample, o EvaluateOptions) (*Evaluation, error) {
	return nil, errSoon
}

// Compute recomputes the figures from predictions that are already there, at another threshold.
func Compute(task Task, concepts []ConceptRef, samples []Sample, predictions []Prediction, threshold float64) *Evaluation {
	return nil
}

// PreviewAugmentation shows what the options make of a picture: it resized as for training and then augmented as for the given draw.
func PreviewAugmentation(src *image.RGBA, o Options, draw int) (*image.RGBA, error) {
	return nil, errSoon
}
