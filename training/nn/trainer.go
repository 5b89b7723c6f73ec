package nn

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/storage/domain"
	"viewfinder/training/kernels"
)

// TrainerOptions says how to train.
type TrainerOptions struct {
	Batch   int // images of a step
	Threads int // 0: one for each physical core; results don't depend on it

	Optimizer   string // one of Optimizers; "": sgd
	Momentum    float64
	WeightDecay float64
	// NoDecayNormBias leaves out biases and batch norms' parameters from weight decay.
	NoDecayNormBias bool
	ClipNorm        float64 // see SolverOptions

	// ClassWeights, nil or one for each class, weigh the loss: of classification as PyTorch's CrossEntropyLoss(weight), of
	// tagging as BCEWithLogitsLoss(pos_weight): positives alone; of detection the classes' heatmaps.
	ClassWeights   []float32
	LabelSmoothing float64 // classification: this share of a label is given to all classes alike; 0 to below 1
	// FreezeBackbone trains the head alone; the backbone, its running statistics included, stays as it is.
	FreezeBackbone bool
	Dropout        float64 // share of the last features that a step leaves out; 0 to below 1; not for detection
	Seed           uint64  // dropout's

	// Average, if above 0, keeps a moving average of all weights and running statistics with this decay for each step (0.99
	// to 0.9999 are usual), which often predicts better than the weights of the last step: see Trainer.Averaged.
	Average float64

	// Plan is what Trainer.Plan returned for a former run that is to be repeated to the bit, or "".
	Plan string
}

// Trainer trains a network. A step is deterministic to the bit, whatever the number of threads. A Trainer is for one
// goroutine.
type Trainer struct {
	net     *Network
	options TrainerOptions
	pool    *kernels.Pool
	b       *builder
	plan    plan

	target []float32
	map_   detectionMap // detection only
	out    node         // logits or map
	loss   node
	// gradients of b.trained
	gradients []node
	machine   *machine
	norms     [][]float32 // statistics of the batch, for b.norms
	solver    *Solver
	model     []gorgonia.ValueGrad
	average   []Tensor // of the network\'s state, in its order; nil without averaging
}

// Trainer makes a trainer of n: graph, gradients, memory and solver. The errors are ErrSpec.
func (n *Network) Trainer(o TrainerOptions) (*Trainer, error) {
	if err := n.check(o); err != nil {
		return nil, err
	}
	if o.Optimizer == "" {
		o.Optimizer = OptimizerSGD
	}
	t := &Trainer{net: n, options: o, pool: kernels.NewPool(o.Threads)}
	if err := t.build(); err != nil {
		t.pool.Close()
		return nil, fmt.Errorf("building %s for training: %w", n.spec.Architecture, err)
	}
	return t, nil
}

func (n *Network) check(o TrainerOptions) error {
	switch {
	case o.Batch < 1 || o.Batch > MaxBatch:
		return fmt.Errorf("%w: a batch of %d (1 to %d are possible)", ErrSpec, o.Batch, MaxBatch)
	case o.ClassWeights != nil && len(o.ClassWeights) != n.spec.Classes:
		return fmt.Errorf("%w: %d class weights for %d classes", ErrSpec, len(o.ClassWeights), n.spec.Classes)
	case !(o.LabelSmoothing >= 0 && o.LabelSmoothing < 1):
		return fmt.Errorf("%w: label smoothing %v (0 up to 1 is possible)", ErrSpec, o.LabelSmoothing)
	case !(o.Dropout >= 0 && o.Dropout < 1):
		return fmt.Errorf("%w: dropout %v (0 up to 1 is possible)", ErrSpec, o.Dropout)
	case !(o.Average >= 0 && o.Average < 1):
		return fmt.Errorf("%w: averaging with a decay of %v (0 up to 1 is possible)", ErrSpec, o.Average)
	case !(o.WeightDecay >= 0):
		return fmt.Errorf("%w: weight decay %v", ErrSpec, o.WeightDecay)
	}
	for i, w := range o.ClassWeights {
		if !(w >= 0) || math.IsInf(float64(w), 0) {
			return fmt.Errorf("%w: weight %v of class %d", ErrSpec, w, i)
		}
	}
	return nil
}

