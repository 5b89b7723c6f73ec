package domain

import "testing"

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		task                            Task
		headline, title, accuracyCurves string
	}{
		{Classification, "accuracy", "accuracy", "Accuracy"},
		{Tagging, "f1", "F1", "Accuracy"},
		{Detection, "map50", "mAP@0.5", "mAP@0.5"},
	} {
		if key := c.task.Headline(); key != c.headline || FigureTitle(key) != c.title || c.task.AccuracyTitle() != c.accuracyCurves {
			t.Errorf("%s: headed by %s (%s), accuracy curves %s", c.task, key, FigureTitle(key), c.task.AccuracyTitle())
		}
	}
	for key, want := range map[string]string{"map50_95": "mAP@0.5:0.95", "average_precision": "average precision", "": ""} {
		if got := FigureTitle(key); got != want {
			t.Errorf("%q is called %q", key, got)
		}
	}
}
