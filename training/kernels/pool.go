package kernels

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool is a set of worker goroutines that share out the tiles of one operation at a time. Its methods may be called
// from several goroutines (calls wait for one another), but not from inside a tile.
type Pool struct {
	mu      sync.Mutex // held while an operation runs
	threads int
	job     job
	next    atomic.Int64
	pending atomic.Int64  // helpers that still work on the phase
	turn    atomic.Uint64 // the phase's number and, in the lowest bits, how many helpers it has
	helpers []*helper
	looks   atomic.Bool // whether waits look before they sleep
	waiting atomic.Bool // the caller sleeps until done
	done    chan struct{}
	failure atomic.Pointer[tileFailure]
	local   [][]float32 // working memory of each worker, grown on demand
	gate    func()      // called before each phase
	closed  bool
}

// tileFailure carries a panic out of a worker to the caller.
type tileFailure struct{ value any }

// job is one operation in flight: the tile function and what it needs. It lives in the Pool and is reused, so that
// starting an operation allocates nothing.
type job struct {
	fn    func(j *job, tile, worker int)
	tiles int
	pool  *Pool

	call   func(i int)
	conv   ConvShape
	pl     PoolShape
	bn     BatchNormShape
	act    Activation
	i      [8]int
	f      [12]float32
	x      []float32
	y      []float32
	w      []float32
	b      []float32
	t      [8][]float32
	bytes  []uint8
	set    *ParamSet
	dir    direct
	win    winograd
	wts    weightsPlan
	form   Form
	depth  bool
	vec    *vector
	n      [4]int
	normed normed
}

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
		threads = PhysicalCores()
	}
	p.threads = threads
	p.looks.Store(threads <= runtime.GOMAXPROCS(0))
	for len(p.helpers) < threads-1 && !p.closed {
		h := &helper{wake: make(chan struct{}, 1), seen: p.turn.Load()}
		p.helpers = append(p.helpers, h)
		go p.worker(h, len(p.helpers))
	}
	for len(p.local) < threads {
		p.local = append(p.local, nil)
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
	j := p.begin()
	j.call = f
	p.run(runCall, n)
}

func runCall(j *job, tile, _ int) { j.call(tile) }

// begin takes the pool for one operation and hands out its job; run gives both back.
func (p *Pool) begin() *job {
	p.mu.Lock()
	return &p.job
}

// run works off the tiles of the job taken by begin.
func (p *Pool) run(fn func(j *job, tile, worker int), tiles int) {
	j := &p.job
	j.fn, j.tiles, j.pool = fn, tiles, p
	defer p.finish()
	p.phase(fn, tiles)
}

// phase works off one set of tiles without giving the pool back, for operations of several steps.
func (p *Pool) phase(fn func(j *job, tile, worker int), tiles int) {
	j := &p.job
	j.fn, j.tiles, j.pool = fn, tiles, p
	if p.gate != nil {
		p.gate()
	}
	helpers := min(p.threads, tiles) - 1
	p.next.Store(0)
	if helpers <= 0 || p.closed {
		for i := range tiles {
			fn(j, i, 0)
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
	p.work(0)
	p.await()
	if f := p.failure.Swap(nil); f != nil {
		panic(f.value)
	}
}

func (p *Pool) finish() {
	p.job = job{}
	p.mu.Unlock()
}

// work takes tiles until none is left. Which worker takes which tile is left to chance; no result depends on it.
func (p *Pool) work(id int) {
	defer func() {
		if v := recover(); v != nil {
			p.failure.CompareAndSwap(nil, &tileFailure{v})
			p.next.Store(int64(p.job.tiles))
		}
	}()
	j := &p.job
	for {
		i := int(p.next.Add(1)) - 1
		if i >= j.tiles {
			return
		}
		j.fn(j, i, id)
	}
}

// scratch returns at least n floats of working memory that only this worker uses, contents undefined.
func (p *Pool) scratch(worker, n int) []float32 {
	if len(p.local[worker]) < n {
		p.local[worker] = aligned(n)
	}
	return p.local[worker][:n]
}

// reserve makes sure that every worker has n floats of working memory, so that which worker takes a tile first does
// not decide when memory is allocated.
func (p *Pool) reserve(n int) {
	for w := range p.threads {
		p.scratch(w, n)
	}
}

// fail reports a mistake of the caller. It is called behind an if, and not with the condition, so that its arguments are
// put on the heap only then.
func fail(format string, args ...any) {
	panic("kernels: " + fmt.Sprintf(format, args...))
}
