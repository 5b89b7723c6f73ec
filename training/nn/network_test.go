package nn

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func TestArchitectures(t *testing.T) {
	// Counts of torchvision's models (and of nets.py's small_cnn) by PyTorch.
	counts := map[string][2]int{ // classes, parameters
		"small_cnn":        {5, 390_181},
		"mobilenet_v2_035": {1000, 1_677_128},
		"mobilenet_v2_050": {1000, 1_968_680},
		"mobilenet_v2_100": {1000, 3_504_872},
		"resnet18":         {1000, 11_689_512},
	}
	for _, a := range Architectures() {
		want, ok := counts[a.Name]
		if !ok {
			t.Errorf("no count for %s", a.Name)
			continue
		}
		if n := a.Parameters(want[0]); n != want[1] {
			t.Errorf("%s has %d parameters for %d classes, PyTorch's %d", a.Name, n, want[0], want[1])
		}
		if a.Title == "" || a.Description == "" || a.DefaultSize == 0 || a.DefaultBatchSize == 0 || a.DefaultLearningRate == 0 {
			t.Errorf("%s is not described: %+v", a.Name, a)
		}
	}
	if _, err := Lookup("resnet99"); !errors.Is(err, ErrUnknownArchitecture) || !strings.Contains(err.Error(), "small_cnn") {
		t.Error(err)
	}
}

// The names must be those of the state dicts that the fixtures were made from.
func TestNamesAreTorchvisions(t *testing.T) {
	for _, name := range []string{"small_cnn", "mobilenet_v2_035", "resnet18"} {
		var f fixture
		readJSON(t, parityFile(name), &f)
		n, err := New(Spec{Architecture: name, Task: domain.Classification, Classes: f.Classes, Height: 32, Width: 32}, 1)
		if err != nil {
			t.Fatal(err)
		}
		floats := 0
		for _, s := range n.State() {
			if s.Integer {
				if !strings.HasSuffix(s.Name, "num_batches_tracked") || len(s.Shape) != 0 {
					t.Errorf("%+v", s)
				}
				continue
			}
			floats++
			if _, ok := f.After[s.Name]; !ok {
				t.Errorf("%s is not in PyTorch's %s", s.Name, name)
			}
		}
		if floats != len(f.After) {
			t.Errorf("%d tensors, PyTorch's %s has %d", floats, name, len(f.After))
		}
	}
}

