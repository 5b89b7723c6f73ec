package nn

import (
	"fmt"
	"slices"
	"strings"

	"viewfinder/training/kernels"
)

const averageState = "solver.average."

// startAverage begins the moving average at the network's present state.
func (t *Trainer) startAverage() {
	t.average = t.net.State()
	for i := range t.average {
		t.average[i].Data = slices.Clone(t.average[i].Data)
	}
}

// updateAverage moves the average towards the network's state. In the first steps it moves faster, so that the initial
// weights are soon forgotten: by 1 - min(decay, (1+step)/(10+step)), as in TensorFlow's ExponentialMovingAverage.
func (t *Trainer) updateAverage() {
	if t.average == nil {
		return
	}
	step := float64(t.solver.step[0])
	decay := float32(min(t.options.Average, (1+step)/(10+step)))
	for i, p := range t.net.parameters {
		if p.role == batchesTrackedRole {
			copy(t.average[i].Data, p.data)
			continue
		}
		kernels.Average(t.pool, decay, p.data, t.average[i].Data)
	}
}

// Averaged is the moving average of the network's state, named and shaped as Network.State, to be loaded into a network of its
// own for prediction; nil if TrainerOptions.Average is 0. The Data are the trainer's own.
func (t *Trainer) Averaged() []Tensor { return t.average }

// Copy writes values that Averaged listed into a network of the same kind. It allocates nothing.
func Copy(to *Network, state []Tensor) error {
	if len(state) != len(to.parameters) {
		return fmt.Errorf("%w: %d tensors for a network of %d", ErrState, len(state), len(to.parameters))
	}
	for i, p := range to.parameters {
		if len(state[i].Data) != len(p.data) {
			return fmt.Errorf("%w: %s has %d values instead of %d", ErrState, state[i].Name, len(state[i].Data), len(p.data))
		}
	}
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
