package nn

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"

	"viewfinder/storage/domain"
	"viewfinder/training/kernels"
)

// skipLarge skips a test of resnet18, which alone takes as long as all others, where tests are to be short.
func skipLarge(t *testing.T, spec Spec) {
	t.Helper()
	if testing.Short() && spec.Architecture == "resnet18" {
		t.Skip("a large network")
	}
}

// testRun is a small network with a batch to train it on.
func testRun(t *testing.T, spec Spec, o TrainerOptions) (*Network, *Trainer, Targets) {
	t.Helper()
	n, err := New(spec, 7)
	if err != nil {
		t.Fatal(err)
	}
	trainer, err := n.Trainer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trainer.Close)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range trainer.Input() {
		trainer.Input()[i] = float32(r.NormFloat64())
	}
	var targets Targets
	for i := range o.Batch {
		targets.Labels = append(targets.Labels, int32(i%spec.Classes))
		for c := range spec.Classes {
			targets.Tags = append(targets.Tags, float32((i+c)%2))
		}
		targets.Boxes = append(targets.Boxes, []domain.Box32{
			{XMin: 0.1, YMin: 0.2, XMax: 0.1 + 0.1*float32(i+1), YMax: 0.6, Class: i % spec.Classes},
			{XMin: 0.5, YMin: 0.5, XMax: 0.9, YMax: 0.95, Class: 0},
		})
	}
	return n, trainer, targets
}

// specs are one small network for each task, and each kind of layer among them.
var specs = map[string]Spec{
	"classification": {Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 48},
	"tagging":        {Architecture: "mobilenet_v2_035", Task: domain.Tagging, Classes: 3, Height: 48, Width: 32},
	"residual":       {Architecture: "resnet18", Task: domain.Classification, Classes: 3, Height: 32, Width: 32},
	"detection":      {Architecture: "mobilenet_v2_035", Task: domain.Detection, Classes: 3, Height: 48, Width: 80},
	"small detector": {Architecture: "small_cnn", Task: domain.Detection, Classes: 2, Height: 32, Width: 48},
}

func TestStepAllocatesNothing(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			for _, optimizer := range Optimizers() {
				if testing.Short() && optimizer != OptimizerAdamW {
					continue
				}
				_, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 3, Threads: 2, Optimizer: optimizer, Momentum: 0.9, ClipNorm: 1, Dropout: 0.2})
				step := func() {
					if _, err := trainer.Step(targets, 1e-4); err != nil {
						t.Error(err)
					}
				}
				step()
				if n := testing.AllocsPerRun(3, step); n != 0 {
					t.Errorf("%s: %v allocations a step", optimizer, n)
				}
			}
			n, err := New(spec, 1)
			if err != nil {
				t.Fatal(err)
			}
			p, err := n.Predictor(2, 2)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			forward := func() {
				if err := p.Forward(2); err != nil {
					t.Error(err)
				}
			}
			forward()
			if n := testing.AllocsPerRun(3, forward); n != 0 {
				t.Errorf("%v allocations a prediction", n)
			}
		})
	}
}

// With VIEWFINDER_STEPS=200 it takes the steps of a short training (minutes).
func TestStepsAreTheSameForAnyNumberOfThreads(t *testing.T) {
	steps := 4
	if n, err := strconv.Atoi(os.Getenv("VIEWFINDER_STEPS")); err == nil {
		steps = n
	}
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			var want []Tensor
			for _, threads := range []int{1, 2, 3, 8} {
				n, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 4, Threads: threads, Momentum: 0.9, WeightDecay: 1e-4, Dropout: 0.3, ClipNorm: 5})
				for range steps {
					if _, err := trainer.Step(targets, 0.01); err != nil {
						t.Fatal(err)
					}
				}
				got := append(n.State(), trainer.SolverState()...)
				if want == nil {
					want = got
					continue
				}
				compareBits(t, got, want)
			}
		})
	}
}

func compareBits(t *testing.T, got, want []Tensor) {
	t.Helper()
	for i, s := range got {
		for k, v := range s.Data {
			if math.Float32bits(v) != math.Float32bits(want[i].Data[k]) {
				t.Fatalf("%s element %d is %v, was %v", s.Name, k, v, want[i].Data[k])
			}
		}
	}
}

