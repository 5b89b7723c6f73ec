//go:build distill

package nn

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/gorgonia"

	"viewfinder/training/backend"
	"viewfinder/training/backend/cpu"
	"viewfinder/training/kernels"
)

// DistillOptions are the options by which a MobileNet-V2 learns from another of the same width.
type DistillOptions struct {
	Batch, Threads int
	// Alone has every layer learn by itself, fed with the teacher's map before it; otherwise the whole network learns.
	Alone                 bool
	WeightDecay, ClipNorm float64
	// Spread is the teacher's deviations by which distances are measured, see Distiller.Spread; nil for a distiller that only measures them.
	Spread [][]float32
}

// distillLayers is the number of layers in the sense of distillation: the first convolution, the 17 blocks, the last convolution.
const distillLayers = 19

// distillDepths are the layers (counted from 1) whose maps the whole network learns from, after Romero et al., "FitNets: Hints for Thin Deep
// Nets" (2015).
var distillDepths = []int{2, 4, 7, 11, 14, 17, 18, 19}

// The losses of the whole network: the mean features' squared distances, the maps' smooth ones.
const (
	distillFeatures = 3.0
	distillMaps     = 2.0
	distillBeta     = 2.0
)

// Distiller trains a network of one of MobileNet-V2's widths to compute the maps of another: unlike a Trainer's its loss is a distance to what the
// teacher computes of the same batch. It is for one goroutine.
type Distiller struct {
	*Trainer
	teacher      *builder
	teacherNet   *Network
	teacherHome  *mirror
	teacherFolds backend.Program
	forward      *machine
	shapes       [][]int // of the teacher's maps: each layer's, then the mean features
	buffers      []backend.Buffer
	maps         [][]float32 // the host's view of buffers
}

// Distiller makes one of n, which learns, and its teacher.
func (n *Network) Distiller(teacher *Network, o DistillOptions) (*Distiller, error) {
	for _, net := range []*Network{n, teacher} {
		if _, ok := distillWidths[net.spec.Architecture]; !ok {
			return nil, fmt.Errorf("%w: %s is no MobileNet-V2", ErrSpec, net.spec.Architecture)
		}
	}
	if n.spec.Architecture != teacher.spec.Architecture || n.spec.Height != teacher.spec.Height || n.spec.Width != teacher.spec.Width {
		return nil, fmt.Errorf("%w: teacher and network must have one architecture and size", ErrSpec)
	}
	t := &Trainer{net: n, options: TrainerOptions{Batch: o.Batch, Optimizer: OptimizerAdamW, WeightDecay: o.WeightDecay, ClipNorm: o.ClipNorm}, device: cpu.New(o.Threads)}
	d := &Distiller{Trainer: t, teacherNet: teacher}
	if err := d.build(o); err != nil {
		d.Close()
		return nil, fmt.Errorf("building %s for distillation: %w", n.spec.Architecture, err)
	}
	return d, nil
}

var distillWidths = map[string]float64{"mobilenet_v2_035": 0.35, "mobilenet_v2_050": 0.5, "mobilenet_v2_100": 1}

// distillLayer adds one of the 19 layers of MobileNet-V2 on x.
func (b *builder) distillLayer(x node, layer int) node {
	width := distillWidths[b.net.spec.Architecture]
	switch layer {
	case 1:
		return b.convNorm(x, "features.0.0", "features.0.1", mobileConv(divisible(32*width), 3, 2, 1, kernels.ReLU6), nil)
	case distillLayers:
		return b.convNorm(x, "features.18.0", "features.18.1", mobileConv(divisible(1280*max(1, width)), 1, 1, 1, kernels.ReLU6), nil)
	}
	block := layer - 1
	for _, g := range mobileNetGroups {
		if block > g.blocks {
			block -= g.blocks
			continue
		}
		stride := 1
		if block == 1 {
			stride = g.stride
		}
		return invertedResidual(b, x, fmt.Sprintf("features.%d.conv", layer-1), g.expansion, divisible(float64(g.channels)*width), stride)
	}
	panic(layoutError{fmt.Errorf("no layer %d", layer)})
}

// guarded runs a builder's work and returns its layoutError.
func guarded(work func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			layout, ok := r.(layoutError)
			if !ok {
				panic(r)
			}
			err = layout.err
		}
	}()
	work()
	return nil
}

