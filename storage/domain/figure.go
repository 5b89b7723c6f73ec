package domain

import "strings"

// The keys of the figures that a task's result is headed by. They stand in run folders, evaluations and the commands' JSON.
const (
	HeadlineAccuracy = "accuracy" // share of right predictions
	HeadlineF1       = "f1"       // mean over the concepts
	HeadlineMAP50    = "map50"    // mAP at an overlap of 0.5
)

// Headline is the key of the figure that a result of the task is headed by.
func (t Task) Headline() string {
	switch t {
	case Classification:
		return HeadlineAccuracy
	case Tagging:
		return HeadlineF1
	}
	return HeadlineMAP50
}

// AccuracyTitle is what the accuracy curves of the task show.
func (t Task) AccuracyTitle() string {
	if t == Detection {
		return FigureTitle(HeadlineMAP50)
	}
	return "Accuracy"
}

// FigureTitle is what people call the figure of a key, in the middle of a sentence: "accuracy", "mAP@0.5:0.95".
func FigureTitle(key string) string {
	switch key {
	case HeadlineF1:
		return "F1"
	case HeadlineMAP50:
		return "mAP@0.5"
	case "map50_95":
		return "mAP@0.5:0.95"
	}
	return strings.ReplaceAll(key, "_", " ")
}
