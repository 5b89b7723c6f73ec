package training

import (
	"fmt"

	"viewfinder/training/machine"
)

// memoryBudget is what decoded pixels may take of the memory: a quarter of what is free, between 64 MiB and 4 GiB; 1 GiB where that is not known.
func memoryBudget() int64 {
	if free := machine.ReadMemory().Available; free > 0 {
		return min(max(free/4, 64<<20), 4<<30)
	}
	return 1 << 30
}

// leastShare is how many times a batch's input a training takes at the very least: batches ahead, activations and gradients.
const leastShare = 12

// fits refuses a batch that cannot fit in the memory, before the system kills the trainer for it.
func (t *trainer) fits() error {
	f := t.run.frame()
	need := int64(t.o.BatchSize) * int64(f.Height) * int64(f.Width) * 3 * 4 * leastShare
	if free := machine.ReadMemory().Available; free > 0 && need > free {
		return fmt.Errorf("a batch of %d images of %dx%d needs at least %.1f GB of memory, and %.1f GB is free: lower the batch size or the image size",
			t.o.BatchSize, f.Height, f.Width, float64(need)/1e9, float64(free)/1e9)
	}
	return nil
}
