package training

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/machine"
)

func TestATrainingFromBeginningToEnd(t *testing.T) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		t.Run(string(task), func(t *testing.T) {
			dir := newRun(t, task, set(func(o *Options) {
				if task.HasBoxes() {
					o.Resizer = "64x64:pad"
				}
			}))
			if s := mustInspect(t, dir); s.Status != domain.StatusQueued || s.Alive {
				t.Errorf("before: %+v", s)
			}
			if err := Execute(context.Background(), dir); err != nil {
				t.Fatal(err)
			}
			s := mustInspect(t, dir)
			if s.Status != domain.StatusReady || s.Alive || s.Iteration != 20 || s.Iterations != 20 || s.Error != "" || s.Device == "" || s.EndedAt.Before(s.StartedAt) {
				t.Errorf("state %+v", s)
			}
			for i, step := range s.Steps {
				if step.Name != Steps[i] || step.State != StateDone || step.Progress != 1 {
					t.Errorf("step %+v", step)
				}
			}
			h, err := ReadHistory(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, curve := range Curves[2:] {
				if got := iterations(h.Points[curve.Key]); !reflect.DeepEqual(got, MetricIterations(20, IntervalAuto)) {
					t.Errorf("%s at %v", curve.Key, got)
				}
			}
			for _, curve := range Curves[:2] {
				if got := iterations(h.Points[curve.Key]); len(got) < 10 || got[0] != 1 || got[len(got)-1] != 20 {
					t.Errorf("%s at %v", curve.Key, got)
				}
			}
			checkResults(t, dir, s)
			if err := Execute(context.Background(), dir); !errors.Is(err, ErrReady) {
				t.Errorf("once more: %v", err)
			}
			if err := Launch(dir); !errors.Is(err, ErrReady) {
				t.Errorf("launched once more: %v", err)
			}
		})
	}
}

func iterations(points []Point) []int {
	var all []int
	for _, p := range points {
		all = append(all, p.Iteration)
	}
	return all
}

// checkResults holds evaluation.json, the state and a new evaluation against each other.
func checkResults(t *testing.T, dir string, s State) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, EvaluationFile))
	if err != nil {
		t.Fatal(err)
	}
	var r Results
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if r.Iteration != s.BestIteration || r.Val.Images != 6 || r.Train.Images != 18 {
		t.Errorf("results of iteration %d on %d and %d images; state %+v", r.Iteration, r.Train.Images, r.Val.Images, s)
	}
	headline, name := r.Val.Headline()
	if headline != s.Headline || name != s.HeadlineName {
		t.Errorf("headline %v %s, state %v %s", headline, name, s.Headline, s.HeadlineName)
	}
	run, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	var val []Sample
	for _, s := range run.Samples {
		if s.Split == SplitVal {
			val = append(val, s)
		}
	}
	e, err := Evaluate(context.Background(), dir, val, EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(e.Accuracy-r.Val.Accuracy) > 1e-9 || math.Abs(e.Loss-r.Val.Loss) > 1e-6*max(1, r.Val.Loss) || len(e.Concepts) != 3 {
		t.Errorf("evaluated again: accuracy %v, loss %v; before %v, %v", e.Accuracy, e.Loss, r.Val.Accuracy, r.Val.Loss)
	}
	for i, p := range e.Predictions {
		if p.Key != val[i].Key || p.Err != nil {
			t.Errorf("prediction %d: %+v", i, p)
		}
	}
	file, err := checkpoint.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil || file.Metadata["architecture"] != "small_cnn" || file.Metadata["task"] != string(run.Task) || file.Metadata["concepts"] != `["red","green","blue"]` {
		t.Errorf("model's metadata %v, %v", file.Metadata, err)
	}
}

func TestTheSameSeedGivesTheSameWeightsOnAnyNumberOfThreads(t *testing.T) {
	var want string
	for _, threads := range []int{1, 2, 3} {
		dir := newRun(t, domain.Classification, set(func(o *Options) { o.Threads = threads }))
		if err := Execute(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		if got := readModel(t, dir); want == "" {
			want = got
		} else if got != want {
			t.Errorf("%d threads: other weights", threads)
		}
	}
}

func TestMissingAndChangedImages(t *testing.T) {
	dir := newRun(t, domain.Classification, func(r *Run) {
		r.Samples[2].SHA256 = strings.Repeat("0", 64)
	})
	images := filepath.Join(dir, "..", "images")
	if err := os.Remove(filepath.Join(images, "000.png")); err != nil {
		t.Fatal(err)
	}
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s := mustInspect(t, dir)
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "000.png") || !strings.Contains(s.Warnings[0], "002.png") || !strings.HasPrefix(s.Warnings[0], "2 of 18 train images") {
		t.Errorf("warnings %q", s.Warnings)
	}
	if s.Status != domain.StatusReady {
		t.Errorf("status %s", s.Status)
	}
}

// unraced leaves a test to the run without the race detector: what it does besides training as other tests do, one goroutine does.
func unraced(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs without the race detector")
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name   string
		task   domain.Task
		change func(*Run)
		break_ func(t *testing.T, dir string)
		want   string
	}{
		{"no image left", domain.Classification, nil, func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "..", "images")); err != nil {
				t.Fatal(err)
			}
		}, "None of the 18 training images can be read"},
		{"nothing in train", domain.Classification, func(r *Run) {
			for i := range r.Samples {
				r.Samples[i].Split = SplitVal
			}
		}, nil, "no annotated image is in the train split"},
		{"no boxes", domain.Detection, func(r *Run) {
			for i := range r.Samples {
				r.Samples[i].Boxes = nil
			}
		}, nil, "no training image has a box"},
		{"divergence", domain.Classification, set(func(o *Options) {
			o.LearningRate, o.Momentum, o.Warmup, o.Schedule, o.Iterations = 100, 0.9999, 0, "constant", 400
			o.WeightDecay = 10
		}), func(t *testing.T, _ string) { unraced(t) }, "Train again with a lower learning rate"},
		{"batch too large", domain.Classification, set(func(o *Options) { o.BatchSize, o.Resizer = 4096, "2048x2048" }), func(t *testing.T, dir string) {
			if machine.ReadMemory().Available == 0 {
				t.Skip("the free memory is not known here")
			}
		}, "lower the batch size"},
		{"weights missing", domain.Classification, set(func(o *Options) { o.Weights = "../gone" }), nil, "The initial weights ../gone are missing"},
		{"broken run.json", domain.Classification, nil, func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, RunFile), []byte(`{"format":1,`), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "JSON cannot be read"},
		{"newer run.json", domain.Classification, nil, func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, RunFile), []byte(`{"format":99}`), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "newer version of Viewfinder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := newRun(t, c.task, c.change)
			if c.break_ != nil {
				c.break_(t, dir)
			}
			err := Execute(context.Background(), dir)
			s := mustInspect(t, dir)
			if err == nil || s.Status != domain.StatusFailed || !strings.Contains(s.Error, c.want) {
				t.Errorf("error %v; state %s: %q, want %q", err, s.Status, s.Error, c.want)
			}
		})
	}
}

func TestNoVal(t *testing.T) {
	dir := newRun(t, domain.Tagging, func(r *Run) {
		for i := range r.Samples {
			r.Samples[i].Split = SplitTrain
		}
	})
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s := mustInspect(t, dir)
	h, _ := ReadHistory(dir)
	if s.Status != domain.StatusReady || s.BestIteration != 20 || len(s.Warnings) != 1 || len(h.Points[CurveValLoss]) != 0 || len(h.Points[CurveTrainLoss]) != 10 {
		t.Errorf("%+v", s)
	}
}
