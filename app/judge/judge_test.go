package judge

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

// Why a version could not be evaluated stays to be read when the page is read anew.
func TestFailedEvaluationStays(t *testing.T) {
	s := versiontest.New(t, 0)
	f := New(s, s.Project())
	defer f.Close()
	f.fail(errors.New("the disk is gone"))
	f.Set(runs.Version{}, s.View())
	if shown := versiontest.Texts(f.Content()); !strings.Contains(shown, "the disk is gone") || !strings.Contains(shown, "Try again") {
		t.Errorf("it shows:\n%s", shown)
	}
}

// A version is evaluated when its Performance is opened for the first time, and opened from what is kept after that; thresholds recompute the
// figures, a cell of the matrix opens its images in the annotator.
func TestFromFiguresToTheImagesBehindThem(t *testing.T) {
	s := versiontest.New(t, 24)
	v := s.TrainNow("v1", 4) // more, and it is certain of all
	window := test.NewTempWindow(t, container.NewStack())
	f := New(s, s.Project())
	defer f.Close()
	window.SetContent(f.Content())
	window.Resize(fyne.NewSize(1240, 640))
	f.Set(v, s.View())
	f.Selected()
	s.Until("figures", func() bool { return f.sheet != nil && f.sheet.figures != nil && f.sheet.intervals != nil })
	shown := versiontest.Texts(f.Content())
	for _, want := range []string{"Accuracy", "By concept", "Mean (each concept alike)", "from "} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing:\n%s", want, shown)
		}
	}
	first := f.sheet.e

	// Moving the threshold to 1 leaves nearly everything undecided.
	f.sheet.knobs.move(1)
	s.Until("the figures at another threshold", func() bool { return !f.sheet.computing && f.sheet.figures.Threshold == 1 })
	if f.sheet.figures.Decided == f.sheet.figures.Samples {
		t.Error("the threshold changes nothing")
	}
	f.sheet.knobs.move(0)
	s.Until("the figures at the usual threshold", func() bool { return !f.sheet.computing && f.sheet.figures.Threshold == 0 })

	for _, key := range []string{sectionMatrix, sectionCurves, sectionErrors, sectionCompare, sectionFigures} {
		f.sheet.tabs.SetSelected(key)
		f.sheet.show(key)
	}
	f.sheet.tabs.SetSelected(sectionMatrix)
	f.sheet.show(sectionMatrix)
	m := f.sheet.sections[sectionMatrix].(*matrixSection)
	for c := range f.sheet.e.Concepts {
		if f.sheet.figures.Matrix[c][c] > 0 {
			m.matrix.Select(c, c)
			break
		}
	}
	m.fill()
	s.Until("the cell's images", func() bool { return len(m.cases.list) > 0 })
	// Enter opens the cell's images once they are there, whatever was shown before; leaving the annotator chooses the next one.
	m.matrix.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.Until("the annotator", func() bool { return len(s.Cases) > 0 })
	if len(s.Cases) != len(m.cases.list) || s.Cases[s.CaseAt] != m.cases.list[0].Datapoint {
		t.Errorf("opened %v at %d of %d", s.Cases, s.CaseAt, len(m.cases.list))
	}
	if s.Back(s.Cases[0]); m.cases.grid.Current() != min(1, len(s.Cases)-1) {
		t.Errorf("back at %d, not at the next one", m.cases.grid.Current())
	}
	if last := len(s.Cases) - 1; last > 0 {
		if s.Back(s.Cases[last]); m.cases.grid.Current() != last {
			t.Errorf("back at %d, not where the annotator was left", m.cases.grid.Current())
		}
	}

	// What is changed in the annotator is marked as done with.
	d := m.cases.points[s.Cases[0]]
	if m.cases.item(0, 100).Mark == "changed" {
		t.Error("an image is marked as changed before it is")
	}
	if err := s.Project().Clear(t.Context(), []studio.Key{d.Key()}); err != nil {
		t.Fatal(err)
	}
	if err := s.Project().SetConcepts(t.Context(), []studio.Key{d.Key()}, d.Regions[0].Concepts); err != nil {
		t.Fatal(err)
	}
	s.Back(s.Cases[0])
	s.Until("the mark of what was changed", func() bool { return m.cases.item(0, 100).Mark == "changed" })

	// Opened again, nothing is evaluated.
	again := New(s, s.Project())
	defer again.Close()
	again.Set(v, s.View())
	again.Selected()
	s.Until("the kept evaluation", func() bool { return again.sheet != nil && again.sheet.figures != nil })
	if again.sheet.e.ID != first.ID || !again.sheet.e.Made.Equal(first.Made) {
		t.Errorf("evaluated anew: %v, %v", again.sheet.e.Made, first.Made)
	}
}
