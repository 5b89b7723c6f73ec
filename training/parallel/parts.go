package parallel

import (
	"runtime"
	"sync"
)

// Parts calls f for parts of 0..n on all processors; the parts are whole and do not overlap.
func Parts(n int, f func(from, to int)) {
	Gather(n, func(from, to int) struct{} { f(from, to); return struct{}{} })
}

// Gather is Parts with a result from each part, in the order of the parts, so that sums do not depend on which is done first.
func Gather[T any](n int, f func(from, to int) T) []T {
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
