package app

import "testing"

// After the window is closed, what its background work has to show is dropped: there is no thread of the window's any more.
func TestNothingIsShownAfterTheWindowIsClosed(t *testing.T) {
	w, ran := &window{}, 0
	var queue []func()
	do := w.whileOpen(func(f func()) { queue = append(queue, f) })
	for range 2 {
		do(func() { ran++ })
	}
	queue[0]()
	w.closed.Store(true)
	queue[1]() // asked for before, run after
	do(func() { ran++ })
	queue[2]()
	if ran != 1 {
		t.Fatalf("%d of three were run, the one from before the window was closed is meant", ran)
	}
}
