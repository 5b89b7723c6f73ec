package metrics

import (
	"runtime"
	"sync"
)

// parallel calls f for parts of 0..n on all processors; the parts are whole and do not overlap.
func parallel(n int, f func(from, to int)) {
	gather(n, func(from, to int) struct{} { f(from, to); return struct{}{} })
}

// gather is parallel with a result from each part, in the order of the parts, so that sums do not depend on which is done first.
func gather[T any](n int, f func(from, to int) T) []T {
	const least = 2048
	parts := max(1, min(runtime.GOMAXPROCS(0), (n+least-1)/least))
	results := make([]T, parts)
	var wg sync.WaitGroup
	for k := range parts {
		if k == parts-1 { // this goroutine takes the last
			results[k] = f(k*n/parts, n)
			continue
		}
		wg.Go(func() { results[k] = f(k*n/parts, (k+1)*n/parts) })
	}
	wg.Wait()
	return results
}

// forEach calls f for each of 0..n, on all processors.
func forEach(n int, f func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	var wg sync.WaitGroup
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	for range workers {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	wg.Wait()
}

// keeper keeps what was computed for a key; of two goroutines that want the same one computes. Beyond a bound it forgets everything.
type keeper[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]func() V
}

const maxKept = 4096

func (k *keeper[K, V]) get(key K, compute func() V) V {
	k.mu.Lock()
	if k.kept == nil || len(k.kept) >= maxKept {
		k.kept = map[K]func() V{}
	}
	f, ok := k.kept[key]
	if !ok {
		f = sync.OnceValue(compute)
		k.kept[key] = f
	}
	k.mu.Unlock()
	return f()
}
