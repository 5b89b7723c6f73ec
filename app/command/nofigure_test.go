package command

import (
	"bytes"
	"strings"
	"testing"
)

// TestNoFigure: a version that nothing in val could judge has no figure, and no iteration was best.
func TestNoFigure(t *testing.T) {
	var out bytes.Buffer
	s := &session{out: &out}
	d := versionDoc{Name: "v1", ID: 1, View: "Colour", Status: "ready", BestIteration: 6}
	s.printVersion(d)
	s.printVersions([]versionDoc{d})
	if text := out.String(); !strings.Contains(text, "is ready, without a figure") || strings.Contains(text, "best at") || strings.Contains(text, "on val") || !strings.Contains(text, " -  ") {
		t.Error(text)
	}
	out.Reset()
	figure := 0.5
	d.Headline, d.HeadlineName = &figure, "accuracy"
	s.printVersion(d)
	if text := out.String(); !strings.Contains(text, "is ready: accuracy 50.0%") || !strings.Contains(text, "on val, best at iteration 6") {
		t.Error(text)
	}
}