// A run that goes on from saved state must reach the weights of one that never stopped.
func TestResumeIsExact(t *testing.T) {
	for _, optimizer := range Optimizers() {
		o := TrainerOptions{Batch: 4, Optimizer: optimizer, Momentum: 0.9, WeightDecay: 1e-2, NoDecayNormBias: true, Dropout: 0.3, Average: 0.9}
		whole, trainer, targets := testRun(t, specs["classification"], o)
		steps := func(trainer *Trainer, n int) {
			for range n {
				if _, err := trainer.Step(targets, 0.003); err != nil {
					t.Fatal(err)
				}
			}
		}
		steps(trainer, 3)
		weights, solver := saved(whole.State()), saved(trainer.SolverState())
		o.Plan = trainer.Plan()
		steps(trainer, 3)

		resumed, second, _ := testRun(t, specs["classification"], o)
		taken, left, err := resumed.LoadState(weights)
		if err != nil || len(left) > 0 || len(taken) != len(weights) {
			t.Fatal(taken, left, err)
		}
		if err := second.LoadSolverState(solver); err != nil {
			t.Fatal(err)
		}
		if second.Iteration() != 3 || second.Plan() != o.Plan {
			t.Errorf("iteration %d, plan %s", second.Iteration(), second.Plan())
		}
		steps(second, 3)
		compareBits(t, append(resumed.State(), second.SolverState()...), append(whole.State(), trainer.SolverState()...))
	}
}

func saved(state []Tensor) map[string]Tensor {
	m := map[string]Tensor{}
	for _, s := range state {
		s.Data = slices.Clone(s.Data)
		m[s.Name] = s
	}
	return m
}

// unfused is a plan for a run whose neighbours stay separate kernels, as in the graph.
func unfused() string { return "plan=1 kernels=" + kernels.Variant() }

// Fused kernels take the same sums in other parts.
func TestFusedAgrees(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			n, fused, targets := testRun(t, spec, TrainerOptions{Batch: 3})
			m, plain, _ := testRun(t, spec, TrainerOptions{Batch: 3, Plan: unfused()})
			if strings.HasPrefix(spec.Architecture, "mobilenet") {
				offCorners(n)
				offCorners(m)
			}
			got, err := fused.Gradients(targets)
			if err != nil {
				t.Fatal(err)
			}
			want, err := plain.Gradients(targets)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d instructions, unfused %d; %d bytes, unfused %d", len(fused.machine.ops), len(plain.machine.ops), fused.Memory(), plain.Memory())
			if strings.HasPrefix(spec.Architecture, "mobilenet") && kernels.Variant() != "go" && len(fused.machine.ops) > len(plain.machine.ops)-40 {
				t.Error("hardly anything is fused")
			}
			if math.Abs(got-want) > 1e-5*math.Abs(want) {
				t.Errorf("loss %v, unfused %v", got, want)
			}
			// A shift that the next batch norm takes away again has no gradient but rounding, so the whole counts too.
			whole := 0.0
			for _, g := range plain.gradients {
				for _, v := range valueOf(t, plain.machine, g) {
					whole += float64(v) * float64(v)
				}
			}
			for i, g := range fused.gradients {
				diff, size := 0.0, 0.0
				got := valueOf(t, fused.machine, g)
				for k, v := range valueOf(t, plain.machine, plain.gradients[i]) {
					d := float64(got[k]) - float64(v)
					diff += d * d
					size += float64(v) * float64(v)
				}
				if math.Sqrt(diff) > 1e-2*math.Sqrt(size)+1e-5*math.Sqrt(whole) {
					t.Errorf("gradient of %s: off by %v of %v", fused.b.trained[i].node.Name(), math.Sqrt(diff), math.Sqrt(size))
				}
			}
		})
	}
}

// offCorners has batch norms give values far from the corners of ReLU6, at 0 and 6: a third of the channels below, a third between, a third above. A value within
// rounding of a corner may fall on either side of it by another way of summing, and in so small a net that moves gradients by a percent or two; which value does
// depends on the processor.
func offCorners(n *Network) {
	state := n.State()
	norm := map[string]bool{}
	for _, p := range state {
		if name, ok := strings.CutSuffix(p.Name, ".running_mean"); ok {
			norm[name] = true
		}
	}
	for _, p := range state {
		name, what := p.Name[:max(0, strings.LastIndexByte(p.Name, '.'))], p.Name[strings.LastIndexByte(p.Name, '.')+1:]
		for i := range p.Data {
			switch {
			case norm[name] && what == "weight":
				p.Data[i] = 0.3
			case norm[name] && what == "bias":
				p.Data[i] = []float32{3, -3, 9}[i%3]
			}
		}
	}
}

// gorgonia's tape machine runs the same graph: the machine's shared kernels, reused memory and overwritten inputs must not
// change what comes out.
func TestTapeMachineAgrees(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			_, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 3, Plan: unfused()})
			loss, err := trainer.Gradients(targets)
			if err != nil {
				t.Fatal(err)
			}
			values := make([]gorgonia.Value, len(trainer.gradients))
			for i, g := range trainer.gradients {
				gorgonia.Read(g, &values[i])
			}
			var tapeLoss gorgonia.Value
			gorgonia.Read(trainer.loss, &tapeLoss)
			vm := gorgonia.NewTapeMachine(trainer.b.graph)
			defer vm.Close()
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			if v := float64(tapeLoss.Data().(float32)); v != loss {
				t.Errorf("loss %v, the tape machine says %v", loss, v)
			}
			for i, v := range values {
				want := v.Data().([]float32)
				if e := relative(valueOf(t, trainer.machine, trainer.gradients[i]), want); e > 1e-6 {
					t.Errorf("gradient of %s: relative difference %v", trainer.b.trained[i].node.Name(), e)
				}
			}
		})
	}
}

