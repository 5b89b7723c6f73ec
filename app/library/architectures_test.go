package library

import (
	"strings"
	"testing"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
)

// Measuring says how fast an architecture trains here, and keeps that for the next time; closing the list ends it.
func TestMeasureArchitectures(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	s := versiontest.New(t, 12)
	use, err := s.Project().Prepare(t.Context(), s.View().ID, s.Options(1))
	if err != nil {
		t.Fatal(err)
	}
	a := showArchitectures(s, s.View().Type, use, func(string) {})
	s.Until("the list", func() bool { return !a.measure.Disabled() })
	all := runs.Architectures()
	if len(a.rows.Objects) != len(all) || len(a.speeds) != len(all) {
		t.Fatalf("%d rows", len(a.rows.Objects))
	}
	a.list = all[:1] // the others take as much again each
	a.measure.OnTapped()
	if !a.measure.Disabled() {
		t.Error("it can be measured twice at the same time")
	}
	s.Until("the measuring", func() bool { return !a.measure.Disabled() })
	for name, speed := range a.speeds {
		if strings.Contains(speed.Text(), "images/s") != (name == all[0].Name) {
			t.Errorf("%s: %q", name, speed.Text())
		}
	}
	a.d.Close()

	again := showArchitectures(s, s.View().Type, use, func(string) {})
	s.Until("the list", func() bool { return !again.measure.Disabled() })
	for name, speed := range again.speeds {
		if speed.Text() != a.speeds[name].Text() {
			t.Errorf("%s is %q the next time, was %q", name, speed.Text(), a.speeds[name].Text())
		}
	}
	again.measure.OnTapped()
	again.d.Close() // ends measuring
}
