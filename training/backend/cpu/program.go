package cpu

import (
	"fmt"
	"math"
	"time"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// program is a list of calls whose memory is settled; running it allocates nothing.
type program struct {
	steps   []step
	elapsed []time.Duration
}

type step struct {
	run   func()
	guard []float32
}

// call is what a kernel works on: every slice has the length that its buffer has, and is nil where there is none.
type call struct {
	pool    *kernels.Pool
	in, out []([]float32)
	scratch []float32
}

// wanted is a result, or so many float32 of the scratch from offset on where nobody wants a result that the kernel insists on writing.
func (c *call) wanted(result, size, offset int) []float32 {
	if c.out[result] != nil {
		return c.out[result]
	}
	return c.scratch[offset : offset+size]
}

// stats are mean and variance of an input that holds both.
func (c *call) stats(input int) (mean, variance []float32) {
	both := c.in[input]
	return both[:len(both)/2], both[len(both)/2:]
}

// kernel is an operation ready for its memory: what scratch it needs, and, once that is settled, what runs it.
type kernel struct {
	scratch int
	bind    func(c *call) func()
}

// simple is a kernel that has nothing to prepare.
func simple(scratch int, run func(c *call)) kernel {
	return kernel{scratch, func(c *call) func() { return func() { run(c) } }}
}

// Scratch is how many float32 of scratch an operation needs.
func (d *Device) Scratch(op backend.Op) (int, error) {
	k, err := kernelOf(op)
	return k.scratch, err
}

// Record settles the memory of a list of operations.
func (d *Device) Record(ops []backend.Op) (backend.Program, error) {
	p := &program{}
	for _, op := range ops {
		s, err := d.step(op)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.Kernel.Name(), err)
		}
		p.steps = append(p.steps, s)
	}
	return p, nil
}

func (d *Device) step(op backend.Op) (step, error) {
	k, err := kernelOf(op)
	if err != nil {
		return step{}, err
	}
	c := &call{pool: d.pool}
	if c.in, err = d.all(op.In); err != nil {
		return step{}, err
	}
	if c.out, err = d.all(op.Out); err != nil {
		return step{}, err
	}
	if c.scratch, err = d.floats(op.Scratch); err != nil {
		return step{}, err
	}
	if len(c.scratch) < k.scratch {
		return step{}, fmt.Errorf("scratch of %d, want %d", len(c.scratch), k.scratch)
	}
	guard, err := d.floats(op.Guard)
	return step{k.bind(c), guard}, err
}

func (d *Device) all(buffers []backend.Buffer) ([][]float32, error) {
	list := make([][]float32, len(buffers))
	for i, b := range buffers {
		var err error
		if list[i], err = d.floats(b); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Run calls the kernels one after the other.
func (p *program) Run() error {
	for i := range p.steps {
		s := &p.steps[i]
		if s.guard != nil && !finite(s.guard) {
			continue
		}
		if p.elapsed != nil {
			start := time.Now()
			s.run()
			p.elapsed[i] += time.Since(start)
			continue
		}
		s.run()
	}
	return nil
}

func finite(values []float32) bool {
	for _, v := range values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return false
		}
	}
	return true
}

// Measure has the times of operations added to elapsed.
func (p *program) Measure(elapsed []time.Duration) { p.elapsed = elapsed }

// Close forgets the memory.
func (p *program) Close() { p.steps = nil }
