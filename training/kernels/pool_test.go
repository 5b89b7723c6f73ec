package kernels

import (
	"sync/atomic"
	"testing"
)

func TestPoolRunsEveryTileOnce(t *testing.T) {
	p := NewPool(3)
	defer p.Close()
	for range 100 {
		seen := make([]int, 37)
		p.Run(len(seen), func(i int) { seen[i]++ })
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("tile %d ran %d times", i, n)
			}
		}
	}
}

// The gate is called before each phase, on the caller's goroutine, and no tile runs before it lets through.
func TestTheGateOfAPool(t *testing.T) {
	for _, threads := range []int{1, 3} {
		p := NewPool(threads)
		var gates, tiles atomic.Int64
		p.SetGate(func() {
			if tiles.Load()%8 != 0 {
				t.Error("the gate is called among an operation's tiles")
			}
			gates.Add(1)
		})
		for range 5 {
			p.Run(8, func(int) { tiles.Add(1) })
		}
		p.SetGate(nil)
		p.Run(8, func(int) { tiles.Add(1) })
		p.Close()
		if gates.Load() != 5 || tiles.Load() != 48 {
			t.Errorf("%d threads: the gate was called %d times for 5 operations, %d tiles of 48 ran", threads, gates.Load(), tiles.Load())
		}
	}
}