// valueOf is n's value after a run.
func valueOf(t *testing.T, m *machine, n node) []float32 {
	t.Helper()
	v, err := m.value(n)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestLearns(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			n, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 4, Optimizer: OptimizerAdamW})
			first, last := 0.0, 0.0
			for i := range 30 {
				loss, err := trainer.Step(targets, 2e-3)
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					first = loss
				}
				last = loss
			}
			if !(last < 0.5*first) {
				t.Errorf("loss %v after 30 steps, %v at first", last, first)
			}
			p, err := n.Predictor(4, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			copy(p.Input(), trainer.Input())
			if err := p.Forward(4); err != nil {
				t.Fatal(err)
			}
			if loss, err := p.Loss(targets, 4); err != nil || !(loss < 100*first) {
				t.Errorf("loss %v in prediction, %v", loss, err)
			}
		})
	}
}

func TestFrozenBackboneStays(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			skipLarge(t, spec)
			n, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 3, FreezeBackbone: true, Momentum: 0.9})
			before := saved(n.State())
			for range 2 {
				if _, err := trainer.Step(targets, 0.01); err != nil {
					t.Fatal(err)
				}
			}
			for _, s := range n.State() {
				changed := !slices.Equal(s.Data, before[s.Name].Data)
				if backbone := n.byName[s.Name].backbone; changed == backbone {
					t.Errorf("%s: backbone %v, changed %v", s.Name, backbone, changed)
				}
			}
		})
	}
}

// The average lies between the weights it has seen, and forgets the first ones.
func TestAverage(t *testing.T) {
	n, trainer, targets := testRun(t, specs["classification"], TrainerOptions{Batch: 2, Average: 0.5})
	want := saved(n.State())
	for step := range 3 {
		if _, err := trainer.Step(targets, 0.1); err != nil {
			t.Fatal(err)
		}
		decay := float32(min(0.5, float64(2+step)/float64(11+step)))
		for _, s := range n.State() {
			for i, v := range s.Data {
				want[s.Name].Data[i] = decay*want[s.Name].Data[i] + (1-decay)*v
			}
		}
	}
	for _, a := range trainer.Averaged() {
		if e := relative(a.Data, want[a.Name].Data); e > 1e-5 && !a.Integer {
			t.Errorf("%s: relative error %v", a.Name, e)
		}
	}
}

func TestNotFinite(t *testing.T) {
	n, trainer, targets := testRun(t, specs["classification"], TrainerOptions{Batch: 2})
	before := saved(n.State())
	trainer.Input()[5] = float32(math.NaN())
	if _, err := trainer.Step(targets, 0.1); !errors.Is(err, ErrNotFinite) {
		t.Fatalf("error %v", err)
	}
	for _, s := range n.State() {
		if !slices.Equal(s.Data, before[s.Name].Data) {
			t.Errorf("%s was updated", s.Name)
		}
	}
}

func TestBadTargets(t *testing.T) {
	for name, c := range map[string]struct {
		spec    string
		targets Targets
	}{
		"too few labels":    {"classification", Targets{Labels: []int32{1}}},
		"label too high":    {"classification", Targets{Labels: []int32{1, 3}}},
		"label negative":    {"classification", Targets{Labels: []int32{1, -1}}},
		"too few tags":      {"tagging", Targets{Tags: make([]float32, 5)}},
		"tag above one":     {"tagging", Targets{Tags: []float32{0, 0, 2, 0, 0, 0}}},
		"no boxes":          {"detection", Targets{}},
		"box of no class":   {"detection", Targets{Boxes: [][]domain.Box32{{{XMax: 1, YMax: 1, Class: 3}}, nil}}},
		"box without width": {"detection", Targets{Boxes: [][]domain.Box32{{{XMin: 0.5, XMax: 0.5, YMax: 1}}, nil}}},
		"box of NaN":        {"detection", Targets{Boxes: [][]domain.Box32{{{XMin: float32(math.NaN()), XMax: 0.5, YMax: 1}}, nil}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, trainer, _ := testRun(t, specs[c.spec], TrainerOptions{Batch: 2})
			if _, err := trainer.Step(c.targets, 0.1); !errors.Is(err, ErrTargets) {
				t.Errorf("error %v", err)
			}
		})
	}
}
