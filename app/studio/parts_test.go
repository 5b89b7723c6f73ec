package studio

import (
	"context"
	"errors"
	"sync"
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

func TestLRU(t *testing.T) {
	c := newLRU[string, int](10)
	c.put("a", 1, 4)
	c.put("b", 2, 4)
	c.get("a")
	c.put("c", 3, 4) // b was used longest ago
	if _, ok := c.get("b"); ok {
		t.Error("b is still there")
	}
	if v, ok := c.get("a"); !ok || v != 1 {
		t.Error("a is gone")
	}
	c.put("large", 9, 99)
	if _, ok := c.get("large"); !ok || len(c.items) != 1 || c.used != 99 {
		t.Errorf("a large one is not kept alone: %d items, %d used", len(c.items), c.used)
	}
}

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

func TestRecent(t *testing.T) {
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	p, _ := colourProject(t, 1, 0)
	p.Attend()
	list := must(Recent())(t)
	if len(list) != 1 || list[0].Dir != p.Dir() || list[0].Name != "Test" || list[0].Missing {
		t.Fatalf("the list is %+v", list)
	}
	eventually(t, "the project's picture", func() bool { _, err := list[0].Picture(); return err == nil })
	if err := rememberRecent("Gone", "/nowhere/at all"); err != nil {
		t.Fatal(err)
	}
	if list = must(Recent())(t); len(list) != 2 || !list[0].Missing || list[1].Missing {
		t.Errorf("the list is %+v", list)
	}
	if err := ForgetRecent("/nowhere/at all"); err != nil {
		t.Fatal(err)
	}
	if list = must(Recent())(t); len(list) != 1 {
		t.Errorf("the list is %+v", list)
	}
}

// TestOpenTwice: a second window is told who has the project open.
func TestOpenTwice(t *testing.T) {
	p := newProject(t)
	_, err := Open(context.Background(), p.Dir())
	var locked *LockedError
	if !errors.Is(err, ErrLocked) || !errors.As(err, &locked) || locked.PID == 0 {
		t.Errorf("opening twice: %v", err)
	}
	if _, err := Open(context.Background(), t.TempDir()); !errors.Is(err, ErrNotProject) {
		t.Errorf("opening an empty folder: %v", err)
	}
	if _, err := New(context.Background(), p.Dir(), ""); !errors.Is(err, ErrExists) {
		t.Errorf("a new project over another: %v", err)
	}
}
