package library

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// TestWeightsChoice: a version whose best iteration is not its last can use the last one's weights, and go back; one without the choice has no button.
func TestWeightsChoice(t *testing.T) {
	s := versiontest.New(t, 6)
	changed := 0
	w := newWeightsChoice(s, s.Project(), func() { changed++ })
	var v runs.Version
	v.ID, v.Name, v.Status = 999, "v1", domain.StatusTraining
	w.set(v, &runs.RunHistory{})
	if w.content.Visible() {
		t.Error("a training that runs has a choice")
	}
	h := &runs.RunHistory{}
	h.State.BestIteration, h.State.Iteration, h.State.KeptIteration = 4, 6, 4
	v.Status = domain.StatusReady
	w.set(v, h)
	if shown := versiontest.Texts(w.content); !w.content.Visible() || !strings.Contains(shown, "Use the last instead") || !strings.Contains(shown, "iteration 4, the best on val") {
		t.Errorf("it says %s", shown)
	}
	test.Tap(w.change)
	s.Until("the failure", func() bool { return changed == 1 })
	if len(s.Failures) != 1 { // there is no such version
		t.Errorf("failures %v", s.Failures)
	}
	h.State.KeptIteration = 6
	w.set(v, h)
	if shown := versiontest.Texts(w.content); !strings.Contains(shown, "Use the best instead") {
		t.Errorf("it says %s", shown)
	}
	h.State.BestIteration = 6
	w.set(v, h)
	if w.content.Visible() {
		t.Error("there is a choice though the best is the last")
	}
}
