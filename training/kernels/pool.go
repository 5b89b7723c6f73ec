package kernels

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"viewfinder/training/machine"
)

// Pool is a set of worker goroutines that share out the tiles of one operation at a time. Its methods may be called
// from several goroutines (calls wait for one another), but not from inside a tile.
type Pool struct {
	mu      sync.Mutex // held while an operation runs
	threads int
	jobs    jobs
	work    tiles // of the phase, count of them
	count   int
	next    atomic.Int64
	pending atomic.Int64  // helpers that still work on the phase
	turn    atomic.Uint64 // the phase's number and, in the lowest bits, how many helpers it has
	helpers []*helper
	spins   atomic.Bool // whether waits spin before they sleep
	waiting atomic.Bool // the caller sleeps until done
	done    chan struct{}
	failure atomic.Pointer[tileFailure]
	own     []*workspace // of each worker
	gate    func()       // called before each phase
	closed  bool
}

// tileFailure carries a panic out of a worker to the caller.
type tileFailure struct{ value any }

// tiles are the tiles of one phase of an operation. tile works off tile i; those of a phase run at once, in any order. Each phase is a
// type around a pointer to its family's job, so that starting one allocates nothing.
type tiles interface{ tile(i int, own *workspace) }

// jobs are the operations in flight, one struct a family with what its tiles need. They live in the Pool and are reused.
type jobs struct {
	call      callJob
	element   elementJob
	dropout   dropoutJob
	concat    concatJob
	picture   pictureJob
	distance  distanceJob
	upsample  upsampleJob
	linear    linearJob
	pool      poolJob
	average   averageJob
	maps      mapsJob
	stats     statsJob
	join      joinJob
	norm      normJob
	sums      sumsJob
	conv      convJob
	grad      gradJob
	weights   weightsJob
	winograd  winogradJob
	normed    normedJob
	solver    updateJob
	detection detectionJob
}

// callJob is the job of Run.
type callJob struct{ f func(i int) }

// NewPool starts a pool with the given number of threads; 0 means one for each physical core.
func NewPool(threads int) *Pool {
	p := &Pool{done: make(chan struct{}, 1)}
	p.setThreads(threads)
	return p
}

// Threads is how many tiles are worked on at once.
func (p *Pool) Threads() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.threads
}

// SetThreads changes the number of threads from the next operation on; 0 means one for each physical core. Results do
// not depend on it.
func (p *Pool) SetThreads(threads int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setThreads(threads)
}

func (p *Pool) setThreads(threads int) {
	if threads <= 0 {
		threads = machine.ThisProcessor().Cores
	}
	p.threads = threads
	p.spins.Store(threads <= runtime.GOMAXPROCS(0))
	for len(p.helpers) < threads-1 && !p.closed {
		h := &helper{wake: make(chan struct{}, 1), seen: p.turn.Load()}
		p.helpers = append(p.helpers, h)
		go p.worker(h, len(p.helpers))
	}
	for len(p.own) < threads {
		p.own = append(p.own, &workspace{})
	}
}

// SetGate has f called before each phase of an operation, on the caller's goroutine: it may wait there, so that a long computation leaves the processor to
// others for a moment, within milliseconds. Results do not depend on it.
func (p *Pool) SetGate(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gate = f
}

// Close ends the workers. Operations on a closed pool still work, on the caller's thread alone.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	p.threads = 1
	for _, h := range p.helpers {
		close(h.wake)
	}
	p.helpers = nil
}

// Run calls f(0) ... f(n-1), each once, on the pool's threads, and returns when all have.
func (p *Pool) Run(n int, f func(i int)) {
	j := &p.begin().call
	j.f = f
	p.run(runCall{j}, n)
}

type runCall struct{ *callJob }

func (j runCall) tile(tile int, _ *workspace) { j.f(tile) }

// begin takes the pool for one operation and returns the jobs, all zero; finish or run gives both back.
func (p *Pool) begin() *jobs {
	p.mu.Lock()
	return &p.jobs
}

// run works off count tiles and gives the pool back.
func (p *Pool) run(work tiles, count int) {
	defer p.finish()
	p.phase(work, count)
}

// phase works off count tiles without giving the pool back, for operations of several steps.
func (p *Pool) phase(work tiles, count int) {
	p.work, p.count = work, count
	if p.gate != nil {
		p.gate()
	}
	helpers := min(p.threads, count) - 1
	p.next.Store(0)
	if helpers <= 0 || p.closed {
		for i := range count {
			work.tile(i, p.own[0])
		}
		return
	}
	p.pending.Store(int64(helpers))
	p.turn.Store((p.turn.Load()>>turnBits+1)<<turnBits | uint64(helpers))
	for _, h := range p.helpers[:helpers] {
		if h.sleeping.Load() {
			signal(h.wake)
		}
	}
	p.take(0)
	p.await()
	if f := p.failure.Swap(nil); f != nil {
		panic(f.value)
	}
}

func (p *Pool) finish() {
	p.jobs, p.work = jobs{}, nil
	p.mu.Unlock()
}

// take works off tiles until none is left. Which worker takes which tile is left to chance; no result depends on it.
func (p *Pool) take(id int) {
	defer func() {
		if v := recover(); v != nil {
			p.failure.CompareAndSwap(nil, &tileFailure{v})
			p.next.Store(int64(p.count))
		}
	}()
	work, count, own := p.work, p.count, p.own[id]
	for {
		i := int(p.next.Add(1)) - 1
		if i >= count {
			return
		}
		work.tile(i, own)
	}
}

// workspace is memory that only one worker uses, grown on demand.
type workspace struct{ memory []float32 }

// floats is n floats of it, contents undefined.
func (w *workspace) floats(n int) []float32 {
	if len(w.memory) < n {
		w.memory = aligned(n)
	}
	return w.memory[:n]
}

// reserve gives every worker n floats of working memory, so that which worker takes a tile first does
// not decide when memory is allocated.
func (p *Pool) reserve(n int) {
	for w := range p.threads {
		p.own[w].floats(n)
	}
}

// fail panics over an invalid argument of the caller. It is called behind an if, and not with the condition, so that its arguments are
// put on the heap only then.
func fail(format string, args ...any) {
	panic("kernels: " + fmt.Sprintf(format, args...))
}
