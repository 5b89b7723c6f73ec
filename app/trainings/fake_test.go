package trainings

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// made is a project with trainings that were made up. The page asks it on goroutines of its own, so that all but its methods go through do.
type made struct {
	Project
	mu       sync.Mutex
	versions []runs.Version // the queue first, as it is
	history  *runs.RunHistory
	batch    *runs.LastBatch
	paused   bool
	done     []string // what was asked for
	failure  error
	threads  int
}

// do runs f while nobody else reads or changes m.
func (m *made) do(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// is reports whether f holds, asked while nobody else changes m.
func (m *made) is(f func() bool) (ok bool) {
	m.do(func() { ok = f() })
	return ok
}

func (m *made) Subscribe(func(session.Change)) func() { return func() {} }
func (m *made) Queue(context.Context) (list []runs.Version, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.versions {
		if v.Status.Active() {
			list = append(list, v)
		}
	}
	return list, m.failure
}
func (m *made) QueuePaused(context.Context) (bool, error) {
	return m.is(func() bool { return m.paused }), nil
}
func (m *made) PauseQueue(context.Context) error {
	m.do(func() { m.paused = true })
	return nil
}
func (m *made) ContinueQueue(context.Context) error {
	m.do(func() { m.paused = false })
	return nil
}
func (m *made) PauseOnBattery(context.Context, bool, bool) error { return nil }
func (m *made) OrderQueue(_ context.Context, ids []int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = append(m.done, "order")
	slices.SortStableFunc(m.versions, func(a, b runs.Version) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return nil
}
func (m *made) Versions(context.Context, int64) (list []runs.Version, err error) {
	m.do(func() { list = slices.Clone(m.versions) })
	return list, nil
}
func (m *made) Version(_ context.Context, id int64) (runs.Version, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.versions {
		if v.ID == id {
			return v, nil
		}
	}
	return runs.Version{}, studio.ErrNotFound
}
func (m *made) RunHistory(context.Context, int64) (*runs.RunHistory, error) { return m.history, nil }
func (m *made) Log(context.Context, int64, int) ([]string, error) {
	return []string{"iteration 5: loss 0.5"}, nil
}
func (m *made) LastBatch(context.Context, int64) (*runs.LastBatch, image.Image, error) {
	return m.batch, image.NewRGBA(image.Rect(0, 0, 16, 8)), nil
}
func (m *made) Advice(context.Context, int64) ([]runs.Finding, error) { return nil, nil }
func (m *made) Threads(runs.Version) (n int) {
	m.do(func() { n = m.threads })
	return n
}
func (m *made) SetThreads(_ context.Context, _ int64, n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.threads, m.done = n, append(m.done, "threads")
	return nil
}
func (m *made) Stop(context.Context, int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = append(m.done, "stop")
	return m.failure
}
func (m *made) Resume(context.Context, int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done = append(m.done, "resume")
	return nil
}

func versionOf(id int64, name string, status domain.Status) runs.Version {
	v := runs.Version{}
	v.ID, v.Name, v.Status, v.Images = id, name, status, 12
	v.Run = runs.RunState{Status: status, Iterations: 10, Iteration: 5, ImagesPerSecond: 20, SecondsLeft: 60, StartedAt: time.Now().Add(-time.Minute)}
	v.StartedAt = v.Run.StartedAt
	if !status.Active() {
		v.EndedAt = time.Now()
	}
	return v
}

// The page shows what is made up of a queue, follows what a person chooses, and has the project do what they press.
func TestPageWithoutTrainer(t *testing.T) {
	s := versiontest.New(t, 0)
	m := &made{Project: s.Project(), history: &runs.RunHistory{}, versions: []runs.Version{
		versionOf(1, "runs", domain.StatusTraining), versionOf(2, "first", domain.StatusQueued), versionOf(3, "second", domain.StatusQueued),
		versionOf(4, "halted", domain.StatusStopped), versionOf(5, "done", domain.StatusReady)},
		batch: &runs.LastBatch{Iteration: 5, Task: domain.Detection, Concepts: []string{"a"}, Width: 8, Height: 8, Tiles: []runs.Tile{{Right: true}, {}}}}
	battery := false
	var told []string
	p := New(s, m, Preferences{PauseOnBattery: func() bool { return battery }, SetPauseOnBattery: func(on bool) { battery = on },
		Ended: func(v runs.Version) { told = append(told, v.Name) }})
	t.Cleanup(p.Close)
	s.Window().SetContent(p.Content())
	p.Refresh(page.Change{View: true})
	p.Show()
	s.Until("what runs", func() bool { return p.watch.shown.ID == 1 && len(p.queue.lines) == 8 })
	if p.Badge() != "● 50%" && p.Badge() != "● 50 %" || p.Running().ID != 1 {
		t.Errorf("badge %q, %d runs", p.Badge(), p.Running().ID)
	}
	text := versiontest.Texts(p.watch.content)
	for _, want := range []string{"runs", "5 / 10", "batch of iteration 5, 1 of 2 correct", "iteration 5: loss 0.5"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	if !p.watch.shownDetails {
		t.Error("the details are folded")
	}
	p.watch.toggle()
	if p.watch.shownDetails {
		t.Error("the details are not folded")
	}
	p.watch.toggle()

	waiting := func(place int) (v runs.Version) {
		m.do(func() { v = m.versions[place] })
		return v
	}
	p.queue.move(waiting(1), 1)
	p.loader.Load()
	s.Until("the second first", func() bool { return len(p.queue.lines) > 3 && p.queue.lines[3].version.ID == 3 })
	p.queue.move(waiting(0), 1) // what runs is not moved
	item := newQueueItem(p.queue)
	test.WidgetRenderer(item)
	for _, l := range p.queue.lines {
		item.set(l)
		item.Tapped(nil)
		waits := l.title == "" && l.place >= 0
		if (item.Cursor() == desktop.VResizeCursor) != waits {
			t.Errorf("%q: the pointer is %v", l.version.Name, item.Cursor())
		}
		item.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, itemPitch())})
		item.DragEnd()
	}
	s.Until("what was tapped last", func() bool { return p.watch.shown.ID == 5 || p.watch.shown.ID == 4 })

	s.Press("Pause all")
	s.Until("the pause", func() bool { return m.is(func() bool { return m.paused }) && p.queue.pause.Text == "Continue" })
	s.Press("Continue")
	s.Until("it to go on", func() bool { return m.is(func() bool { return !m.paused }) && p.queue.pause.Text == "Pause all" })

	p.Watch(4)
	s.Until("the one that was halted", func() bool { return p.watch.shown.ID == 4 })
	s.Press("Resume")
	s.Until("it to be resumed", func() bool { return m.is(func() bool { return slices.Contains(m.done, "resume") }) })
	s.Press("Open")
	if s.Opened != 4 {
		t.Errorf("%d is opened", s.Opened)
	}
	p.Watch(1)
	s.Until("what runs", func() bool { return p.watch.shown.ID == 1 })
	m.do(func() { m.failure = errors.New("no permission") })
	s.Press("Stop")
	if !p.watch.stopping {
		t.Error("stopping is not shown")
	}
	s.Until("the failure", func() bool { return len(s.Failures) == 1 && !p.watch.stopping })
	m.do(func() { m.failure = nil })
	p.loader.Load()
	s.Until("the page to be there again", func() bool { return p.root.Objects[0] == p.body })

	if runs.Cores() > 1 {
		p.watch.cores.choose(1)
		s.Until("the cores", func() bool { return m.is(func() bool { return m.threads == 1 }) && p.watch.cores.waiting == 0 })
	}
	p.watch.pauses.OnChanged(true)
	if !battery {
		t.Error("the wish is not kept")
	}
	battery = false

	ready := versionOf(1, "runs", domain.StatusReady)
	ready.HeadlineName, ready.Run.Warnings = "accuracy", []string{"2 images are gone"}
	m.do(func() { m.versions[0] = ready })
	p.loader.Load()
	s.Until("its end to be told", func() bool { return slices.Equal(told, []string{"runs"}) })
	s.Until("the version", func() bool { return p.watch.shown.Status == domain.StatusReady })
	s.Press("Open in the Library")
	s.Press("Train a new version")
	p.Watch(77) // deleted meanwhile: what there is
	s.Until("another", func() bool { return p.watch.shown.ID != 77 && p.watch.shown.ID != 0 })
	p.Hide()
	p.loader.Load()
	m.do(func() { m.versions = nil })
	p.Show()
	s.Until("the empty page", func() bool { return p.root.Objects[0] != p.body })
	if text := versiontest.Texts(p.root); !strings.Contains(text, "No training yet") {
		t.Errorf("%q", text)
	}
	m.do(func() { m.failure = errors.New("disk gone") })
	p.loader.Load()
	s.Until("the failure", func() bool { return strings.Contains(versiontest.Texts(p.root), "could not be read") })
}
