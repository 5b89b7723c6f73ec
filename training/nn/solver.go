package nn

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"viewfinder/training/kernels"
)

// ErrState: a solver's saved state doesn't fit the network or the solver.
var ErrState = errors.New("the solver's saved state does not fit")

// SolverOptions describes a solver. Zero values of the betas and epsilon stand for PyTorch's defaults.
type SolverOptions struct {
	Optimizer    string  // one of Optimizers
	Momentum     float64 // sgd and nesterov
	Beta1, Beta2 float64 // adam and adamw; 0: 0.9 and 0.999
	Epsilon      float64 // adam and adamw; 0: 1e-8
	// ClipNorm, if above 0, is the norm that the gradients, all taken as one vector, are scaled down to when they exceed it,
	// as torch.nn.utils.clip_grad_norm_.
	ClipNorm float64
}

// Solver updates parameters by their gradients as PyTorch's optimizer of the same name does. It implements gorgonia.Solver.
// The learning rate is set before each Step.
type Solver struct {
	LearningRate float64

	options SolverOptions
	pool    *kernels.Pool
	set     *kernels.ParamSet
	model   []gorgonia.ValueGrad
	names   []string
	shapes  [][]int
	step    []float32 // one value: steps taken
	norm    float64
}

var _ gorgonia.Solver = (*Solver)(nil)

// Parameter is what a Solver updates: its value, its gradient and what is known of it.
type Parameter interface {
	gorgonia.ValueGrad
	Name() string
	Decay() float64 // weight decay
}

// NewSolver makes a solver that runs on pool.
func NewSolver(pool *kernels.Pool, o SolverOptions) (*Solver, error) {
	if !slices.Contains(Optimizers(), o.Optimizer) {
		return nil, fmt.Errorf("%w: unknown optimizer %q (there are %s)", ErrSpec, o.Optimizer, strings.Join(Optimizers(), ", "))
	}
	for name, v := range map[string]float64{"momentum": o.Momentum, "beta1": o.Beta1, "beta2": o.Beta2} {
		if !(v >= 0 && v < 1) {
			return nil, fmt.Errorf("%w: %s is %v (0 up to 1 is possible)", ErrSpec, name, v)
		}
	}
	if !(o.ClipNorm >= 0) || !(o.Epsilon >= 0) {
		return nil, fmt.Errorf("%w: clipping at %v, epsilon %v", ErrSpec, o.ClipNorm, o.Epsilon)
	}
	if o.Beta1 == 0 {
		o.Beta1 = 0.9
	}
	if o.Beta2 == 0 {
		o.Beta2 = 0.999
	}
	if o.Epsilon == 0 {
		o.Epsilon = 1e-8
	}
	return &Solver{options: o, pool: pool, step: make([]float32, 1)}, nil
}

func (s *Solver) adam() bool {
	return s.options.Optimizer == OptimizerAdam || s.options.Optimizer == OptimizerAdamW
}

// Bind settles which parameters the solver updates, and makes its memory for them. Step does it by itself the first time.
// The values' and gradients' memory must stay where it is.
func (s *Solver) Bind(model []gorgonia.ValueGrad) error {
	var params []kernels.Param
	for i, v := range model {
		g, err := v.Grad()
		if err != nil {
			return fmt.Errorf("the gradient of parameter %d: %w", i, err)
		}
		w, err := floatsOf(v.Value())
		if err != nil {
			return fmt.Errorf("parameter %d: %w", i, err)
		}
		p := kernels.Param{W: w}
		if p.G, err = floatsOf(g); err != nil {
			return fmt.Errorf("the gradient of parameter %d: %w", i, err)
		}
		name := fmt.Sprint(i)
		if known, ok := v.(Parameter); ok {
			name, p.Decay = known.Name(), float32(known.Decay())
		}
		if s.adam() || s.options.Momentum > 0 {
			p.M = alignedFloats(len(w))
		}
		if s.adam() {
			p.V = alignedFloats(len(w))
		}
		params = append(params, p)
		s.names = append(s.names, name)
		s.shapes = append(s.shapes, slices.Clone([]int(v.Value().Shape())))
	}
	s.set, s.model = kernels.NewParamSet(params), model
	return nil
}

// Step updates the model once. It fails with ErrNotFinite, having changed nothing, if the gradients are clipped and their
// norm isn't a finite number.
func (s *Solver) Step(model []gorgonia.ValueGrad) error {
	if s.set == nil {
		if err := s.Bind(model); err != nil {
			return err
		}
	}
	if len(model) != len(s.model) || len(model) > 0 && model[0] != s.model[0] {
		return errors.New("a solver was given another model than the one that it keeps state for")
	}
	scale := 1.0
	if s.options.ClipNorm > 0 {
		s.norm = s.set.GradNorm(s.pool)
		if math.IsNaN(s.norm) || math.IsInf(s.norm, 0) {
			return fmt.Errorf("%w: the gradient's norm is %v", ErrNotFinite, s.norm)
		}
		// 1e-6 is PyTorch's guard against dividing by zero.
		scale = min(1, s.options.ClipNorm/(s.norm+1e-6))
	}
	s.step[0]++
	o := &s.options
	switch o.Optimizer {
	case OptimizerAdam, OptimizerAdamW:
		s.set.Adam(s.pool, s.LearningRate, o.Beta1, o.Beta2, o.Epsilon, int(s.step[0]), o.Optimizer == OptimizerAdamW, float32(scale))
	default:
		s.set.SGD(s.pool, float32(s.LearningRate), float32(o.Momentum), o.Optimizer == OptimizerNesterov, float32(scale))
	}
	return nil
}

// Names of the solver's memory as in PyTorch's optimizers.
const (
	stepState     = "solver.step"
	momentumState = "solver.momentum_buffer."
	firstState    = "solver.exp_avg."
	secondState   = "solver.exp_avg_sq."
)

// State lists the solver's whole memory: the number of steps, and for each parameter what its optimizer keeps, named as in
// PyTorch behind "solver.". The Data are the solver's own. It is empty before Bind.
func (s *Solver) State() []Tensor {
	if s.set == nil {
		return nil
	}
	state := []Tensor{{Name: stepState, Data: s.step, Integer: true}}
	first := momentumState
	if s.adam() {
		first = firstState
	}
	for i, p := range s.set.Params() {
		if p.M != nil {
			state = append(state, Tensor{Name: first + s.names[i], Shape: s.shapes[i], Data: p.M})
		}
		if p.V != nil {
			state = append(state, Tensor{Name: secondState + s.names[i], Shape: s.shapes[i], Data: p.V})
		}
	}
	return state
}

// LoadState sets the solver's memory to what State listed, exactly. With an error, ErrState, nothing was changed.
func (s *Solver) LoadState(saved map[string]Tensor) error { return loadState(s.State(), saved) }

// loadState copies saved into own; with an error, ErrState, it changes nothing.
func loadState(own []Tensor, saved map[string]Tensor) error {
	for _, t := range own {
		from, ok := saved[t.Name]
		if !ok {
			return fmt.Errorf("%w: %q is missing", ErrState, t.Name)
		}
		if len(from.Data) != len(t.Data) || !slices.Equal(from.Shape, t.Shape) {
			return fmt.Errorf("%w: %q has shape %v where %v is needed", ErrState, t.Name, from.Shape, t.Shape)
		}
	}
	for _, t := range own {
		copy(t.Data, saved[t.Name].Data)
	}
	return nil
}
