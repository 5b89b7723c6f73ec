package nn

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/backend"
	"viewfinder/training/backend/cpu"
)

// remote is a second device: memory of its own, which the host reaches only by Upload and Download, no fused kernels, kernels of its own
// for a few operations and, for the others, the processor's on its memory. It spoils all scratch before each operation, so that
// nothing can be kept there; with strict it also holds every operation to writing nothing but its results.
type remote struct {
	*cpu.Device
	t      *testing.T
	strict bool
	memory []backend.Buffer
	shadow [][]float32 // what memory holds, if strict
	now    []float32

	up, down, runs int // float32 moved, programs run
}

func newRemote(t *testing.T) *remote {
	d := &remote{Device: cpu.New(2), t: t}
	t.Cleanup(d.Close)
	return d
}

func (d *remote) Variant() string { return "remote" }

func (d *remote) Has(backend.Kernel) bool { return false }

func (d *remote) Allocate(n int) (backend.Buffer, error) {
	b, err := d.Device.Allocate(n)
	d.memory = append(d.memory, b)
	return b, err
}

func (d *remote) Share(host []float32) (backend.Buffer, error) {
	b, err := d.Allocate(len(host))
	if err == nil {
		err = d.Device.Upload(b, slices.Repeat([]float32{float32(math.NaN())}, len(host)))
	}
	return b, err
}

func (d *remote) Free(b backend.Buffer) {
	d.memory = slices.DeleteFunc(d.memory, func(m backend.Buffer) bool { return m.ID == b.ID })
	d.Device.Free(b)
}

func (d *remote) Upload(to backend.Buffer, from []float32) error {
	d.up += to.Len
	return d.Device.Upload(to, from)
}

func (d *remote) Download(from backend.Buffer, to []float32) error {
	d.down += from.Len
	return d.Device.Download(from, to)
}

func (d *remote) Record(ops []backend.Op) (backend.Program, error) {
	p := &remoteProgram{d: d, ops: ops}
	for _, op := range ops {
		step, err := d.Device.Record([]backend.Op{op})
		if err != nil {
			return nil, err
		}
		p.steps = append(p.steps, step)
	}
	return p, nil
}

type remoteProgram struct {
	d     *remote
	ops   []backend.Op
	steps []backend.Program
}

func (p *remoteProgram) Measure([]time.Duration) {}

func (p *remoteProgram) Close() {}

func (p *remoteProgram) Run() error {
	p.d.runs++
	p.d.snapshot()
	for i, op := range p.ops {
		p.d.write(op.Scratch, slices.Repeat([]float32{float32(math.NaN())}, op.Scratch.Len))
		if !p.d.compute(op) {
			if err := p.steps[i].Run(); err != nil {
				return err
			}
		}
		p.d.compare(op)
	}
	return nil
}

// compute does the operations that the device has kernels of its own for.
func (d *remote) compute(op backend.Op) bool {
	switch k := op.Kernel.(type) {
	case backend.Sum:
		a, b := d.read(op.In[0]), d.read(op.In[1])
		for i := range a {
			a[i] += b[i]
		}
		d.write(op.Out[0], a)
	case backend.Multiply:
		x, factor := d.read(op.In[0]), d.read(op.In[1])[0]
		for i := range x {
			x[i] *= factor
		}
		d.write(op.Out[0], x)
	case backend.Row:
		d.write(op.Out[0], d.read(op.In[0].Part(k.Index*op.Out[0].Len, op.Out[0].Len)))
	default:
		return false
	}
	return true
}

func (d *remote) read(b backend.Buffer) []float32 {
	data := make([]float32, b.Len)
	if err := d.Device.Download(b, data); err != nil {
		d.t.Error(err)
	}
	return data
}

func (d *remote) write(b backend.Buffer, data []float32) {
	if err := d.Device.Upload(b, data); err != nil {
		d.t.Error(err)
	}
}

// snapshot copies all of the memory to shadow, if the device is strict.
func (d *remote) snapshot() {
	d.shadow = nil
	for _, b := range d.memory {
		if d.strict {
			d.shadow = append(d.shadow, d.read(b))
		}
	}
}

// compare holds an operation to having written nothing but its results and its scratch, by the shadow, which it brings up to date.
func (d *remote) compare(op backend.Op) {
	for i, was := range d.shadow {
		id := d.memory[i].ID
		for _, b := range append(slices.Clone(op.Out), op.Scratch) {
			if b.ID == id && b.Len > 0 {
				copy(was[b.Offset:], d.read(b))
			}
		}
		d.now = slices.Grow(d.now[:0], len(was))[:len(was)]
		if err := d.Device.Download(d.memory[i], d.now); err != nil {
			d.t.Fatal(err)
		}
		for k, v := range d.now {
			if math.Float32bits(v) != math.Float32bits(was[k]) {
				d.t.Fatalf("%s has written element %d of buffer %d, which is none of its results", op.Kernel.Name(), k, id)
			}
		}
	}
}

