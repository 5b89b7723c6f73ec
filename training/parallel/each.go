// Package parallel spreads work over the processors.
package parallel

import (
	"runtime"
	"sync"
)

// Each calls do with 0 to n-1, each once and in any order, on as many goroutines as there are processors, and returns when all have returned.
func Each(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	work := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range work {
				do(i)
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	group.Wait()
}
