package pictures

import (
	"context"
	"sync"
	"testing"
)

// TestWorkers: what came last runs first, and what nobody waits for any more does not run.
func TestWorkers(t *testing.T) {
	w := newWorkers(1)
	ctx, cancel := context.WithCancel(context.Background())
	begun, gate := make(chan struct{}), make(chan struct{})
	w.add(context.Background(), func(context.Context) { close(begun); <-gate })
	<-begun
	var mu sync.Mutex
	var order []int
	var done sync.WaitGroup
	done.Add(2)
	for i := range 2 {
		w.add(context.Background(), func(context.Context) {
			defer done.Done()
			mu.Lock()
			defer mu.Unlock()
			order = append(order, i)
		})
	}
	w.add(ctx, func(context.Context) { t.Error("a cancelled job ran") })
	cancel()
	close(gate)
	done.Wait()
	w.close()
	if order[0] != 1 || order[1] != 0 {
		t.Errorf("the order is %v", order)
	}
}
