package nn

import (
	"errors"
	"fmt"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/training/backend/cpu"
)

// testParameter is a parameter as gorgonia's optimizers see it.
type testParameter struct {
	name            string
	decay           float64
	value, gradient *tensor.Dense
}

func (p *testParameter) Name() string                  { return p.name }
func (p *testParameter) Decay() float64                { return p.decay }
func (p *testParameter) Value() gorgonia.Value         { return p.value }
func (p *testParameter) Grad() (gorgonia.Value, error) { return p.gradient, nil }

// TestSolvers holds each solver against PyTorch's over 20 steps of changing learning rate and gradients: see
// testdata/generate.py. The tolerance is 1e-5 of the largest value: 20 steps of float32 rounding make some 1e-6.
func TestSolvers(t *testing.T) {
	var cases []struct {
		Optimizer string
		NoDecay   bool `json:"no_decay"`
		Clip      float64
		W, B      []float64
	}
	readJSON(t, "testdata/solvers.json", &cases)
	device := cpu.New(2)
	defer device.Close()
	for _, c := range cases {
		t.Run(fmt.Sprint(c.Optimizer, " no_decay ", c.NoDecay, " clip ", c.Clip), func(t *testing.T) {
			parameter := func(name, short string, decay float64, shape ...int) *testParameter {
				return &testParameter{
					name: short, decay: decay,
					value:    tensor.New(tensor.WithShape(shape...), tensor.WithBacking(formula(name, shape))),
					gradient: tensor.New(tensor.WithShape(shape...), tensor.WithBacking(make([]float32, elements(shape)))),
				}
			}
			w, b := parameter("w.weight", "w", 0.02, 5, 3), parameter("b.bias", "b", 0.02, 5)
			if c.NoDecay {
				b.decay = 0
			}
			s, err := NewSolver(device, SolverOptions{Optimizer: c.Optimizer, Momentum: 0.9, ClipNorm: c.Clip})
			if err != nil {
				t.Fatal(err)
			}
			model := []gorgonia.ValueGrad{w, b}
			for step := range 20 {
				for _, p := range []*testParameter{w, b} {
					value, gradient := p.value.Data().([]float32), p.gradient.Data().([]float32)
					for i, u := range uniform(fmt.Sprintf("gradient %d %s", step, p.name), len(value)) {
						gradient[i] = float32(2*u-1)/10 + value[i]/5
					}
				}
				s.LearningRate = 0.01 * float64(step+1)
				if err := s.Step(model); err != nil {
					t.Fatal(err)
				}
			}
			for want, p := range map[*[]float64]*testParameter{&c.W: w, &c.B: b} {
				if e := relative(p.value.Data().([]float32), *want); e > 1e-5 {
					t.Errorf("%s: relative error %.2g", p.name, e)
				}
			}
		})
	}
}

func TestSolverRefuses(t *testing.T) {
	for _, o := range []SolverOptions{{}, {Optimizer: "rmsprop"}, {Optimizer: OptimizerSGD, Momentum: 1}, {Optimizer: OptimizerSGD, ClipNorm: -1}} {
		if _, err := NewSolver(hostDevice(), o); !errors.Is(err, ErrSpec) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	_, trainer, _ := testRun(t, specs["classification"], TrainerOptions{Batch: 2, Momentum: 0.9})
	state := saved(trainer.SolverState())
	delete(state, "solver.momentum_buffer.classifier.weight")
	if err := trainer.LoadSolverState(state); !errors.Is(err, ErrState) {
		t.Error(err)
	}
}
