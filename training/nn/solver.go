package nn

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// ErrState: an optimizer's saved state doesn't fit the network or the optimizer.
var ErrState = errors.New("the optimizer's saved state does not fit")

// SolverOptions describes an optimizer. Zero values of the betas and epsilon stand for PyTorch's defaults.
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
	device  backend.Device
	model   []gorgonia.ValueGrad // of Bind
	values  *mirror              // its memory
	program backend.Program      // of Step

	parameters []updated
	memory     *mirror // what the optimizer keeps
	scratch    []backend.Buffer
	step       []float32 // one value: steps taken
	norm       float64
	// settings are the numbers given to the device for a step, status those it returns: the loss, the gradients' norm and what they were scaled by.
	settings, status             []float32
	settingsBuffer, statusBuffer backend.Buffer
}

// updated is a parameter as the optimizer's operations see it.
type updated struct {
	name             string
	shape            []int
	decay            float32
	rate             float32 // what the learning rate is multiplied by; 0 stands for 1
	weight, gradient backend.Buffer
	offset           int // in the arrays of the optimizer's state
}

const statusLen = 3

var _ gorgonia.Solver = (*Solver)(nil)

// Parameter is what a Solver updates: its value, its gradient and what is known of it.
type Parameter interface {
	gorgonia.ValueGrad
	Name() string
	Decay() float64 // weight decay
}

// NewSolver makes an optimizer that runs on a device.
func NewSolver(device backend.Device, o SolverOptions) (*Solver, error) {
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
	s := &Solver{options: o, device: device, step: make([]float32, 1), settings: alignedFloats(backend.SettingsLen), status: alignedFloats(statusLen)}
	var err error
	if s.settingsBuffer, err = device.Share(s.settings); err != nil {
		return nil, err
	}
	if s.statusBuffer, err = device.Share(s.status); err != nil {
		return nil, err
	}
	return s, device.Upload(s.statusBuffer, s.status)
}

func (s *Solver) adam() bool {
	return s.options.Optimizer == OptimizerAdam || s.options.Optimizer == OptimizerAdamW
}

// Bind settles which parameters the optimizer updates, and makes its memory for them. Step does it by itself the first time.
// The values' and gradients' memory must stay where it is.
func (s *Solver) Bind(model []gorgonia.ValueGrad) error {
	s.values = &mirror{device: s.device}
	var parameters []updated
	for i, v := range model {
		g, err := v.Grad()
		if err != nil {
			return fmt.Errorf("the gradient of parameter %d: %w", i, err)
		}
		p := updated{name: fmt.Sprint(i), shape: slices.Clone([]int(v.Value().Shape()))}
		if p.weight, err = s.value(v.Value()); err != nil {
			return fmt.Errorf("parameter %d: %w", i, err)
		}
		if p.gradient, err = s.value(g); err != nil {
			return fmt.Errorf("the gradient of parameter %d: %w", i, err)
		}
		if known, ok := v.(Parameter); ok {
			p.name, p.decay = known.Name(), float32(known.Decay())
		}
		parameters = append(parameters, p)
	}
	if err := s.bind(parameters); err != nil {
		return err
	}
	ops, err := s.operations()
	if err != nil {
		return err
	}
	s.model = model
	s.program, err = s.device.Record(ops)
	return err
}

func (s *Solver) value(v gorgonia.Value) (backend.Buffer, error) {
	data, err := floatsOf(v)
	if err != nil {
		return backend.Buffer{}, err
	}
	return s.values.add(data)
}

// bind makes the optimizer's state for parameters.
func (s *Solver) bind(parameters []updated) error {
	total := 0
	for i := range parameters {
		parameters[i].offset = total
		total += roundUp(parameters[i].weight.Len, s.device.Alignment())
	}
	s.parameters, s.memory = parameters, &mirror{device: s.device}
	for range s.moments() {
		if _, err := s.memory.add(alignedFloats(total)); err != nil {
			return err
		}
	}
	return nil
}

// moments is how many values the optimizer keeps for each one of the parameters.
func (s *Solver) moments() int {
	switch {
	case s.adam():
		return 2
	case s.options.Momentum > 0:
		return 1
	}
	return 0
}