func (d *Distiller) build(o DistillOptions) error {
	t := d.Trainer
	var err error
	if t.plan, err = parsePlan(t.device, ""); err != nil {
		return err
	}
	if t.solver, err = NewSolver(t.device, SolverOptions{Optimizer: t.options.Optimizer, ClipNorm: t.options.ClipNorm}); err != nil {
		return err
	}
	if t.home, err = t.net.home(t.device); err != nil {
		return err
	}
	b := newBuilder(t.net, training, o.Batch, t.device, t.home)
	b.plan, b.settings, b.settingsBuffer = &t.plan, t.solver.settings, t.solver.settingsBuffer
	t.b = b
	spec := t.net.spec
	if err := guarded(func() {
		b.image = b.input("input", b.batch, spec.Height, spec.Width, 3)
		b.pixels = b.image.Value().Data().([]float32)
	}); err != nil {
		return err
	}
	if err := d.buildTeacher(o.Batch); err != nil {
		return err
	}
	if o.Spread == nil {
		return nil
	}
	if err := guarded(func() { t.loss = d.losses(o) }); err != nil {
		return err
	}
	b.given[t.loss] = t.solver.statusBuffer.Part(0, 1)
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
	roots := append([]node{t.loss}, t.gradients...)
	for _, l := range b.norms {
		roots = append(roots, l.statistics)
	}
	if t.machine, err = newMachine(t.device, roots, b.given, t.plan.fused); err != nil {
		return err
	}
	if err := t.solver.bind(parameters); err != nil {
		return err
	}
	return t.record()
}

// buildTeacher readies the teacher, whose maps are written to d.buffers.
func (d *Distiller) buildTeacher(batch int) error {
	t := d.Trainer
	var err error
	if d.teacherHome, err = d.teacherNet.home(t.device); err != nil {
		return err
	}
	b := newBuilder(d.teacherNet, predicting, batch, t.device, d.teacherHome)
	b.plan, d.teacher = &t.plan, b
	var roots []node
	if err := guarded(func() {
		picture := d.teacherNet.spec.Picture
		b.pixels = t.b.pixels
		x := b.bind("input", t.b.image.Shape(), b.pixels, t.b.given[t.b.image])
		b.image = x
		if picture != (Picture{}) {
			x = b.apply(pictureForm(x.Shape(), picture), x)
		}
		for layer := 1; layer <= distillLayers; layer++ {
			x = b.distillLayer(x, layer)
			upright := x
			if picture.Turned {
				upright = b.apply(turn(x.Shape()), x)
			}
			roots = append(roots, upright)
		}
		roots = append(roots, b.apply(globalAvgPool(x.Shape()), x))
		for _, r := range roots {
			shape := slices.Clone([]int(r.Shape()))
			d.maps = append(d.maps, alignedFloats(elements(shape)))
			buffer := b.mine(t.device.Share(d.maps[len(d.maps)-1]))
			d.shapes, d.buffers = append(d.shapes, shape), append(d.buffers, buffer)
			b.given[r] = buffer
		}
	}); err != nil {
		return err
	}
	if d.forward, err = newMachine(t.device, roots, b.given, true); err != nil {
		return err
	}
	if d.teacherFolds, err = b.recordFolds(); err != nil {
		return err
	}
	if _, err := d.teacherNet.bring(d.teacherHome); err != nil {
		return err
	}
	return d.teacherFolds.Run()
}

// losses adds the network and its distances to the teacher's maps; maps[k] is layer k's, the last one is of the mean features.
func (d *Distiller) losses(o DistillOptions) (total node) {
	b := d.b
	target := func(k int) node { return b.bind(fmt.Sprint("teacher ", k), d.shapes[k-1], nil, d.buffers[k-1]) }
	scale := func(k int) []float32 {
		inverse := make([]float32, len(o.Spread[k-1]))
		for c, v := range o.Spread[k-1] {
			inverse[c] = 1 / v
		}
		return inverse
	}
	add := func(x node, k int, beta, weight float64) {
		loss := b.apply(distance(d.shapes[k-1], scale(k), beta, weight), x, target(k))
		if total == nil {
			total = loss
			return
		}
		total = b.apply(sum(nil), total, loss)
	}
	x := b.image
	for k := 1; k <= distillLayers; k++ {
		if o.Alone && k > 1 {
			x = target(k - 1)
		}
		x = b.distillLayer(x, k)
		switch {
		case o.Alone:
			add(x, k, 0, 1)
		case slices.Contains(distillDepths, k):
			add(x, k, distillBeta, distillMaps)
		}
	}
	if !o.Alone {
		add(b.apply(globalAvgPool(x.Shape()), x), distillLayers+1, 0, distillFeatures)
	}
	return total
}

