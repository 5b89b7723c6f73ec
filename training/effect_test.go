package training

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
)

// TestEveryOptionDoesSomething trains a few iterations with each option changed: whatever is not about threads, device or time must lead to
// other weights.
func TestEveryOptionDoesSomething(t *testing.T) {
	if testing.Short() {
		t.Skip("trains two dozen networks")
	}
	short := func(o *Options) { o.Iterations, o.MetricsInterval = 8, IntervalEvery }
	train := func(t *testing.T, task Task, change func(*Options)) (string, string) {
		dir := newRun(t, task, set(func(o *Options) {
			short(o)
			o.Keep = KeepLast
			change(o)
		}))
		if err := Execute(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		file, err := checkpoint.ReadFile(filepath.Join(dir, ModelFile))
		if err != nil {
			t.Fatal(err)
		}
		return dir, file.Metadata["sha256"]
	}
	base, want := train(t, Classification, func(*Options) {})
	tagged, wantTagged := train(t, Tagging, func(*Options) {})
	for _, c := range []struct {
		option string
		task   Task
		change func(*Options)
		same   bool
	}{
		{"iterations", Classification, func(o *Options) { o.Iterations = 9 }, false},
		{"batch_size", Classification, func(o *Options) { o.BatchSize = 5 }, false},
		{"batch_size", Classification, func(o *Options) { o.BatchSize = 40 }, false}, // more than there are images
		{"architecture", Classification, func(o *Options) { o.Architecture = "mobilenet_v2_035" }, false},
		{"seed", Classification, func(o *Options) { o.Seed = 1 }, false},
		{"optimizer", Classification, func(o *Options) { o.Optimizer = "nesterov" }, false},
		{"optimizer", Classification, func(o *Options) { o.Optimizer = "adam" }, false},
		{"optimizer", Classification, func(o *Options) { o.Optimizer = "adamw" }, false},
		{"learning_rate", Classification, func(o *Options) { o.LearningRate = 0.04 }, false},
		{"momentum", Classification, func(o *Options) { o.Momentum = 0 }, false},
		{"weight_decay", Classification, func(o *Options) { o.WeightDecay = 0 }, false},
		{"decay_norm_bias", Classification, func(o *Options) { o.DecayNormBias = false }, false},
		{"clip_norm", Classification, func(o *Options) { o.ClipNorm = 0.1 }, false},
		{"label_smoothing", Classification, func(o *Options) { o.LabelSmoothing = 0.1 }, false},
		{"dropout", Classification, func(o *Options) { o.Dropout = 0.5 }, false},
		{"ema", Classification, func(o *Options) { o.EMA = 0.9 }, false},
		{"schedule", Classification, func(o *Options) { o.Schedule = "constant" }, false},
		{"schedule", Classification, func(o *Options) { o.Schedule = "step" }, false},
		{"schedule", Classification, func(o *Options) { o.Schedule = "one_cycle" }, false},
		{"warmup", Classification, func(o *Options) { o.Warmup = 4 }, false},
		{"resizer", Classification, func(o *Options) { o.Resizer = "48x32" }, false},
		{"resizer", Classification, func(o *Options) { o.Resizer = "48x32:pad" }, false},
		{"augment", Classification, func(o *Options) { o.Augment = nil }, false},
		{"augment", Classification, func(o *Options) { o.Augment = data.Augmentations }, false},
		{"balance", Tagging, func(o *Options) { o.Balance = BalanceWeighted }, false},
		{"balance", Tagging, func(o *Options) { o.Balance = BalanceSampling }, false},
		{"weights", Classification, func(o *Options) { o.Weights = base }, false},
		{"weights", Classification, func(o *Options) { o.Weights = filepath.Join(tagged, ModelFile) }, false},
		{"freeze", Classification, func(o *Options) { o.Weights, o.Freeze = base, true }, false},
		{"device", Classification, func(o *Options) { o.Device = "cpu" }, true},
		{"threads", Classification, func(o *Options) { o.Threads = 1 }, true},
		{"metrics_interval", Classification, func(o *Options) { o.MetricsInterval = IntervalAuto }, true},
	} {
		t.Run(c.option, func(t *testing.T) {
			_, got := train(t, c.task, c.change)
			from := want
			if c.task == Tagging {
				from = wantTagged
			}
			if (got == from) != c.same {
				t.Errorf("the weights are the same: %v", got == from)
			}
		})
	}
}

func TestFrozenBackboneKeepsItsWeights(t *testing.T) {
	base := newRun(t, Classification, set(func(o *Options) { o.Iterations = 5 }))
	if err := Execute(context.Background(), base); err != nil {
		t.Fatal(err)
	}
	dir := newRun(t, Classification, set(func(o *Options) { o.Iterations, o.Weights, o.Freeze, o.Keep = 5, base, true, KeepLast }))
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	before, after := readTensors(t, base), readTensors(t, dir)
	for name := range before {
		same := slices.Equal(before[name].Data, after[name].Data)
		if head := strings.HasPrefix(name, "classifier."); same == head {
			t.Errorf("%s: unchanged: %v", name, same)
		}
	}
}

func readTensors(t *testing.T, dir string) map[string]checkpoint.Tensor {
	t.Helper()
	f, err := checkpoint.ReadFile(filepath.Join(dir, ModelFile))
	if err != nil {
		t.Fatal(err)
	}
	return f.Tensors
}

func TestWeightsOfOtherConceptsAreTakenButForTheHead(t *testing.T) {
	base := newRun(t, Classification, set(func(o *Options) { o.Iterations = 2 }))
	if err := Execute(context.Background(), base); err != nil {
		t.Fatal(err)
	}
	dir := newRun(t, Classification, func(r *Run) {
		r.Options.Iterations, r.Options.Weights = 2, base
		r.Concepts = append(r.Concepts, ConceptRef{ID: "4", Name: "white"})
	})
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	h, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, m := range h.Messages {
		if m.Name == NameWeights {
			said = m.Message
		}
	}
	if !strings.Contains(said, "Not taken, and so from scratch: classifier.bias, classifier.weight") {
		t.Errorf("said %q", said)
	}
	if s := h.State; len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "white") {
		t.Errorf("warnings %q", s.Warnings)
	}
}

func TestEarlyStoppingEndsTheTraining(t *testing.T) {
	dir := newRun(t, Classification, set(func(o *Options) { o.Iterations, o.LearningRate, o.EarlyStopping = 50, 1e-9, 2 }))
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s := mustInspect(t, dir)
	if s.Status != StatusReady || s.Iteration >= 50 || s.Iteration < 15 {
		t.Errorf("%+v", s)
	}
}

func TestInverseWeights(t *testing.T) {
	w := inverseWeights([]float64{30, 10, 20}, Classification)
	if mean := (30*w[0] + 10*w[1] + 20*w[2]) / 60; mean < 0.999 || mean > 1.001 || w[1] != 3*w[0] {
		t.Errorf("classification: %v, mean %v", w, mean)
	}
	w = inverseWeights([]float64{30, 10, 0}, Tagging)
	if mean := (w[0] + w[1] + w[2]) / 3; mean < 0.999 || mean > 1.001 || w[1]/w[0] < 2.999 || w[1]/w[0] > 3.001 {
		t.Errorf("tagging: %v, mean %v", w, mean)
	}
}
