package session

import (
	"testing"
	"time"
)

// TestChanges: changes come in order, equal ones that wait are told once, a slow listener holds up nobody, and cancel ends it.
func TestChanges(t *testing.T) {
	var c changes
	defer c.close()
	gate := make(chan struct{})
	slow, fast := make(chan Change, 100), make(chan Change, 100)
	cancelSlow := c.subscribe(func(x Change) { <-gate; slow <- x })
	defer c.subscribe(func(x Change) { fast <- x })()
	take := func(from chan Change) Change {
		select {
		case x := <-from:
			return x
		case <-time.After(10 * time.Second):
			t.Fatal("no change came")
			return Change{}
		}
	}
	c.emit(Change{Kind: ChangeImages})
	if x := take(fast); x.Kind != ChangeImages {
		t.Errorf("the first change is %v", x)
	}
	c.emit(Change{Kind: ChangeRun, Version: 1})
	take(fast)
	c.emit(Change{Kind: ChangeRun, Version: 1}, Change{Kind: ChangeViews, View: 2})
	close(gate)
	var kinds []ChangeKind
	for range 3 {
		kinds = append(kinds, take(slow).Kind)
	}
	if kinds[0] != ChangeImages || kinds[1] != ChangeRun || kinds[2] != ChangeViews {
		t.Errorf("the slow listener was told %v", kinds)
	}
	cancelSlow()
	cancelSlow()
	c.emit(Change{Kind: ChangeHistory})
	for x := take(fast); x.Kind != ChangeHistory; x = take(fast) {
	}
	if len(slow) > 0 {
		t.Error("a listener was told after cancel")
	}
}