// Teach computes the teacher's maps of the batch in Input.
func (d *Distiller) Teach() error {
	if err := d.device.Upload(d.b.given[d.b.image], d.b.pixels); err != nil {
		return err
	}
	return d.forward.RunAll()
}

// Step has the network learn from the batch in Input and returns the loss before the update. The errors are ErrNotFinite and the device's; then
// nothing was updated.
func (d *Distiller) Step(learningRate float64) (float64, error) {
	t := d.Trainer
	if err := d.Teach(); err != nil {
		return 0, err
	}
	t.solver.LearningRate = learningRate
	t.solver.set()
	if _, err := t.net.bring(t.home); err != nil {
		return 0, err
	}
	if err := t.solver.upload(); err != nil {
		return 0, err
	}
	err := t.program.Run()
	t.net.trained(t.home)
	if err == nil {
		err = t.device.Download(t.solver.statusBuffer, t.solver.status)
	}
	if err != nil {
		return 0, err
	}
	loss := float64(t.solver.status[0])
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return loss, fmt.Errorf("%w (%v at step %d)", ErrNotFinite, loss, t.Iteration())
	}
	return loss, t.solver.updatedOnce()
}

// Loss is the loss of the batch in Input without an update.
func (d *Distiller) Loss() (float64, error) {
	t := d.Trainer
	if err := d.Teach(); err != nil {
		return 0, err
	}
	if _, err := t.net.bring(t.home); err != nil {
		return 0, err
	}
	if err := t.machine.RunAll(); err != nil {
		return 0, err
	}
	err := t.device.Download(t.solver.statusBuffer, t.solver.status)
	return float64(t.solver.status[0]), err
}

// Statistics are sums of what the batch norms of several batches have seen: Observe adds a batch, Settle makes the means the running statistics,
// which prediction uses. The zero value is ready.
type Statistics struct {
	count float64
	sums  map[string][]float64
}

// Observe adds those of the batch in Input, by the weights as they are, and returns the loss.
func (d *Distiller) Observe(s *Statistics) (float64, error) {
	loss, err := d.Loss()
	if err != nil {
		return 0, err
	}
	if s.sums == nil {
		s.sums = map[string][]float64{}
	}
	for _, l := range d.b.norms {
		both, err := d.machine.value(l.statistics)
		if err != nil {
			return 0, err
		}
		rows := float64(l.shape.Rows)
		for i, p := range []*parameter{l.parameters.mean, l.parameters.variance} {
			if s.sums[p.name] == nil {
				s.sums[p.name] = make([]float64, l.shape.C)
			}
			for c, v := range both[i*l.shape.C:][:l.shape.C] {
				if i == 1 {
					v *= float32(rows / (rows - 1)) // PyTorch's running variance is the unbiased one
				}
				s.sums[p.name][c] += float64(v)
			}
		}
	}
	s.count++
	return loss, nil
}

// Settle writes what was observed into the network.
func (d *Distiller) Settle(s *Statistics) error {
	if err := d.net.fetch(); err != nil {
		return err
	}
	d.net.touched()
	for name, sums := range s.sums {
		for c, v := range sums {
			d.net.byName[name].data[c] = float32(v / s.count)
		}
	}
	return nil
}

// Map is the teacher's map of layer k (1 to 19) of the last batch, [batch][h][w][c], or with k 20 its mean features [batch][c].
func (d *Distiller) Map(k int) (data []float32, channels int) {
	shape := d.shapes[k-1]
	return d.maps[k-1], shape[len(shape)-1]
}

// DistillMaps is the number of what Map gives.
const DistillMaps = distillLayers + 1

// Close gives the memory back.
func (d *Distiller) Close() {
	if d.forward != nil {
		_ = d.forward.Close()
	}
	if d.teacherFolds != nil {
		d.teacherFolds.Close()
	}
	if d.teacher != nil {
		d.teacher.free()
	}
	if d.teacherHome != nil {
		d.teacherNet.release(d.teacherHome)
	}
	device := d.device
	d.Trainer.options.Device = device // so that it stays until all is freed
	d.Trainer.Close()
	device.Close()
}
