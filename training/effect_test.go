package training

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// TestEveryOptionDoesSomething trains a few iterations with each option changed: whatever is not about threads, device or time must lead to
// other weights.
func TestEveryOptionDoesSomething(t *testing.T) {
	if testing.Short() {
		t.Skip("trains four dozen networks")
	}
	short := func(o *Options) { o.Iterations, o.MetricsInterval = 8, IntervalEvery }
	train := func(t *testing.T, task domain.Task, change func(*Options)) (string, string) {
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
	base, want := train(t, domain.Classification, func(*Options) {})
	tagged, wantTagged := train(t, domain.Tagging, func(*Options) {})
	_, wantBoxes := train(t, domain.Detection, func(*Options) {})
	wants := map[domain.Task]string{domain.Classification: want, domain.Tagging: wantTagged, domain.Detection: wantBoxes}
	cases := []effect{
		{"iterations", domain.Classification, func(o *Options) { o.Iterations = 9 }, false},
		{"batch_size", domain.Classification, func(o *Options) { o.BatchSize = 5 }, false},
		{"batch_size", domain.Classification, func(o *Options) { o.BatchSize = 40 }, false}, // more than there are images
		{"architecture", domain.Classification, func(o *Options) { o.Architecture = "mobilenet_v2_035" }, false},
		{"seed", domain.Classification, func(o *Options) { o.Seed = 1 }, false},
		{"optimizer", domain.Classification, func(o *Options) { o.Optimizer = "nesterov" }, false},
		{"optimizer", domain.Classification, func(o *Options) { o.Optimizer = "adam" }, false},
		{"optimizer", domain.Classification, func(o *Options) { o.Optimizer = "adamw" }, false},
		{"learning_rate", domain.Classification, func(o *Options) { o.LearningRate = 0.04 }, false},
		{"momentum", domain.Classification, func(o *Options) { o.Momentum = 0 }, false},
		{"weight_decay", domain.Classification, func(o *Options) { o.WeightDecay = 0 }, false},
		{"decay_norm_bias", domain.Classification, func(o *Options) { o.DecayNormBias = false }, false},
		{"clip_norm", domain.Classification, func(o *Options) { o.ClipNorm = 0.1 }, false},
		{"label_smoothing", domain.Classification, func(o *Options) { o.LabelSmoothing = 0.1 }, false},
		{"dropout", domain.Classification, func(o *Options) { o.Dropout = 0.5 }, false},
		{"ema", domain.Classification, func(o *Options) { o.EMA = 0.9 }, false},
		{"schedule", domain.Classification, func(o *Options) { o.Schedule = "constant" }, false},
		{"schedule", domain.Classification, func(o *Options) { o.Schedule = "step" }, false},
		{"schedule", domain.Classification, func(o *Options) { o.Schedule = "one_cycle" }, false},
		{"warmup", domain.Classification, func(o *Options) { o.Warmup = 4 }, false},
		{"resizer", domain.Classification, func(o *Options) { o.Resizer = "48x32" }, false},
		{"resizer", domain.Classification, func(o *Options) { o.Resizer = "48x32:pad" }, false},
		{"augment", domain.Classification, func(o *Options) { o.Augment = nil }, false},
		{"augment", domain.Classification, func(o *Options) { o.Augment = data.Augmentations }, false},
		{"balance", domain.Tagging, func(o *Options) { o.Balance = BalanceWeighted }, false},
		{"balance", domain.Tagging, func(o *Options) { o.Balance = BalanceSampling }, false},
		{"weights", domain.Classification, func(o *Options) { o.Weights = base }, false},
		{"weights", domain.Classification, func(o *Options) { o.Weights = filepath.Join(tagged, ModelFile) }, false},
		{"learn", domain.Classification, func(o *Options) { o.Weights, o.Learn = base, LearnHead }, false},
		{"pooling", domain.Classification, func(o *Options) { o.Architecture, o.Pooling = "mobilenet_v2_035", nn.PoolingStatistics }, false},
		{"freeze", domain.Classification, func(o *Options) { o.Weights, o.Freeze = base, true }, false},
		{"device", domain.Classification, func(o *Options) { o.Device = "cpu" }, true},
		{"threads", domain.Classification, func(o *Options) { o.Threads = 1 }, true},
		{"metrics_interval", domain.Classification, func(o *Options) { o.MetricsInterval = IntervalAuto }, true},
		{"early_stopping", domain.Classification, func(o *Options) { o.EarlyStopping = 50 }, true}, // see TestEarlyStoppingEndsTheTraining
		{"keep", domain.Classification, func(o *Options) { o.Keep = KeepBest }, true},              // the best is the last here; see TestUseWeights
		{"batch_size", domain.Detection, func(o *Options) { o.BatchSize = 3 }, false},
		{"architecture", domain.Detection, func(o *Options) { o.Architecture = "mobilenet_v2_035" }, false},
		{"optimizer", domain.Detection, func(o *Options) { o.Optimizer = "sgd" }, false},
		{"learning_rate", domain.Detection, func(o *Options) { o.LearningRate *= 2 }, false},
		{"weight_decay", domain.Detection, func(o *Options) { o.WeightDecay = 0.1 }, false},
		{"ema", domain.Detection, func(o *Options) { o.EMA = 0.9 }, false},
		{"schedule", domain.Detection, func(o *Options) { o.Schedule = "constant" }, false},
		{"resizer", domain.Detection, func(o *Options) { o.Resizer = "64x96" }, false},
		{"augment", domain.Detection, func(o *Options) { o.Augment = nil }, false},
		{"balance", domain.Detection, func(o *Options) { o.Balance = BalanceWeighted }, false},
		{"balance", domain.Detection, func(o *Options) { o.Balance = BalanceSampling }, false},
	}
	for _, one := range data.Augmentations {
		change := func(o *Options) { o.Augment = []string{one} }
		if one == data.FlipHorizontal { // the default
			change = func(o *Options) { o.Augment = []string{} }
		}
		cases = append(cases, effect{"augment", domain.Classification, change, false}, effect{"augment", domain.Detection, change, false})
	}
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.option] = true
		t.Run(string(c.task)+"/"+c.option, func(t *testing.T) {
			if _, got := train(t, c.task, c.change); (got == wants[c.task]) != c.same {
				t.Errorf("the weights are the same: %v", !c.same)
			}
		})
	}
	for _, name := range optionNames() {
		if !seen[name] {
			t.Errorf("no case changes %s", name)
		}
	}

	// What is reported to have no effect beside the others has none.
	for _, c := range []struct {
		option string
		beside func(*Options)
		change func(*Options)
	}{
		{"momentum", func(o *Options) { o.Optimizer = "adam" }, func(o *Options) { o.Momentum = 0.1 }},
		{"momentum", func(o *Options) { o.Optimizer = "adamw" }, func(o *Options) { o.Momentum = 0.1 }},
		{"decay_norm_bias", func(o *Options) { o.WeightDecay = 0 }, func(o *Options) { o.DecayNormBias = !o.DecayNormBias }},
		{"warmup", func(o *Options) { o.Schedule = "one_cycle" }, func(o *Options) { o.Warmup = 5 }},
	} {
		t.Run("idle/"+c.option, func(t *testing.T) {
			o := DefaultOptions(domain.Classification, "")
			if c.beside(&o); o.Idle(domain.Classification)[c.option] == "" {
				t.Error("it isn't reported to have no effect")
			}
			_, without := train(t, domain.Classification, c.beside)
			_, with := train(t, domain.Classification, func(o *Options) { c.beside(o); c.change(o) })
			if with != without {
				t.Error("it has an effect")
			}
		})
	}
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		for name := range DefaultOptions(task, "").Idle(task) {
			o := DefaultOptions(task, "")
			if err := o.Set(name, "0.1"); err != nil || o.Validate(task) == nil && name != "momentum" {
				t.Errorf("%s of %s is reported to have no effect, and taken: %v", name, task, err)
			}
		}
	}
}