func (t *Trainer) build() error {
	o := t.options
	var err error
	if t.plan, err = parsePlan(o.Plan); err != nil {
		return err
	}
	b := newBuilder(t.net, training, o.Batch)
	b.frozen, b.dropped, b.seed, b.plan = o.FreezeBackbone, o.Dropout, o.Seed, &t.plan
	t.b = b
	out := b.outputs()
	if b.err != nil {
		return b.err
	}
	t.out = out
	if t.loss, err = t.addLoss(out); err != nil {
		return err
	}
	var variables []node
	for _, v := range b.trained {
		variables = append(variables, v.node)
	}
	t.gradients, err = gorgonia.Grad(t.loss, variables...)
	if err != nil {
		return fmt.Errorf("differentiating: %w", err)
	}
	roots := append([]node{t.loss, out}, t.gradients...)
	for _, l := range b.norms {
		roots = append(roots, l.statistics)
	}
	pinned := map[node][]float32{}
	for i, v := range b.trained {
		memory := alignedFloats(v.size)
		pinned[t.gradients[i]] = memory
		t.addParameters(v, memory)
	}
	if t.machine, err = newMachine(t.pool, roots, pinned, t.plan.fused); err != nil {
		return err
	}
	for _, l := range b.norms {
		t.norms = append(t.norms, t.machine.value(l.statistics))
	}
	for _, f := range b.folds {
		f.update(t.pool)
	}
	t.solver, err = NewSolver(t.pool, SolverOptions{Optimizer: o.Optimizer, Momentum: o.Momentum, ClipNorm: o.ClipNorm})
	if err != nil {
		return err
	}
	if o.Average > 0 {
		t.startAverage()
	}
	return t.solver.Bind(t.model)
}

// addLoss adds the task's loss to the graph, and the memory of its target.
func (t *Trainer) addLoss(out node) (node, error) {
	spec, o := t.net.spec, t.options
	var loss *operation
	var target node
	switch spec.Task {
	case domain.Classification:
		target = t.b.input("labels", o.Batch)
		loss = crossEntropy(o.Batch, spec.Classes, o.ClassWeights, o.LabelSmoothing)
	case domain.Tagging:
		target = t.b.input("tags", o.Batch, spec.Classes)
		loss = sigmoidCrossEntropy(o.Batch, spec.Classes, o.ClassWeights)
	case domain.Detection:
		t.map_ = mapOf(out, spec.Classes)
		target = t.b.input("boxes", t.map_.target()...)
		loss = detectionLoss(t.map_, o.ClassWeights)
	}
	t.target = target.Value().Data().([]float32)
	return apply(loss, out, target)
}

// addParameters hands the parameters of a variable of the graph, and their parts of its gradient, to the solver.
func (t *Trainer) addParameters(v trainedVariable, gradient []float32) {
	for _, p := range v.parameters {
		at, size := p.offset-v.offset, len(p.data)
		decay := t.options.WeightDecay
		if t.options.NoDecayNormBias && p.role != weightRole {
			decay = 0
		}
		shape := tensor.WithShape(p.shape...)
		t.model = append(t.model, &solved{
			name: p.name, decay: decay,
			value:    tensor.New(shape, tensor.WithBacking(p.data)),
			gradient: tensor.New(shape, tensor.WithBacking(gradient[at:at+size:at+size])),
		})
	}
}

// solved is a parameter as a solver sees it.
type solved struct {
	name            string
	decay           float64
	value, gradient *tensor.Dense
}

func (s *solved) Name() string                  { return s.name }
func (s *solved) Decay() float64                { return s.decay }
func (s *solved) Value() gorgonia.Value         { return s.value }
func (s *solved) Grad() (gorgonia.Value, error) { return s.gradient, nil }

// Input is the memory of the batch's images, [batch][height][width][3], to be filled before each Step.
func (t *Trainer) Input() []float32 { return t.b.pixels }

