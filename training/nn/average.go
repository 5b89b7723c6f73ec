package nn

import (
	"fmt"
	"strings"

	"viewfinder/training/backend"
)

const averageState = "solver.average."

// average is a moving average of a network's state.
type average struct {
	memory  *mirror // trainable values and statistics, laid out as the network's
	source  *mirror
	network *Network
}

// newAverage begins one at the network's present state.
func newAverage(n *Network, home *mirror) (*average, error) {
	if err := n.fetch(); err != nil {
		return nil, err
	}
	a := &average{memory: &mirror{device: home.device}, source: home, network: n}
	for _, host := range [][]float32{n.flat, n.statistics} {
		own := alignedFloats(len(host))
		copy(own, host)
		if _, err := a.memory.add(own); err != nil {
			a.memory.free()
			return nil, err
		}
	}
	return a, nil
}

// operations move the average towards the network's state; counts of batches are copied.
func (a *average) operations(settings backend.Buffer) []backend.Op {
	from, to, counters := a.source.buffers, a.memory.buffers, a.network.counters
	rest := len(a.network.statistics) - counters
	return []backend.Op{
		{
			Kernel: backend.Average{},
			In:     []backend.Buffer{settings, from[0], from[1].Part(0, counters)},
			Out:    []backend.Buffer{to[0], to[1].Part(0, counters)},
		},
		{
			Kernel: backend.Copy{},
			In:     []backend.Buffer{from[1].Part(counters, rest)}, Out: []backend.Buffer{to[1].Part(counters, rest)},
		},
	}
}

// averageDecay is the decay at a step, counted from 1. In the first steps the average moves faster, so that the initial
// weights are soon forgotten: by 1 - min(decay, (1+step)/(10+step)), as in TensorFlow's ExponentialMovingAverage.
func averageDecay(decay, step float64) float32 { return float32(min(decay, (1+step)/(10+step))) }

// Averaged is the moving average of the network's state, named and shaped as Network.State, to be loaded into a network of its
// own for prediction; nil if TrainerOptions.Average is 0. The Data are the trainer's own.
func (t *Trainer) Averaged() []Tensor {
	if t.average == nil {
		return nil
	}
	_ = t.average.memory.fetch() // see Fetch
	t.average.memory.touched()
	state := make([]Tensor, len(t.net.parameters))
	for i, p := range t.net.parameters {
		state[i] = p.tensor()
		array := t.average.memory.host[0]
		if !p.role.trainable() {
			array = t.average.memory.host[1]
		}
		state[i].Data = array[p.offset : p.offset+len(p.data) : p.offset+len(p.data)]
	}
	return state
}

// Copy writes values that Averaged listed into a network of the same kind.
func Copy(to *Network, state []Tensor) error {
	if len(state) != len(to.parameters) {
		return fmt.Errorf("%w: %d tensors for a network of %d", ErrState, len(state), len(to.parameters))
	}
	for i, p := range to.parameters {
		if len(state[i].Data) != len(p.data) {
			return fmt.Errorf("%w: %s has %d values instead of %d", ErrState, state[i].Name, len(state[i].Data), len(p.data))
		}
	}
	if err := to.fetch(); err != nil {
		return err
	}
	to.touched()
	for i, p := range to.parameters {
		copy(p.data, state[i].Data)
	}
	return nil
}

// AveragedState picks the averaged weights out of what Trainer.SolverState listed, under the names of Network.State; it is empty where no
// average was kept.
func AveragedState(state map[string]Tensor) map[string]Tensor {
	averaged := map[string]Tensor{}
	for name, t := range state {
		if of, ok := strings.CutPrefix(name, averageState); ok {
			t.Name = of
			averaged[of] = t
		}
	}
	return averaged
}
