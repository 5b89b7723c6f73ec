package nn

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/gorgonia"

	"viewfinder/training/backend"
	"viewfinder/training/backend/cpu"
)

// TrainerOptions are the options of a Trainer.
type TrainerOptions struct {
	Batch int // images of a step
	// Device computes; nil: the processor, with so many Threads, of which 0 stands for one for each physical core. Results don't depend
	// on their number.
	Device  backend.Device
	Threads int

	Optimizer   string // one of Optimizers; "": sgd
	Momentum    float64
	WeightDecay float64
	// NoDecayNormBias leaves out biases and batch norms' parameters from weight decay.
	NoDecayNormBias bool
	ClipNorm        float64 // see SolverOptions

	// ClassWeights, nil or one for each class, weigh the loss: of classification as PyTorch's CrossEntropyLoss(weight), of
	// tagging as BCEWithLogitsLoss(pos_weight): positives alone; of detection the classes' heatmaps.
	ClassWeights   []float32
	LabelSmoothing float64 // classification: this share of a label is spread evenly over all classes; 0 to below 1
	// FreezeBackbone trains the head alone; the backbone, its running statistics included, stays as it is.
	FreezeBackbone bool
	// HeadOnly trains the last layer alone, on features: Input takes [batch][Network.FeatureSize] in the place of images. Not for detection.
	HeadOnly bool
	// BackboneRate, if above 0, is what the learning rate is multiplied by for the backbone: a small one has fine-tuning forget less of what
	// the backbone knows. 0 stands for 1.
	BackboneRate float64
	Dropout      float64 // share of the last features that a step leaves out; 0 to below 1; not for detection
	Seed         uint64  // dropout's

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
	device  backend.Device
	home    *mirror // the network's memory on the device
	b       *builder
	plan    plan

	target       []float32
	targetBuffer backend.Buffer
	joint        detectionMap // detection only
	out          node         // logits or map
	logits       []float32    // what out was; see Logits
	loss         node
	// gradients of b.trained, in one array
	gradients      []node
	gradientBuffer backend.Buffer
	solver         *Solver
	average        *average // nil without averaging

	machine *machine        // computes loss and gradients
	ops     []backend.Op    // a whole step: the machine's, then the updates
	program backend.Program // of ops
	folds   backend.Program // packs the weights of a frozen backbone; nil without one
}

