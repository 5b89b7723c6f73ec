package command

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// judged is called by the training's test on its version, which knows three colours and is seldom wrong.
func judged(t *testing.T, project string) {
	t.Helper()
	e := okJSON[evaluationDoc](t, "evaluate", project, "v1", "--split", "all", "--curves", "20")
	if e.Images != 36 || len(e.Concepts) != 3 || len(e.ConfusionMatrix) != 3 || e.Undecided == nil || *e.Undecided != 0 || e.Loss == nil {
		t.Errorf("%+v", e)
	}
	if e.Headline.Name != "accuracy" || e.Headline.Value != e.Accuracy || !strings.HasSuffix(e.Headline.Words, ", from 36 images") {
		t.Errorf("%+v", e.Headline)
	}
	if i := e.Intervals["accuracy"]; !(i[0] < e.Accuracy && e.Accuracy <= i[1]) {
		t.Errorf("accuracy %v lies from %v", e.Accuracy, i)
	}
	if n := len(e.Concepts[0].Curve); n == 0 || n > 20 || len(e.Calibration.Bins) != 10 {
		t.Errorf("%d points, %d bins", n, len(e.Calibration.Bins))
	}
	strict := okJSON[evaluationDoc](t, "evaluate", project, "v1", "--split", "all", "--threshold", "0.999999", "--concept-threshold", "Blue=0")
	if _, own := strict.ConceptThresholds["blue"]; !own || strict.Threshold != 0.999999 || *strict.Undecided > 0 != (len(strict.ConfusionMatrix) == 4) || !strict.Made.Equal(e.Made) {
		t.Errorf("%d undecided of %+v", *strict.Undecided, strict.ConfusionMatrix)
	}
	if again := okJSON[evaluationDoc](t, "evaluate", project, "v1", "--split", "all", "--again"); again.Made.Equal(e.Made) || math.Abs(again.Accuracy-e.Accuracy) > 1e-9 {
		t.Errorf("again: made %v, accuracy %v", again.Made, again.Accuracy)
	}
	outside := colourFolders(t, 1, 0)
	if folder := okJSON[evaluationDoc](t, "evaluate", project, "v1", "--folder", outside); folder.Images != 3 || !strings.Contains(folder.Split, filepath.Base(outside)) {
		t.Errorf("a folder: %+v", folder)
	}
	if text := ok(t, "evaluate", project, "v1", "--text", "red"); !strings.Contains(text, "annotated \\ predicted") {
		t.Errorf("a filter: %s", text)
	}
	m := okJSON[errorsDoc](t, "mistakes", project, "v1", "--split", "all", "--kind", "uncertain_right", "--limit", "2")
	if len(m.List) != 2 || m.Count < 30 || m.List[0].Annotated != m.List[0].Predicted || m.List[0].ImageID == 0 {
		t.Errorf("%+v", m)
	}
	if likely := okJSON[errorsDoc](t, "mistakes", project, "v1", "--likely-errors", "--split", "all"); !strings.Contains(likely.Method, "colours and textures") || !strings.Contains(likely.Method, "36 annotated images") {
		t.Errorf("%+v", likely)
	}
	if likely := okJSON[errorsDoc](t, "mistakes", project, "v1", "--likely-errors"); !strings.Contains(likely.Method, "12 annotated images") {
		t.Errorf("%+v", likely)
	}
	ok(t, "train", project, "--view", "Colour", "--name", "poor", "--architecture", "small_cnn", "--iterations", "1", "--batch-size", "8", "--set", "resizer=32x32", "--set", "learning_rate=0.000001")
	c := okJSON[compareDoc](t, "compare", project, "v1", "poor", "--split", "all")
	if c.Images != 36 || c.Figures[0].Figure != "Accuracy" || *c.Figures[0].Values[0] <= *c.Figures[0].Values[1] || c.Figures[0].Tests[1].P > 0.05 || len(c.Differ) == 0 {
		t.Errorf("%+v", c)
	}
	if text := ok(t, "compare", project, "v1", "poor"); !strings.Contains(text, "points worse") || !strings.Contains(text, "iterations") {
		t.Errorf("%s", text)
	}
	ok(t, "delete", project, "poor")
	for _, wrong := range [][]string{
		{"evaluate", project, "v1", "--iou", "2"}, {"evaluate", project, "v1", "--concept-threshold", "mauve=0.5"},
		{"evaluate", project, "v1", "--concept-threshold", "red"}, {"evaluate", project, "v1", "--folder", outside, "--split", "val"},
		{"mistakes", project, "v1", "--kind", "odd"}, {"mistakes", project, "v1", "--concept", "mauve"}, {"compare", project, "v1"},
	} {
		if r := call(wrong...); r.code != WrongCall {
			t.Errorf("%v: code %d, %s", wrong[0:1], r.code, r.err)
		}
	}
	if _, err := os.Stat(filepath.Join(outside, "evaluations")); err == nil {
		t.Error("something was written into the folder")
	}
}
