package kernels

import (
	"runtime"
	"sync/atomic"
	"time"
)

// A step of a network is hundreds of phases, most shorter than the time it takes to wake a sleeping thread. So who waits for the
// next phase, or for the end of one, first looks for it for a moment, and only then sleeps.

// spinTime is how long a wait looks before it sleeps: longer than what lies between two phases of a step.
const spinTime = 100 * time.Microsecond

// turnBits is the width of the number of helpers in Pool.turn.
const turnBits = 16

// helper is a worker goroutine.
type helper struct {
	wake     chan struct{}
	sleeping atomic.Bool
	seen     uint64 // the last turn that it knows of
}

// signal puts a token into c unless there is one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// look calls found until it is true, or for spinTime. It does not look at all where there are more threads than processors to
// run them.
func (p *Pool) look(found func() bool) bool {
	if found() {
		return true
	}
	if !p.spins.Load() {
		return false
	}
	for start := time.Now(); ; {
		for range 200 {
			if found() {
				return true
			}
		}
		if time.Since(start) > spinTime {
			return false
		}
		runtime.Gosched()
	}
}

// worker works on the phases that ask for helper number id until its channel is closed.
func (p *Pool) worker(h *helper, id int) {
	var turn uint64
	found := func() bool {
		turn = p.turn.Load()
		return turn != h.seen
	}
	for {
		for !p.look(found) {
			h.sleeping.Store(true)
			if !found() {
				if _, ok := <-h.wake; !ok {
					return
				}
			}
			h.sleeping.Store(false)
		}
		h.seen = turn
		if uint64(id) > turn&(1<<turnBits-1) {
			continue
		}
		p.take(id)
		if p.pending.Add(-1) == 0 && p.waiting.Load() {
			signal(p.done)
		}
	}
}

// await returns when no helper works on the phase any more.
func (p *Pool) await() {
	for !p.look(p.idle) {
		p.waiting.Store(true)
		if !p.idle() {
			<-p.done
		}
		p.waiting.Store(false)
	}
}

func (p *Pool) idle() bool { return p.pending.Load() == 0 }
