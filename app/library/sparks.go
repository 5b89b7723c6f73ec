package library

import (
	"context"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio/runs"
)

// sparks reads the val accuracies of the versions that are seen, one after another off the window's thread, and keeps them.
type sparks struct {
	read    func(id int64) (values []float64, final bool)
	changed func()
	known   map[int64]spark
	asked   chan int64
}

type spark struct {
	values    []float64
	final     bool
	asked     bool
	iteration int // of the version when it was read, to read a running one again
}

func newSparks(ctx context.Context, read func(int64) ([]float64, bool), changed func()) *sparks {
	s := &sparks{read: read, changed: changed, known: map[int64]spark{}, asked: make(chan int64, 256)}
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case id := <-s.asked:
				values, final := s.read(id)
				fyne.Do(func() {
					k := s.known[id]
					changed := len(values) != len(k.values)
					k.values, k.final, k.asked = values, final, false
					s.known[id] = k
					if changed {
						s.changed()
					}
				})
			}
		}
	}()
	return s
}

// get returns what is known, and has it read where it isn't or may have changed. It belongs to the window's thread.
func (s *sparks) get(v runs.Version) []float64 {
	k, ok := s.known[v.ID]
	if k.asked || k.final || ok && v.Run.Iteration == k.iteration {
		return k.values
	}
	select {
	case s.asked <- v.ID:
		k.asked, k.iteration = true, v.Run.Iteration
		s.known[v.ID] = k
	default: // enough is being read; the next refresh asks again
	}
	return k.values
}
