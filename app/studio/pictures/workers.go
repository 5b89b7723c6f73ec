package pictures

import (
	"context"
	"sync"
)

// workers run jobs on a fixed number of goroutines, the job that came last first: what a person scrolled to is wanted before what
// they scrolled past.
type workers struct {
	mu     sync.Mutex
	wake   *sync.Cond
	jobs   []job
	closed bool
	wg     sync.WaitGroup
}

type job struct {
	ctx context.Context
	run func(context.Context)
}

// maxJobs bounds what waits: when it is reached, the older half is dropped, unseen by now.
const maxJobs = 4096

func newWorkers(n int) *workers {
	w := &workers{}
	w.wake = sync.NewCond(&w.mu)
	w.wg.Add(n)
	for range n {
		go w.loop()
	}
	return w
}

// add queues a job; it is not run if its context has ended by then.
func (w *workers) add(ctx context.Context, run func(context.Context)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	if len(w.jobs) >= maxJobs {
		w.jobs = append(w.jobs[:0], w.jobs[len(w.jobs)/2:]...)
	}
	w.jobs = append(w.jobs, job{ctx, run})
	w.wake.Signal()
}

func (w *workers) loop() {
	defer w.wg.Done()
	for {
		w.mu.Lock()
		for len(w.jobs) == 0 && !w.closed {
			w.wake.Wait()
		}
		if w.closed {
			w.mu.Unlock()
			return
		}
		last := len(w.jobs) - 1
		j := w.jobs[last]
		w.jobs[last] = job{}
		w.jobs = w.jobs[:last]
		w.mu.Unlock()
		if j.ctx.Err() == nil {
			j.run(j.ctx)
		}
	}
}

// close lets running jobs end, drops the rest, and waits.
func (w *workers) close() {
	w.mu.Lock()
	w.closed = true
	w.jobs = nil
	w.wake.Broadcast()
	w.mu.Unlock()
	w.wg.Wait()
}