// Trainer makes a trainer of n: graph, gradients, memory and solver. The errors are ErrSpec.
func (n *Network) Trainer(o TrainerOptions) (*Trainer, error) {
	if err := n.check(o); err != nil {
		return nil, err
	}
	if o.Optimizer == "" {
		o.Optimizer = OptimizerSGD
	}
	t := &Trainer{net: n, options: o, device: o.Device}
	if t.device == nil {
		t.device = cpu.New(o.Threads)
	}
	if err := t.build(); err != nil {
		t.Close()
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
	case !(o.BackboneRate >= 0) || math.IsInf(o.BackboneRate, 0):
		return fmt.Errorf("%w: a rate of the backbone of %v times the learning rate", ErrSpec, o.BackboneRate)
	case o.HeadOnly && n.spec.Task.HasBoxes():
		return fmt.Errorf("%w: the head of a detector does not learn from features alone", ErrSpec)
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
	if t.plan, err = parsePlan(t.device, o.Plan); err != nil {
		return err
	}
	if t.solver, err = NewSolver(t.device, SolverOptions{Optimizer: o.Optimizer, Momentum: o.Momentum, ClipNorm: o.ClipNorm}); err != nil {
		return err
	}
	if t.home, err = t.net.home(t.device); err != nil {
		return err
	}
	b := newBuilder(t.net, training, o.Batch, t.device, t.home)
	b.headOnly = o.HeadOnly
	b.frozen, b.dropped, b.seed, b.plan = o.FreezeBackbone, o.Dropout, o.Seed, &t.plan
	b.settings, b.settingsBuffer = t.solver.settings, t.solver.settingsBuffer
	t.b = b
	t.out = b.outputs()
	if b.err != nil {
		return b.err
	}
	if t.loss, err = t.addLoss(); err != nil {
		return err
	}
	var variables []node
	for _, v := range b.trained {
		variables = append(variables, v.node)
	}
	if t.gradients, err = gorgonia.Grad(t.loss, variables...); err != nil {
		return fmt.Errorf("differentiating: %w", err)
	}
	parameters, err := t.placeGradients()
	if err != nil {
		return err
	}
	roots := append([]node{t.loss, t.out}, t.gradients...)
	for _, l := range b.norms {
		roots = append(roots, l.statistics)
	}
	if t.machine, err = newMachine(t.device, roots, b.given, t.plan.fused); err != nil {
		return err
	}
	if t.folds, err = b.recordFolds(); err != nil {
		return err
	}
	if err := t.solver.bind(parameters); err != nil {
		return err
	}
	if o.Average > 0 {
		if t.average, err = newAverage(t.net, t.home); err != nil {
			return err
		}
	}
	return t.record()
}

// addLoss adds the task's loss to the graph, and the memory of its target and of what the host reads.
func (t *Trainer) addLoss() (node, error) {
	spec, o := t.net.spec, t.options
	if spec.Task.HasBoxes() {
		t.joint = mapOf(t.out, spec.Classes)
	}
	t.logits = alignedFloats(nodeSize(t.out))
	logits, err := t.device.Share(t.logits)
	if err != nil {
		return nil, err
	}
	t.b.given[t.out] = t.b.mine(logits, nil)
	loss := lossFor(spec, o.Batch, t.joint, o.ClassWeights, o.LabelSmoothing)
	t.target = alignedFloats(elements(loss.in[1]))
	if t.targetBuffer, err = t.device.Share(t.target); err != nil {
		return nil, err
	}
	target := t.b.bind("target", loss.in[1], t.target, t.b.mine(t.targetBuffer, nil))
	n, err := apply(loss, t.out, target)
	if err == nil {
		t.b.given[n] = t.solver.statusBuffer.Part(0, 1)
	}
	return n, err
}

// placeGradients gives the gradients their memory and lists the parameters with their parts of it.
func (t *Trainer) placeGradients() ([]updated, error) {
	offsets, total := make([]int, len(t.b.trained)), 0
	for i, v := range t.b.trained {
		offsets[i] = total
		total += roundUp(v.size, t.device.Alignment())
	}
	var err error
	if t.gradientBuffer, err = t.device.Allocate(total); err != nil {
		return nil, err
	}
	var parameters []updated
	for i, v := range t.b.trained {
		whole := t.gradientBuffer.Part(offsets[i], v.size)
		t.b.given[t.gradients[i]] = whole
		for _, p := range v.parameters {
			decay := t.options.WeightDecay
			if t.options.NoDecayNormBias && p.role != weightRole {
				decay = 0
			}
			rate := 0.0
			if p.backbone {
				rate = t.options.BackboneRate
			}
			parameters = append(parameters, updated{
				name: p.name, shape: p.shape, decay: float32(decay), rate: float32(rate),
				weight: t.home.on(p), gradient: whole.Part(p.offset-v.offset, len(p.data)),
			})
		}
	}
	return parameters, nil
}

// record readies a whole step: loss and gradients, the optimizer's update, running statistics, the average.
func (t *Trainer) record() error {
	updates, err := t.solver.operations()
	if err != nil {
		return err
	}
	for _, l := range t.b.norms {
		updates = append(updates, l.track(t.home, t.machine.where.buffer(l.statistics)))
	}
	if t.average != nil {
		updates = append(updates, t.average.operations(t.solver.settingsBuffer)...)
	}
	for i := range updates {
		if _, ok := updates[i].Kernel.(backend.GradientNorm); !ok {
			updates[i].Guard = t.solver.guard()
		}
	}
	t.ops = append(slices.Clone(t.machine.ops), updates...)
	t.program, err = t.device.Record(t.ops)
	return err
}

// Input is the memory of the batch's images, [batch][height][width][3], or features, to be filled before each Step.
func (t *Trainer) Input() []float32 { return t.b.pixels }

// Step runs the batch in Input forward and back, updates parameters and running statistics, and returns the loss before the
// update. The errors are ErrTargets and ErrNotFinite, and what the device reports; then nothing was updated.
func (t *Trainer) Step(targets Targets, learningRate float64) (float64, error) {
	t.solver.LearningRate = learningRate
	if t.average != nil {
		t.solver.settings[backend.SettingDecay] = averageDecay(t.options.Average, float64(t.solver.step[0])+1)
	}
	loss, err := t.run(targets, t.program.Run)
	t.net.trained(t.home)
	if t.average != nil {
		t.average.memory.ahead = true
	}
	if err != nil {
		return loss, err
	}
	return loss, t.solver.updatedOnce()
}

// Gradients is the first half of Step: it returns the loss and leaves the gradients in the trainer.
func (t *Trainer) Gradients(targets Targets) (float64, error) {
	return t.run(targets, t.machine.RunAll)
}

// run has the device compute on the batch, and returns the loss.
func (t *Trainer) run(targets Targets, program func() error) (float64, error) {
	if err := fillTarget(t.net.spec, t.joint, targets, t.options.Batch, t.target); err != nil {
		return 0, err
	}
	t.solver.set()
	if err := t.upload(); err != nil {
		return 0, err
	}
	if err := program(); err != nil {
		return 0, err
	}
	if err := t.device.Download(t.solver.statusBuffer, t.solver.status); err != nil {
		return 0, err
	}
	loss := float64(t.solver.status[0])
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, fmt.Errorf("%w (%v at step %d): a smaller learning rate, a longer warm-up or gradient clipping usually helps", ErrNotFinite, loss, t.Iteration())
	}
	return loss, nil
}

