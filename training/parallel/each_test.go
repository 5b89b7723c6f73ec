package parallel

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestEachOnce(t *testing.T) {
	for _, processors := range []int{1, 4} {
		before := runtime.GOMAXPROCS(processors)
		for _, n := range []int{0, 1, 3, 1000} {
			calls := make([]atomic.Int32, n)
			Each(n, func(i int) { calls[i].Add(1) })
			for i := range calls {
				if c := calls[i].Load(); c != 1 {
					t.Errorf("%d of %d is called %d times on %d processors", i, n, c, processors)
				}
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

// The parts cover everything once and in order, and so do their results.
func TestParts(t *testing.T) {
	for _, n := range []int{0, 1, 2048, 100_000} {
		calls := make([]atomic.Int32, n)
		Parts(n, func(from, to int) {
			for i := from; i < to; i++ {
				calls[i].Add(1)
			}
		})
		for i := range calls {
			if calls[i].Load() != 1 {
				t.Fatalf("%d of %d is in %d parts", i, n, calls[i].Load())
			}
		}
		at := 0
		for _, part := range Gather(n, func(from, to int) [2]int { return [2]int{from, to} }) {
			if part[0] != at || part[1] < at {
				t.Errorf("of %d a part is %v after %d", n, part, at)
			}
			at = part[1]
		}
		if at != n {
			t.Errorf("of %d the parts end at %d", n, at)
		}
	}
}
