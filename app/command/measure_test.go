//go:build measure

package command

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/bench"
	"viewfinder/app/studio/studiotest"
)

// A large project is made and measured, each figure with its unit; a second call finds the project there.
func TestBenchProject(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "large")
	rows := okJSON[[]bench.Row](t, "bench", "project", dir, "--images", "1000", "--import", "4", "--rounds", "1")
	for _, want := range []string{"open, first page", "list by a filter", "count by a filter", "concept set, durable", "import of 4 photos"} {
		found := false
		for _, r := range rows {
			found = found || strings.HasPrefix(r.What, want) && r.Median > 0 && r.High >= r.Median && r.Unit != ""
		}
		if !found {
			t.Errorf("%q is not measured in %+v", want, rows)
		}
	}
	info := okJSON[infoDoc](t, "info", dir)
	if info.Images != 1000 {
		t.Errorf("the project has %d images", info.Images)
	}
	for _, args := range [][]string{{"--images", "999"}, {"--regions", "0"}, {"--rounds", "0"}, {"--import", "-1"}} {
		if r := call(append([]string{"bench", "project", dir}, args...)...); r.code != WrongCall {
			t.Errorf("%v: code %d", args, r.code)
		}
	}

	// The window is measured on its view of detections; without one that is reported.
	t.Setenv("DISPLAY", ":99")
	defer func(before func(string, string, *bench.WindowMeasurement)) { MeasureWindow = before }(MeasureWindow)
	MeasureWindow = func(project, view string, into *bench.WindowMeasurement) {
		into.Rows, into.Err = []bench.Row{{What: project + " " + view}}, nil
		if into.Training {
			into.Err = errors.New("the training failed")
		}
	}
	open := func(Window) error { return errors.New("opened to be used") }
	var out, errs bytes.Buffer
	if code := Execute(context.Background(), Program{Args: []string{"bench", "project", dir, "--window"}, Out: &out, Err: &errs, OpenWindow: open}); code != Done || !strings.Contains(out.String(), dir+" Cells") {
		t.Errorf("code %d: %s%s", code, out.String(), errs.String())
	}
	if code := Execute(context.Background(), Program{Args: []string{"bench", "project", dir, "--training"}, Out: &out, Err: &errs, OpenWindow: open}); code != Failed || !strings.Contains(errs.String(), "the training failed") {
		t.Errorf("code %d: %s", code, errs.String())
	}
	if r := call("bench", "project", dir, "--window"); r.code != Failed || !strings.Contains(r.err, "has no window") {
		t.Errorf("without a window: code %d, %s", r.code, r.err)
	}
}

// A simulated hand annotates again what is annotated; images that are easily told apart need one key soon.
func TestBenchAssist(t *testing.T) {
	project := filepath.Join(t.TempDir(), "colours")
	ok(t, "new", project)
	ok(t, "import", project, studiotest.Folders(t, 8, 0), "--view", "Colour")
	for _, order := range []string{"random", "gallery", "useful"} {
		runs := okJSON[[]bench.AssistRun](t, "bench", "assist", project, "--order", order, "--first", "14", "--seeds", "2", "--above", "0.5")
		want := 2
		if order == "gallery" {
			want = 1
		}
		if len(runs) != want {
			t.Fatalf("%s: %d runs", order, len(runs))
		}
		for _, r := range runs {
			if r.Images != 24 || r.Actions != 1 || r.ActionsAlone != 1 || order == "random" && r.OnlyYAfter < 0.7 || r.OnlyY > 0.3 {
				t.Errorf("%+v", r)
			}
		}
	}
	for _, args := range [][]string{{"--order", "none"}, {"--every", "0"}, {"--first", "24"}} {
		if r := call(append([]string{"bench", "assist", project}, args...)...); r.code != 1 {
			t.Errorf("%v: code %d", args, r.code)
		}
	}
}