// upload brings what the host has changed to the device: the batch, the settings, and state that was loaded.
func (t *Trainer) upload() error {
	moved, err := t.net.bring(t.home)
	if err == nil && moved && t.folds != nil {
		err = t.folds.Run()
	}
	if err == nil && t.average != nil {
		_, err = t.average.memory.push()
	}
	if err == nil {
		err = t.solver.upload()
	}
	if err == nil {
		err = t.device.Upload(t.b.given[t.b.image], t.b.pixels)
	}
	if err == nil {
		err = t.device.Upload(t.targetBuffer, t.target)
	}
	return err
}

// Fetch brings Network.State, SolverState and Averaged to the values after the last step, where the device has memory of
// its own. The error is the device's.
func (t *Trainer) Fetch() error {
	err := t.net.fetch()
	if err == nil {
		err = t.solver.memory.fetch()
	}
	if err == nil && t.average != nil {
		err = t.average.memory.fetch()
	}
	return err
}

// Logits is the network's output in training mode in the last Step, before the update: [batch][classes], or of a detector
// the joint map. It is valid until the next Step.
func (t *Trainer) Logits() ([]float32, error) {
	return t.logits, t.device.Download(t.b.given[t.out], t.logits)
}

// Iteration is the number of steps taken, those before a LoadSolverState included.
func (t *Trainer) Iteration() int { return int(t.solver.step[0]) }

// GradientNorm is the norm of the last step's gradients before clipping; 0 if they aren't clipped.
func (t *Trainer) GradientNorm() float64 { return t.solver.norm }

// SolverState lists what a training has to remember besides the network's state: the optimizer's state and the average of the
// weights, if one is kept. The Data are the trainer's own.
func (t *Trainer) SolverState() []Tensor {
	state := t.solver.State()
	for _, a := range t.Averaged() {
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

// SetThreads changes the number of threads, if the device has such; 0 stands for one for each physical core. Results don't depend
// on it.
func (t *Trainer) SetThreads(threads int) { setThreads(t.device, threads) }

func setThreads(d backend.Device, threads int) {
	if d, ok := d.(backend.Threaded); ok {
		d.SetThreads(threads)
	}
}

// SetGate has f called before each part of an operation, where it may wait: see backend.Device.
func (t *Trainer) SetGate(f func()) { t.device.SetGate(f) }

// Memory is the number of bytes that the trainer itself holds: results, gradients and the optimizer's state.
func (t *Trainer) Memory() int {
	floats := t.machine.where.arena.Len + t.gradientBuffer.Len + len(t.b.pixels) + len(t.target) + len(t.logits)
	for _, host := range t.solver.memory.host {
		floats += len(host)
	}
	return 4 * floats
}

// Close gives the trainer's memory back, and ends its threads unless it was given a device; it must not be used afterwards.
func (t *Trainer) Close() {
	for _, p := range []backend.Program{t.program, t.folds} {
		if p != nil {
			p.Close()
		}
	}
	if t.machine != nil {
		_ = t.machine.Close() // of a machine of ours it cannot fail
	}
	if t.b != nil {
		t.b.free()
	}
	t.device.Free(t.gradientBuffer)
	if t.average != nil {
		t.average.memory.free()
	}
	if t.solver != nil {
		t.solver.free()
	}
	if t.home != nil {
		t.net.release(t.home)
	}
	if t.options.Device == nil {
		t.device.Close()
	}
}

// gradient is the gradient of the parameter called name after Gradients, nil if it isn't trained.
func (t *Trainer) gradient(name string) []float32 {
	for _, p := range t.solver.parameters {
		if p.name == name {
			data := make([]float32, p.gradient.Len)
			if t.device.Download(p.gradient, data) == nil {
				return data
			}
		}
	}
	return nil
}
