package training

import (
	"fmt"
	"math"
	"time"

	"viewfinder/training/checkpoint"
)

// Times between checkpoints that are not at metrics. One that is dear is written more seldom, so that checkpoints never cost more than a few
// percent: at least saveCost times what the last one took lies between two.
const (
	saveFirst = 3 * time.Second
	saveEvery = 20 * time.Second
	saveCost  = 50
)

// saver writes checkpoints while the training goes on: save only copies the values.
type saver struct {
	store checkpoint.Store
	copy  []checkpoint.Tensor
	busy  chan struct{} // nil = nothing was saved yet; closed = done
	err   error         // of the last one, valid when busy is closed
	took  time.Duration // by the last one, copying included
	last  time.Time     // when the last one began
	gap   time.Duration
}

func newSaver(store checkpoint.Store) *saver {
	return &saver{store: store, last: time.Now(), gap: saveFirst}
}

// due reports whether it is time for a checkpoint.
func (s *saver) due() bool { return time.Since(s.last) >= s.gap }

// save copies the tensors and begins to write them; it waits for the write before it to end and returns its error. Values that are not finite
// are refused: such a checkpoint would be worth nothing.
func (s *saver) save(iteration, best int, tensors []checkpoint.Tensor, metadata map[string]string) error {
	if err := s.wait(); err != nil {
		return err
	}
	begin := time.Now()
	if err := s.take(tensors); err != nil {
		return err
	}
	s.last, s.gap = begin, saveEvery
	busy := make(chan struct{})
	s.busy = busy
	go func() {
		defer close(busy)
		s.err = s.store.Save(iteration, best, s.copy, metadata)
		s.took = time.Since(begin)
	}()
	return nil
}

func (s *saver) take(tensors []checkpoint.Tensor) error {
	if len(s.copy) != len(tensors) {
		s.copy = make([]checkpoint.Tensor, len(tensors))
	}
	for i, t := range tensors {
		c := &s.copy[i]
		values := c.Data
		if len(values) != len(t.Data) {
			values = make([]float32, len(t.Data))
		}
		for k, v := range t.Data {
			if v-v != 0 { // NaN or infinite
				return fmt.Errorf("the weights %s are no longer finite (%v): %w", t.Name, v, errNotFinite)
			}
			values[k] = v
		}
		*c = t
		c.Data = values
	}
	return nil
}

// wait waits until the last checkpoint is on the disk and returns what went wrong with it, once.
func (s *saver) wait() error {
	if s.busy == nil {
		return nil
	}
	<-s.busy
	s.gap = max(saveEvery, saveCost*min(s.took, math.MaxInt64/saveCost))
	err := s.err
	s.err = nil
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	return nil
}

// failed returns the error of the last write if it has ended with one, without waiting.
func (s *saver) failed() error {
	if s.busy == nil {
		return nil
	}
	select {
	case <-s.busy:
		return s.wait()
	default:
		return nil
	}
}
