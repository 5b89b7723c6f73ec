package data

import (
	"fmt"
	"sync"

	"viewfinder/storage/domain"
)

// Batch is what one iteration trains on.
type Batch struct {
	Iteration int              // counted from 0
	Pixels    []float32        // [batch][height][width][3]
	Samples   []int            // index in the Set of each
	Boxes     [][]domain.Box32 // of each, augmented, where the Set has boxes
	Err       error            // why it could not be made
}

// Loader prepares batches ahead of the network on goroutines of its own.
type Loader struct {
	set   *Set
	order *Order
	aug   *Augmenter
	size  int
	seed  uint64

	next  int // iteration that is given out next
	end   int
	ahead []*job
	free  []*job
	work  chan *job
	wg    sync.WaitGroup
	given *job
}

type job struct {
	batch Batch
	done  chan struct{}
}

// LoaderOptions are the options of a Loader.
type LoaderOptions struct {
	Batch   int
	Seed    uint64
	Start   int // first iteration, counted from 0
	End     int // one past the last
	Workers int
}

// NewLoader starts preparing. The batch of an iteration depends on the set, the order, the seed and the iteration alone. Close it.
func NewLoader(set *Set, order *Order, aug *Augmenter, o LoaderOptions) *Loader {
	l := &Loader{set: set, order: order, aug: aug, size: o.Batch, seed: o.Seed, next: o.Start, end: o.End}
	workers := max(1, o.Workers)
	depth := workers + 2
	l.work = make(chan *job, depth)
	f := set.Frame
	for range depth {
		l.free = append(l.free, &job{batch: Batch{
			Pixels: make([]float32, o.Batch*f.bytes()), Samples: make([]int, o.Batch), Boxes: make([][]domain.Box32, o.Batch),
		}})
	}
	for range workers {
		l.wg.Go(l.run)
	}
	l.fill()
	return l
}

// fill gives out as many iterations as there are free buffers. The order is asked here, by one goroutine.
func (l *Loader) fill() {
	for len(l.free) > 0 && l.next < l.end {
		j := l.free[len(l.free)-1]
		l.free = l.free[:len(l.free)-1]
		j.done = make(chan struct{})
		j.batch.Iteration, j.batch.Err = l.next, nil
		for k := range l.size {
			j.batch.Samples[k] = l.order.At(uint64(l.next)*uint64(l.size) + uint64(k))
		}
		l.next++
		l.ahead = append(l.ahead, j)
		l.work <- j
	}
}

// Next returns the next iteration's batch, which is valid until the next call; nil after the last.
func (l *Loader) Next() *Batch {
	if l.given != nil {
		l.free = append(l.free, l.given)
		l.given = nil
	}
	l.fill()
	if len(l.ahead) == 0 {
		return nil
	}
	j := l.ahead[0]
	l.ahead = append(l.ahead[:0], l.ahead[1:]...)
	<-j.done
	l.given = j
	return &j.batch
}

// Close ends the goroutines.
func (l *Loader) Close() {
	close(l.work)
	l.wg.Wait()
}

func (l *Loader) run() {
	buf, work := l.set.Buffer(), l.set.Buffer()
	for j := range l.work {
		j.batch.Err = l.make(&j.batch, buf, work)
		close(j.done)
	}
}

func (l *Loader) make(b *Batch, buf, work []byte) error {
	n := l.set.Frame.bytes()
	for k, i := range b.Samples {
		src, err := l.set.pixels(i, buf)
		if err != nil {
			return fmt.Errorf("preparing iteration %d: %w", b.Iteration+1, err)
		}
		d := l.aug.Draw(l.seed, b.Iteration, k)
		l.aug.Apply(d, b.Pixels[k*n:(k+1)*n], src, work)
		if boxes := l.set.Items[i].Boxes; boxes != nil {
			b.Boxes[k] = l.aug.Boxes(d, boxes)
		} else {
			b.Boxes[k] = nil
		}
	}
	return nil
}
