package training

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The keys stand in files and the names are those of the product's rules: neither changes by accident, and each is there once.
func TestCurves(t *testing.T) {
	want := [][2]string{
		{"loss/batch", "Total loss (batch)"}, {"learning_rate", "Learning rate"}, {"loss/train", "Total loss (train set)"}, {"loss/val", "Total loss (val set)"},
		{"accuracy/train", "Accuracy (train set)"}, {"accuracy/val", "Accuracy (val set)"},
	}
	if len(Curves) != len(want) {
		t.Fatalf("%d curves, want %d", len(Curves), len(want))
	}
	for i, c := range Curves {
		if got := [2]string{c.Key, c.Name}; got != want[i] {
			t.Errorf("curve %d is %q, want %q", i, got, want[i])
		}
	}
}

// A run that began before curves had keys is read, followed and gone on with: its curves continue under their keys.
func TestEventsOfBeforeKeys(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "events-before-keys.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, EventsFile), old, 0o644); err != nil {
		t.Fatal(err)
	}
	h, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]Point{
		CurveBatchLoss: {{1, 1.1}, {10, 0.5}}, CurveLearningRate: {{1, 0.01}, {10, 0.05}}, CurveTrainLoss: {{10, 0.4}}, CurveValLoss: {{10, 0.6}},
		CurveTrainAccuracy: {{10, 0.9}}, CurveValAccuracy: {{10, 0.8}},
	}
	if !reflect.DeepEqual(h.Points, want) {
		t.Errorf("points %v, want %v", h.Points, want)
	}
	if s := h.State; s.BestIteration != 10 || s.Headline != 0.8 || s.ImagesPerSecond != 121 || s.ValImages != 5 {
		t.Errorf("%+v", s)
	}
	all, err := ReadEvents(dir)
	if err != nil || len(all) != 5 || all[3].Values[CurveBatchLoss] != 0.5 || len(all[3].Values) != 4 {
		t.Errorf("%v, %v", all, err)
	}

	j, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	j.now = func() time.Time { return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) }
	j.add(Event{Kind: KindStarted, Iteration: 10}, false)
	j.add(Event{Kind: KindBatch, Iteration: 11, Iterations: 20, Values: map[string]float64{CurveBatchLoss: 0.45, CurveLearningRate: 0.04}}, false)
	j.close()
	if h, err = ReadHistory(dir); err != nil {
		t.Fatal(err)
	}
	if got, want := h.Points[CurveBatchLoss], []Point{{1, 1.1}, {10, 0.5}, {11, 0.45}}; !reflect.DeepEqual(got, want) {
		t.Errorf("after a resume: %v, want %v", got, want)
	}
	now, err := os.ReadFile(filepath.Join(dir, EventsFile))
	if err != nil {
		t.Fatal(err)
	}
	if added := strings.TrimPrefix(string(now), string(old)); !strings.Contains(added, `"loss/batch":0.45`) || strings.Contains(added, "Total loss") {
		t.Errorf("added %s", added)
	}
}
