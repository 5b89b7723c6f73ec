package trainings

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

func show(s *versiontest.Shell) *Page {
	p := New(s)
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
	p := New(s)
	defer p.Close()
	shown := func(warnings ...string) fyne.CanvasObject {
		p.watch.setDetails(studio.Version{}, studio.View{}, studio.RunState{Warnings: warnings}, nil)
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
	p := show(s)
	ctx := t.Context()
	train := func(name string, iterations int) studio.Version {
		v, err := s.Project().Train(ctx, studio.TrainRequest{View: s.View().ID, Name: name, Options: s.Options(iterations)})
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
		return err == nil && v.Status == studio.StatusStopped
	})
	p.watch.stop(p.watch.shown)
	if !p.watch.stopping {
		t.Error("Stop isn't shown to be at work")
	}
	s.Until("the first to stop", func() bool { return p.watch.shown.ID == first.ID && p.watch.shown.Status == studio.StatusStopped })
	if said := p.watch.sentence.Text(); !strings.Contains(said, "Resume") {
		t.Errorf("stopped: %q", said)
	}
	p.Watch(third.ID)
	s.Until("the third to be ready", func() bool { return p.watch.shown.ID == third.ID && p.watch.shown.Status == studio.StatusReady })
	if said := p.watch.sentence.Text(); !strings.Contains(said, "accuracy on the val split") {
		t.Errorf("ready: %q", said)
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
	p.Close()
}