// Step runs the batch in Input forward and back, updates parameters and running statistics, and returns the loss before the
// update. The errors are ErrTargets and ErrNotFinite; then nothing was updated.
func (t *Trainer) Step(targets Targets, learningRate float64) (float64, error) {
	loss, err := t.Gradients(targets)
	if err != nil {
		return loss, err
	}
	t.solver.LearningRate = learningRate
	if err := t.solver.Step(t.model); err != nil {
		return loss, err
	}
	for i := range t.b.norms {
		t.b.norms[i].track(t.norms[i])
	}
	t.updateAverage()
	return loss, nil
}

// Gradients is the first half of Step: it returns the loss and leaves the gradients in the trainer.
func (t *Trainer) Gradients(targets Targets) (float64, error) {
	if err := fillTarget(t.net.spec, t.map_, targets, t.options.Batch, t.target); err != nil {
		return 0, err
	}
	if t.b.stepNumber != nil {
		t.b.stepNumber[0] = t.solver.step[0]
	}
	if err := t.machine.RunAll(); err != nil {
		return 0, err
	}
	loss := float64(t.machine.value(t.loss)[0])
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, fmt.Errorf("%w (%v at step %d): a smaller learning rate, a longer warm-up or gradient clipping usually helps", ErrNotFinite, loss, t.Iteration())
	}
	return loss, nil
}

// Logits is what the network said in training mode in the last Step, before the update: [batch][classes], or of a detector
// the joint map. It is valid until the next Step.
func (t *Trainer) Logits() []float32 { return t.machine.value(t.out) }

// Iteration is the number of steps taken, those before a LoadSolverState included.
func (t *Trainer) Iteration() int { return int(t.solver.step[0]) }

// GradientNorm is the norm of the last step's gradients before clipping; 0 if they aren't clipped.
func (t *Trainer) GradientNorm() float64 { return t.solver.norm }

// SolverState lists what a training has to remember besides the network's state: the solver's memory and the average of the
// weights, if one is kept. The Data are the trainer's own.
func (t *Trainer) SolverState() []Tensor {
	state := t.solver.State()
	for _, a := range t.average {
		a.Name = averageState + a.Name
		state = append(state, a)
	}
	return state
}

// LoadSolverState restores what SolverState listed, so that training goes on to the bit as if it had not stopped. The error
// is ErrState; then nothing was changed.
func (t *Trainer) LoadSolverState(state map[string]Tensor) error {
	return loadState(t.SolverState(), state)
}

// Plan describes the choices of kernels that results depend on to the last bit; give it to another trainer as
// TrainerOptions.Plan to repeat them.
func (t *Trainer) Plan() string { return t.plan.String() }

// SetThreads changes the number of threads; 0 stands for one for each physical core. Results don't depend on it.
func (t *Trainer) SetThreads(threads int) { t.pool.SetThreads(threads) }

// SetGate has f called before each part of an operation, where it may wait: see kernels.Pool.
func (t *Trainer) SetGate(f func()) { t.pool.SetGate(f) }

// Memory is the number of bytes that the trainer itself holds: results, gradients and the solver's memory.
func (t *Trainer) Memory() int {
	floats := len(t.machine.arena) + len(t.b.pixels) + len(t.target)
	for _, p := range t.solver.set.Params() {
		floats += len(p.G) + len(p.M) + len(p.V)
	}
	return 4 * floats
}

// Close ends the trainer's threads and gives its memory back; it must not be used afterwards.
func (t *Trainer) Close() {
	t.pool.Close()
	_ = t.machine.Close() // of a machine of ours it cannot fail
}

// gradient is the gradient of the parameter called name after Gradients, nil if it isn't trained.
func (t *Trainer) gradient(name string) []float32 {
	i := slices.IndexFunc(t.model, func(v gorgonia.ValueGrad) bool { return v.(*solved).name == name })
	if i < 0 {
		return nil
	}
	return t.model[i].(*solved).gradient.Data().([]float32)
}
