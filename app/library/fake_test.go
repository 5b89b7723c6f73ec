package library

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// shelf is a library of one ready version that was made up; what is done to it is noted, or fails.
type shelf struct {
	Project
	view    studio.View
	mu      sync.Mutex
	done    []string
	failure error
}

func (l *shelf) do(format string, a ...any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done = append(l.done, fmt.Sprintf(format, a...))
	return l.failure
}

// last is what was done last.
func (l *shelf) last() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.done) == 0 {
		return ""
	}
	return l.done[len(l.done)-1]
}

// fail has what is done from now on end with an error.
func (l *shelf) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failure = err
}

func ready() (v runs.Version) {
	v.ID, v.UID, v.Name, v.Architecture, v.Status = 7, "7f", "v1", "small_cnn", domain.StatusReady
	v.Images, v.HeadlineName, v.Headline = 40, "accuracy", 0.9
	return v
}

func (l *shelf) Library(context.Context, int64) ([]runs.ModelGroup, error) {
	return []runs.ModelGroup{{Model: studio.Model{Current: true}, Versions: []runs.Version{ready()}}}, nil
}

func (l *shelf) DeletedVersions(context.Context, int64) ([]runs.Version, error) {
	gone := ready()
	gone.ID, gone.Name = 8, "gone"
	return []runs.Version{gone}, nil
}

func (l *shelf) Dir() string                                                 { return "project" }
func (l *shelf) RunDir(runs.Version) string                                  { return "project/runs/7f" }
func (l *shelf) Concepts(context.Context, int64) ([]domain.Concept, error)   { return nil, nil }
func (l *shelf) Version(context.Context, int64) (runs.Version, error)        { return ready(), nil }
func (l *shelf) View(context.Context, int64) (studio.View, error)            { return l.view, nil }
func (l *shelf) Log(context.Context, int64, int) ([]string, error)           { return []string{"it began"}, nil }
func (l *shelf) Advice(context.Context, int64) ([]runs.Finding, error)       { return nil, nil }
func (l *shelf) Frozen(context.Context, int64) (p runs.Preparation, _ error) { return p, nil }
func (l *shelf) SetNote(_ context.Context, id int64, note string) error {
	return l.do("note %d %s", id, note)
}
func (l *shelf) DeleteVersion(_ context.Context, id int64) error { return l.do("delete %d", id) }
func (l *shelf) UseWeights(_ context.Context, id int64, which string, _ session.Progress) error {
	return l.do("use %d %s", id, which)
}

func (l *shelf) RestoreVersion(_ context.Context, id int64) (v runs.Version, err error) {
	v.Name = "gone"
	return v, l.do("restore %d", id)
}

func (l *shelf) ReportFacts(_ context.Context, id int64, _ session.Progress) (*evaluate.ReportFacts, error) {
	return nil, l.do("report %d", id)
}

func (l *shelf) ExportModel(_ context.Context, id int64, file string, replace bool, o runs.ModelExport) (int64, error) {
	return 2048, l.do("export %d %s %v", id, file, replace)
}

func (l *shelf) RunHistory(context.Context, int64) (*runs.RunHistory, error) {
	h := &runs.RunHistory{Points: map[string][]runs.Point{runs.CurveValAccuracy: {{Iteration: 1, Value: 0.5}, {Iteration: 4, Value: 0.9}}}}
	h.State.BestIteration, h.State.KeptIteration, h.State.Iteration, h.State.Iterations = 4, 4, 6, 6
	return h, nil
}

// shelved shows the page of the made-up version.
func shelved(t *testing.T) (*versiontest.Shell, *Page, *shelf) {
	t.Helper()
	s := versiontest.New(t, 0)
	l := &shelf{view: s.View()}
	p := New(s, l)
	t.Cleanup(p.Close)
	s.Window().SetContent(p.Content())
	p.Show()
	s.Until("the list", func() bool { return p.list.loaded })
	p.Open(7)
	s.Until("the version's page", func() bool { return p.detail.loaded })
	return s, p, l
}

// What a person does on a version's page is asked of the project, for that version.
func TestVersionsPageAsks(t *testing.T) {
	s, p, l := shelved(t)
	test.Tap(p.detail.overview.weights.change)
	s.Until("the other weights", func() bool { return l.last() == "use 7 last" })
	p.detail.overview.note.entry.SetText("tried at night")
	p.detail.overview.note.save()
	s.Until("the note", func() bool {
		return l.last() == "note 7 tried at night" && p.detail.overview.note.message.Text() == "kept"
	})
	x := tabOf(p, tabExport).(*exports)
	x.saveNetwork(x.version, "a/network", ".onnx")
	s.Until("the network", func() bool { return l.last() == "export 7 a/network.onnx true" && len(s.Notes) == 1 })
	if want := "Saved the network of v1, 2.0 kB, as a/network.onnx"; s.Notes[0] != want {
		t.Errorf("it says %q", s.Notes[0])
	}
	if !strings.Contains(versiontest.Texts(p.list.back.content), "gone is permanently deleted") {
		t.Errorf("below the list stands %q", versiontest.Texts(p.list.back.content))
	}
	p.list.back.choose()
	s.Until("the version that was gone", func() bool { return l.last() == "restore 8" && len(s.Notes) == 2 })
	p.remove(ready())
	s.Until("the list after deleting", func() bool { return l.last() == "delete 7" && p.detail == nil })
	if p.TakeBack(true) || !p.TakeBack(false) {
		t.Error("what was deleted last cannot be taken back, or done again")
	}
	s.Until("the deleted version", func() bool { return l.last() == "restore 7" })
	if p.TakeBack(false) {
		t.Error("it is restored twice")
	}
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
}

// What did not work is reported with what was to be done, and nothing is reported as done.
func TestVersionsPageFails(t *testing.T) {
	s, p, l := shelved(t)
	l.fail(studio.ErrDiskFull)
	x := tabOf(p, tabExport).(*exports)
	for i, one := range []struct {
		doing string
		do    func()
	}{
		{"use the last weights of v1", func() { test.Tap(p.detail.overview.weights.change) }},
		{"keep the note", func() { p.detail.overview.note.entry.SetText("x"); p.detail.overview.note.save() }},
		{"save the network", func() { x.saveNetwork(x.version, "network", ".onnx") }},
		{"write the report", func() { p.writeReport(ready(), "report.pdf") }},
		{"restore gone", func() { p.list.back.choose() }},
		{"delete the version v1", func() { p.remove(ready()) }},
	} {
		one.do()
		s.Until("the failure to "+one.doing, func() bool { return len(s.Failures) == i+1 })
		if err := s.Failures[i]; !errors.Is(err, studio.ErrDiskFull) || !strings.HasPrefix(err.Error(), one.doing) {
			t.Errorf("%s: %v", one.doing, err)
		}
	}
	if len(s.Notes) > 0 || p.detail == nil {
		t.Errorf("notes %q, page %v", s.Notes, p.detail)
	}
	p.detail.overview.note.saved = p.detail.overview.note.entry.Text // else it is kept once more when the page closes
}
