package trainings

import (
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

func show(s *versiontest.Shell) *Page {
	p := New(s, s.Project(), Preferences{})
	s.Window().SetContent(p.Content())
	p.Refresh(page.Change{View: true, Data: true})
	p.Show()
	return p
}

func TestEmpty(t *testing.T) {
	s := versiontest.New(t, 0)
	p := show(s)
	s.Until("the empty state", func() bool { return len(p.root.Objects) == 1 })
	if p.root.Objects[0] == p.body {
		t.Error("a training is shown where there is none")
	}
	p.Close()
}

// Another version's warnings take the place of as many others.
func TestWarningsOfAnother(t *testing.T) {
	s := versiontest.New(t, 0)
	p := New(s, s.Project(), Preferences{})
	defer p.Close()
	shown := func(warnings ...string) fyne.CanvasObject {
		p.watch.setDetails(runs.Version{}, studio.View{}, runs.RunState{Warnings: warnings}, nil)
		if len(p.watch.warnings.Objects) != len(warnings) {
			t.Fatalf("%d warnings are shown of %q", len(p.watch.warnings.Objects), warnings)
		}
		return p.watch.warnings.Objects[0]
	}
	first := shown("2 images are gone")
	if shown("2 images are gone") != first {
		t.Error("the same warning is made anew")
	}
	if shown("no val images") == first {
		t.Error("the warning of the version before is still shown")
	}
}

// A version is watched from the queue to its end; a second one waits and is moved, stopped, resumed.
func TestWatchATraining(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a network")
	}
	s := versiontest.New(t, 15)
	var told []runs.Version
	p := show(s)
	p.prefer.Ended = func(v runs.Version) { told = append(told, v) }
	ctx := t.Context()
	train := func(name string, iterations int) runs.Version {
		v, err := s.Project().Train(ctx, runs.TrainRequest{View: s.View().ID, Name: name, Options: s.Options(iterations)})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := train("first", 4000)
	s.Project().Attend()
	second, third := train("second", 10), train("third", 10)
	p.Watch(first.ID)
	s.Until("the first to learn", func() bool { return p.watch.shown.ID == first.ID && p.watch.shown.Run.Iteration > 3 })
	s.Until("the last batch", func() bool { return !p.watch.batchBox.Hidden })
	if p.Running().ID != first.ID || !strings.Contains(p.watch.seen.Text(), "correct") {
		t.Errorf("running %d, seen %q", p.Running().ID, p.watch.seen.Text())
	}
	if !strings.HasPrefix(p.Badge(), "●") || s.Badges == 0 {
		t.Errorf("badge %q", p.Badge())
	}
	s.Until("the queue", func() bool { return len(p.queue.lines) == 5 })
	p.queue.move(third, -1)
	s.Until("the third before the second", func() bool {
		return p.queue.lines[3].version.ID == third.ID && p.queue.lines[4].version.ID == second.ID
	})
	p.watch.stop(second)
	s.Until("the second off the queue", func() bool {
		v, err := s.Project().Version(ctx, second.ID)
		return err == nil && v.Status == domain.StatusStopped
	})
	p.watch.stop(p.watch.shown)
	if !p.watch.stopping {
		t.Error("Stop isn't shown to be at work")
	}
	s.Until("the first to stop", func() bool { return p.watch.shown.ID == first.ID && p.watch.shown.Status == domain.StatusStopped })
	if shown := p.watch.sentence.Text(); !strings.Contains(shown, "Resume") {
		t.Errorf("stopped: %q", shown)
	}
	p.Watch(third.ID)
	s.Until("the third to be ready", func() bool { return p.watch.shown.ID == third.ID && p.watch.shown.Status == domain.StatusReady })
	if shown := p.watch.sentence.Text(); !strings.Contains(shown, "accuracy on the validation set") {
		t.Errorf("ready: %q", shown)
	}
	for _, v := range told { // the third, unless it was too quick to be seen running
		if v.ID != third.ID {
			t.Errorf("told of %s, which the user stopped", v.Name)
		}
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
	p.Close()
}

// What waits is dragged: to where it is let go, and no further than the ends.
func TestQueueDrag(t *testing.T) {
	s := versiontest.New(t, 0)
	p := New(s, s.Project(), Preferences{})
	defer p.Close()
	c := content{views: map[int64]studio.View{}, shown: &runs.Version{}}
	for id := range int64(4) {
		v := runs.Version{}
		v.ID, v.Status = id+1, domain.StatusQueued
		c.queue = append(c.queue, v)
	}
	p.queue.set(c)
	if n, first := p.queue.waiting(); n != 4 || first != 1 {
		t.Fatalf("%d wait, from line %d", n, first)
	}
	for _, d := range []struct {
		place int
		far   float32
		want  int
	}{{0, 0, 0}, {0, 20, 0}, {0, itemHeight, 1}, {0, 10_000, 3}, {3, -2 * itemHeight, 1}, {2, -10_000, 0}} {
		if got := p.queue.target(d.place, d.far); got != d.want {
			t.Errorf("place %d dragged by %v goes to %d, want %d", d.place, d.far, got, d.want)
		}
	}
}

// The battery pauses the queue where that is wished, once, and plugging in continues it; a pause by hand is left alone.
func TestBatteryPauses(t *testing.T) {
	s := versiontest.New(t, 0)
	ctx, p := t.Context(), s.Project()
	on := false
	w := power{ask: func() bool { return on }}
	paused := func() bool {
		is, err := p.QueuePaused(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	step := func(battery, wished, want bool) {
		t.Helper()
		on, w.asked = battery, time.Time{}
		if got, err := w.look(ctx, p, wished); err != nil || got != battery || paused() != want {
			t.Errorf("battery %v, wished %v: %v, %v, paused %v", battery, wished, got, err, paused())
		}
	}
	step(false, true, false)
	step(true, false, false)
	step(true, true, true)
	step(true, true, true)
	step(false, true, false)
	step(true, true, true)
	w = power{ask: w.ask} // another session
	step(true, true, true)
	step(false, true, false)
	step(true, true, true)
	step(true, false, false) // no longer wished
	step(true, true, true)
	if err := p.ContinueQueue(ctx); err != nil {
		t.Fatal(err)
	}
	step(true, true, false) // a person continued it
	step(false, true, false)
	if err := p.PauseQueue(ctx); err != nil {
		t.Fatal(err)
	}
	step(true, true, true)
	step(false, true, true)
}

// The last batch is shown with the truth and the network's predictions; boxes are drawn.
func TestBatchTiles(t *testing.T) {
	img := withBoxes(image.NewRGBA(image.Rect(0, 0, 20, 10)), runs.Tile{
		Boxes: []domain.ScoredBox{{Box: domain.Box{XMax: 0.5, YMax: 1}}}, Found: []domain.ScoredBox{{Box: domain.Box{XMin: 0.6, XMax: 1, YMax: 1}}}})
	if r, _, _, _ := img.At(5, 0).RGBA(); r == 0 || img.Bounds().Dx() != 40 {
		t.Errorf("the true box is not drawn: %v", img.Bounds())
	}
	if got := names(&runs.LastBatch{Concepts: []string{"a", "b"}}, []int{1, 0}); got != "b, a" {
		t.Errorf("%q", got)
	}
}