func TestSpecRefuses(t *testing.T) {
	good := Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}
	for name, change := range map[string]func(*Spec){
		"architecture": func(s *Spec) { s.Architecture = "vgg" },
		"task":         func(s *Spec) { s.Task = "sorting" },
		"no classes":   func(s *Spec) { s.Classes = 0 },
		"one class":    func(s *Spec) { s.Classes = 1 },
		"many classes": func(s *Spec) { s.Classes = MaxClasses + 1 },
		"flat":         func(s *Spec) { s.Height = 0 },
		"huge":         func(s *Spec) { s.Width = MaxSide + 1 },
		"off the grid": func(s *Spec) { s.Task, s.Width = domain.Detection, 40 },
		"stride":       func(s *Spec) { s.Task, s.Stride = domain.Detection, 5 },
	} {
		s := good
		change(&s)
		if _, err := New(s, 1); !errors.Is(err, ErrSpec) && !errors.Is(err, ErrUnknownArchitecture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	n, err := New(good, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]TrainerOptions{
		"no batch": {}, "huge batch": {Batch: MaxBatch + 1}, "weights": {Batch: 1, ClassWeights: []float32{1}},
		"negative weight": {Batch: 1, ClassWeights: []float32{1, -1, 1}}, "smoothing": {Batch: 1, LabelSmoothing: 1},
		"dropout": {Batch: 1, Dropout: 1.5}, "decay": {Batch: 1, WeightDecay: -1}, "optimizer": {Batch: 1, Optimizer: "best"},
		"momentum": {Batch: 1, Momentum: math.NaN()}, "plan": {Batch: 1, Plan: "plan=99 x"}, "plan's forms": {Batch: 1, Plan: "plan=1 kernels=" + plan0() + " a=b"},
	} {
		if _, err := n.Trainer(o); !errors.Is(err, ErrSpec) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := n.Predictor(0, 1); !errors.Is(err, ErrSpec) {
		t.Error(err)
	}
}

func plan0() string {
	return hostDevice().Variant()
}

// The initial values follow from the seed, and are spread as PyTorch's.
func TestInitialValues(t *testing.T) {
	spec := Spec{Architecture: "resnet18", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}
	first, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := New(spec, 1)
	other, _ := New(spec, 2)
	if !slices.Equal(first.flat, again.flat) || slices.Equal(first.flat, other.flat) {
		t.Error("the seed does not decide the initial values")
	}
	deviation := func(n *Network, name string) float64 {
		data := n.byName[name].data
		return norm(data) / math.Sqrt(float64(len(data)))
	}
	// kaiming_normal_ by fan_out: sqrt(2 / (512 * 9)); Linear: uniform within 1/sqrt(512).
	for name, want := range map[string]float64{"layer4.1.conv2.weight": math.Sqrt(2.0 / (512 * 9)), "fc.weight": 1 / math.Sqrt(3*512), "bn1.weight": 1, "bn1.running_var": 1} {
		if got := deviation(first, name); math.Abs(got-want)/want > 0.05 {
			t.Errorf("%s: deviation %v, want %v", name, got, want)
		}
	}
	small, _ := New(Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}, 1)
	// kaiming_uniform_(a=sqrt(5)): uniform within 1/sqrt(fan_in).
	if got, want := deviation(small, "features.12.weight"), 1/math.Sqrt(3*128*9); math.Abs(got-want)/want > 0.02 {
		t.Errorf("features.12.weight: deviation %v, want %v", got, want)
	}
}

func TestLoadState(t *testing.T) {
	spec := Spec{Architecture: "mobilenet_v2_035", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}
	from, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	// Another number of classes: the last layer stays new.
	spec.Classes = 5
	to, _ := New(spec, 2)
	taken, left, err := to.LoadState(saved(from.State()))
	if err != nil || len(taken) != len(from.State())-2 || !slices.Equal(left, []string{"classifier.1.bias", "classifier.1.weight"}) {
		t.Errorf("taken %d, left %v, %v", len(taken), left, err)
	}
	if !slices.Equal(to.byName["features.0.0.weight"].data, from.byName["features.0.0.weight"].data) {
		t.Error("the first weight was not taken")
	}
	// A detector takes the backbone.
	spec.Task = domain.Detection
	detector, _ := New(spec, 3)
	taken, left, err = detector.LoadState(saved(from.State()))
	if err != nil || !slices.Contains(taken, "features.17.conv.2.weight") || !slices.Contains(left, "classifier.1.weight") || !slices.Contains(left, "heat.weight") {
		t.Errorf("taken %v, left %v, %v", taken, left, err)
	}
	// A broken tensor changes nothing.
	state := saved(from.State())
	broken := state["features.0.0.weight"]
	broken.Data = broken.Data[:5]
	state["features.0.0.weight"] = broken
	before := slices.Clone(to.flat)
	if _, _, err := to.LoadState(state); err == nil || !slices.Equal(to.flat, before) {
		t.Errorf("error %v", err)
	}
}

// A predictor and a trainer of the frozen network compute the same, and Sync fetches what training changed.
func TestPredictorFollows(t *testing.T) {
	n, trainer, targets := testRun(t, specs["classification"], TrainerOptions{Batch: 3, Momentum: 0.9})
	p, err := n.Predictor(3, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	copy(p.Input(), trainer.Input())
	logits := func() []float32 {
		if err := p.Forward(3); err != nil {
			t.Fatal(err)
		}
		return slices.Clone(p.Logits())
	}
	before := logits()
	for range 3 {
		if _, err := trainer.Step(targets, 0.05); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Sync(); err != nil {
		t.Fatal(err)
	}
	after := logits()
	if slices.Equal(before, after) {
		t.Error("Sync fetched nothing")
	}
	fresh, err := n.Predictor(3, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	copy(fresh.Input(), trainer.Input())
	if err := fresh.Forward(3); err != nil || !slices.Equal(fresh.Logits(), after) {
		t.Errorf("%v, a new predictor says %v", after, fresh.Logits())
	}
	if err := p.Forward(4); !errors.Is(err, ErrSpec) {
		t.Error(err)
	}
}