// effect is an option that is changed from its default, and whether the weights stay the same.
type effect struct {
	option string
	task   domain.Task
	change func(*Options)
	same   bool
}

func TestFrozenBackboneKeepsItsWeights(t *testing.T) {
	unraced(t)
	base := newRun(t, domain.Classification, set(func(o *Options) { o.Iterations = 5 }))
	if err := Execute(context.Background(), base); err != nil {
		t.Fatal(err)
	}
	dir := newRun(t, domain.Classification, set(func(o *Options) { o.Iterations, o.Weights, o.Freeze, o.Keep = 5, base, true, KeepLast }))
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
	unraced(t)
	base := newRun(t, domain.Classification, set(func(o *Options) { o.Iterations = 2 }))
	if err := Execute(context.Background(), base); err != nil {
		t.Fatal(err)
	}
	dir := newRun(t, domain.Classification, func(r *Run) {
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
	message := ""
	for _, m := range h.Messages {
		if m.Name == NameWeights {
			message = m.Message
		}
	}
	if !strings.Contains(message, "Not loaded, so initialised from scratch: classifier.bias, classifier.weight") {
		t.Errorf("the message is %q", message)
	}
	if s := h.State; len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "white") {
		t.Errorf("warnings %q", s.Warnings)
	}
}

func TestEarlyStoppingEndsTheTraining(t *testing.T) {
	dir := newRun(t, domain.Classification, set(func(o *Options) { o.Iterations, o.LearningRate, o.EarlyStopping = 50, 1e-9, 2 }))
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s := mustInspect(t, dir)
	if s.Status != domain.StatusReady || s.Iteration >= 50 || s.Iteration < 15 {
		t.Errorf("%+v", s)
	}
}

func TestClassWeights(t *testing.T) {
	w := classWeightsOf([]float64{30, 10, 20}, 60, domain.Classification)
	if mean := (30*w[0] + 10*w[1] + 20*w[2]) / 60; mean < 0.999 || mean > 1.001 || w[1] != 3*w[0] {
		t.Errorf("classification: %v, mean %v", w, mean)
	}
	// negatives over positives; a concept of no sample, and one of all
	if w := classWeightsOf([]float64{30, 10, 0, 60}, 60, domain.Tagging); !slices.Equal(w, []float32{1, 5, 60, 1.0 / 60}) {
		t.Errorf("tagging: %v", w)
	}
	w = classWeightsOf([]float64{30, 10, 0}, 60, domain.Detection)
	if mean := (w[0] + w[1] + w[2]) / 3; mean < 0.999 || mean > 1.001 || w[1]/w[0] < 2.999 || w[1]/w[0] > 3.001 {
		t.Errorf("detection: %v, mean %v", w, mean)
	}
}