// operations are a step: the norm, if gradients are clipped, and the update, which does nothing where loss or norm aren't finite.
func (s *Solver) operations() ([]backend.Op, error) {
	var gradients, weights, memory []backend.Buffer
	var decays, rates []float32
	for _, p := range s.parameters {
		gradients, weights, decays = append(gradients, p.gradient), append(weights, p.weight), append(decays, p.decay)
		if p.rate != 0 && rates == nil {
			rates = make([]float32, len(s.parameters))
		}
	}
	for i := range rates {
		rates[i] = s.parameters[i].rate
	}
	for _, b := range s.memory.buffers {
		for _, p := range s.parameters {
			memory = append(memory, b.Part(p.offset, p.weight.Len))
		}
	}
	var ops []backend.Op
	var norm backend.Buffer
	if s.options.ClipNorm > 0 {
		norm = s.statusBuffer.Part(1, 2)
		ops = append(ops, backend.Op{Kernel: backend.GradientNorm{Clip: s.options.ClipNorm}, In: gradients, Out: []backend.Buffer{norm}})
	}
	update := backend.Op{In: append([]backend.Buffer{s.settingsBuffer, norm}, gradients...), Out: append(weights, memory...), Guard: s.guard()}
	if s.adam() {
		update.Kernel = backend.Adam{Decoupled: s.options.Optimizer == OptimizerAdamW, Decays: decays, Rates: rates}
	} else {
		update.Kernel = backend.SGD{Momentum: float32(s.options.Momentum), Nesterov: s.options.Optimizer == OptimizerNesterov, Decays: decays, Rates: rates}
	}
	ops = append(ops, update)
	for i := range ops {
		size, err := s.device.Scratch(ops[i])
		if err != nil {
			return nil, err
		}
		if ops[i].Scratch, err = s.device.Allocate(size); err != nil {
			return nil, err
		}
		s.scratch = append(s.scratch, ops[i].Scratch)
	}
	return ops, nil
}

// guard is what must be finite for a step to change anything: loss and norm.
func (s *Solver) guard() backend.Buffer { return s.statusBuffer.Part(0, 2) }

// set writes the settings of the next step.
func (s *Solver) set() {
	s.settings[backend.SettingStep] = s.step[0]
	if !s.adam() {
		s.settings[backend.SettingSolver] = float32(s.LearningRate)
		return
	}
	o := &s.options
	factors := kernels.AdamFactors(s.LearningRate, o.Beta1, o.Beta2, o.Epsilon, int(s.step[0])+1)
	copy(s.settings[backend.SettingSolver:], factors[:])
}

// upload brings settings and memory to the device.
func (s *Solver) upload() error {
	if _, err := s.memory.push(); err != nil {
		return err
	}
	return s.device.Upload(s.settingsBuffer, s.settings)
}

// updatedOnce notes that a step was run, whose status is here, and counts it unless it changed nothing.
func (s *Solver) updatedOnce() error {
	s.memory.ahead = true
	if s.options.ClipNorm > 0 {
		s.norm = float64(s.status[1])
		if math.IsNaN(s.norm) || math.IsInf(s.norm, 0) {
			return fmt.Errorf("%w: the gradient's norm is %v", ErrNotFinite, s.norm)
		}
	}
	s.step[0]++
	return nil
}

// Step updates the model once. It fails with ErrNotFinite, having changed nothing, if the gradients are clipped and their
// norm isn't a finite number.
func (s *Solver) Step(model []gorgonia.ValueGrad) error {
	if s.program == nil {
		if err := s.Bind(model); err != nil {
			return err
		}
	}
	if len(model) != len(s.model) || len(model) > 0 && model[0] != s.model[0] {
		return errors.New("the optimizer was given another model than the one that it keeps state for")
	}
	s.set()
	s.values.touched()
	if _, err := s.values.push(); err != nil {
		return err
	}
	if err := s.upload(); err != nil {
		return err
	}
	if err := s.program.Run(); err != nil {
		return err
	}
	if err := s.device.Download(s.statusBuffer, s.status); err != nil {
		return err
	}
	if err := s.updatedOnce(); err != nil {
		return err
	}
	s.values.ahead = true
	return s.values.fetch()
}

// free gives the optimizer's state on the device back.
func (s *Solver) free() {
	for _, m := range []*mirror{s.values, s.memory} {
		if m != nil {
			m.free()
		}
	}
	for _, b := range append(s.scratch, s.settingsBuffer, s.statusBuffer) {
		s.device.Free(b)
	}
}

// Names of the optimizer's state as in PyTorch's optimizers.
const (
	stepState     = "solver.step"
	momentumState = "solver.momentum_buffer."
	firstState    = "solver.exp_avg."
	secondState   = "solver.exp_avg_sq."
)

// State lists the optimizer's whole memory: the number of steps, and for each parameter what its optimizer keeps, named as in
// PyTorch behind "solver.". The Data are the optimizer's own. It is empty before Bind.
func (s *Solver) State() []Tensor {
	if s.memory == nil {
		return nil
	}
	_ = s.memory.fetch() // see Trainer.Fetch
	s.memory.touched()
	state := []Tensor{{Name: stepState, Data: s.step, Integer: true}}
	names := []string{momentumState}
	if s.adam() {
		names = []string{firstState, secondState}
	}
	for _, p := range s.parameters {
		for i, host := range s.memory.host {
			state = append(state, Tensor{Name: names[i] + p.name, Shape: p.shape, Data: host[p.offset : p.offset+p.weight.Len : p.offset+p.weight.Len]})
		}
	}
	return state
}

// LoadState sets the optimizer's state to what State listed, exactly. With an error, ErrState, nothing was changed.
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