// deviceSpecs are every architecture with every task.
func deviceSpecs(t *testing.T) map[string]Spec {
	all := map[string]Spec{}
	for _, a := range Architectures() {
		if testing.Short() && a.Name != "small_cnn" && a.Name != "mobilenet_v2_035" {
			continue
		}
		for _, task := range domain.Tasks() {
			all[fmt.Sprint(a.Name, " ", task)] = Spec{Architecture: a.Name, Task: task, Classes: 3, Height: 32, Width: 48}
		}
	}
	return all
}

// A device with memory of its own trains and predicts to the same bits as the processor with the same kernels, in one run a step, for
// which only the batch goes in and the loss comes back.
func TestSecondDevice(t *testing.T) {
	for name, spec := range deviceSpecs(t) {
		t.Run(name, func(t *testing.T) {
			o := TrainerOptions{Batch: 3, Threads: 2, Optimizer: OptimizerAdamW, WeightDecay: 1e-2, ClipNorm: 1, Average: 0.9, Dropout: 0.3, Seed: 4}
			if spec.Task.HasBoxes() {
				o.Dropout = 0
			}
			o.Plan = unfused()
			n, trainer, targets := testRun(t, spec, o)
			d := newRemote(t)
			o.Device, o.Plan = d, ""
			far, there, _ := testRun(t, spec, o)
			p, err := far.PredictorOn(d, 3)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			for i := range 3 {
				d.strict = spec.Architecture == "small_cnn" && i == 1
				d.up, d.down, d.runs = 0, 0, 0
				want, err := trainer.Step(targets, 1e-3)
				if err != nil {
					t.Fatal(err)
				}
				got, err := there.Step(targets, 1e-3)
				if err != nil {
					t.Fatal(err)
				}
				if got != want || there.GradientNorm() != trainer.GradientNorm() {
					t.Errorf("loss %v, norm %v; the processor's %v, %v", got, there.GradientNorm(), want, trainer.GradientNorm())
				}
				if i == 0 {
					continue // the first brings the weights
				}
				if batch := len(there.Input()) + len(there.target) + backend.SettingsLen; d.up != batch || d.down != statusLen || d.runs != 1 {
					t.Errorf("a step moves %d values in (a batch has %d) and %d back, in %d runs", d.up, batch, d.down, d.runs)
				}
			}
			d.strict = false
			checkPrediction(t, n, p, trainer.Input(), targets)
			if d.down -= statusLen; d.down >= far.Parameters() {
				t.Errorf("predicting on the device that has trained fetches %d values", d.down)
			}
			if err := there.Fetch(); err != nil {
				t.Fatal(err)
			}
			compareBits(t, append(far.State(), there.SolverState()...), append(n.State(), trainer.SolverState()...))
		})
	}
}

// checkPrediction holds a predictor on a device to the processor's of the same weights.
func checkPrediction(t *testing.T, n *Network, there *Predictor, images []float32, targets Targets) {
	t.Helper()
	here, err := n.Predictor(3, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	var losses [2]float64
	for i, p := range []*Predictor{here, there} {
		if err := p.Sync(); err != nil {
			t.Fatal(err)
		}
		copy(p.Input(), images)
		if err := p.Forward(3); err != nil {
			t.Fatal(err)
		}
		if losses[i], err = p.Loss(targets, 3); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(there.out, here.out) || !slices.Equal(there.Features().Data, here.Features().Data) || losses[0] != losses[1] {
		t.Errorf("predictions differ; losses %v", losses)
	}
	for _, p := range []*Predictor{here, there} {
		if err := p.Forward(1); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(there.Features().Data, here.Features().Data) || there.Features().Data[0] != there.features[0] {
		t.Error("features of one image differ")
	}
}

// State that is loaded goes to the device, and a lost loss changes nothing there.
func TestSecondDeviceState(t *testing.T) {
	spec := specs["classification"]
	o := TrainerOptions{Batch: 2, Momentum: 0.9, Average: 0.9, FreezeBackbone: true}
	other, _, _ := testRun(t, spec, TrainerOptions{Batch: 2})
	for i := range other.flat {
		other.flat[i] *= 1.5
	}
	_, trainer, targets := testRun(t, spec, o)
	o.Device = newRemote(t)
	far, there, _ := testRun(t, spec, o)
	if _, err := there.Step(targets, 0.1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := far.LoadState(saved(other.State())); err != nil {
		t.Fatal(err)
	}
	if _, _, err := trainer.net.LoadState(saved(other.State())); err != nil {
		t.Fatal(err)
	}
	want, err := trainer.Gradients(targets)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := there.Gradients(targets); err != nil || got != want {
		t.Errorf("loss %v, %v; the processor's %v", got, err, want)
	}
	before := saved(append(far.State(), there.SolverState()...))
	there.Input()[0] = float32(math.Inf(1))
	if _, err := there.Step(targets, 0.1); !errors.Is(err, ErrNotFinite) {
		t.Fatal(err)
	}
	for _, s := range append(far.State(), there.SolverState()...) {
		if !slices.Equal(s.Data, before[s.Name].Data) {
			t.Errorf("%s has changed", s.Name)
		}
	}
}
