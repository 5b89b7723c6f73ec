package kernels

import "testing"

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
