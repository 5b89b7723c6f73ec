package studio

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
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

// Windows that write the list at the same time lose no entry of one another.
func TestRecentKeepsWhatEveryWindowWrites(t *testing.T) {
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	var all sync.WaitGroup
	for i := range maxRecent {
		all.Go(func() {
			if err := rememberRecent(fmt.Sprint("project ", i), filepath.Join("/projects", fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := Recent()
	if err != nil || len(list) != maxRecent {
		t.Errorf("%d of %d projects are remembered, %v", len(list), maxRecent, err)
	}
}

// What to annotate next is ordered for versions that become ready, once each, and not on battery.
func TestTheNextOrderWaitsForMains(t *testing.T) {
	ready := func(ids ...int64) (list []Version) {
		for _, id := range ids {
			v := Version{}
			v.ID, v.Status = id, StatusReady
			list = append(list, v)
		}
		return list
	}
	var turns nextTurns
	for i, c := range []struct {
		versions []Version
		battery  bool
		due      []Version
		wait     bool
	}{
		{ready(1), false, nil, false}, // was ready before
		{ready(1, 2), true, nil, true},
		{ready(1, 2, 3), true, nil, true},
		{ready(1, 2, 3), false, ready(2, 3), false},
		{ready(1, 2, 3), true, nil, false},                     // nothing waits
		{append(ready(1, 2, 3), Version{}), false, nil, false}, // not ready
	} {
		due, wait := turns.take(c.versions, func() bool { return c.battery })
		if !reflect.DeepEqual(due, c.due) || wait != c.wait {
			t.Errorf("step %d: %v, %v", i, due, wait)
		}
	}
}
