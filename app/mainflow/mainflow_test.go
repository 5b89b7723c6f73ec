//go:build window

package mainflow

import (
	"testing"
	"time"
)

// TestMainFlow annotates, undoes, trains, closes the window in the middle, and finds the training again.
func TestMainFlow(t *testing.T) {
	d := newDesk(t)
	d.open("--sample", "--view", "Material")
	d.until("the sample project is there", time.Minute, func() bool { return d.findProject() && d.view("Material") != nil })
	before := d.view("Material")
	if before.Annotated == 0 || before.Annotated == before.Datapoints {
		t.Fatalf("the sample should leave something to annotate: %d of %d are", before.Annotated, before.Datapoints)
	}
	annotated := func(n int) func() bool {
		return func() bool { v := d.view("Material"); return v != nil && v.Annotated == n }
	}

	// Annotate the next two that nobody has looked at, take one back, put it on again.
	d.still()
	d.keys("Return", "n", "2")
	d.until("one more is annotated", 20*time.Second, annotated(before.Annotated+1))
	d.keys("n", "1")
	d.until("two more are annotated", 20*time.Second, annotated(before.Annotated+2))
	d.keys("ctrl+z")
	d.until("undo took the second back", 20*time.Second, annotated(before.Annotated+1))
	d.keys("ctrl+shift+z")
	d.until("redo put it on again", 20*time.Second, annotated(before.Annotated+2))
	now := d.view("Material")
	if got, was := now.Concepts[1].Train+now.Concepts[1].Val, before.Concepts[1].Train+before.Concepts[1].Val; got != was+1 {
		t.Errorf("key 2 should have given one more %s: %d, was %d", now.Concepts[1].Name, got, was)
	}
	d.keys("Escape")

	// Train a new model version, by keys alone.
	d.shows("the training sheet", func() { d.keys("ctrl+t") })
	d.keys("ctrl+a")
	d.write("from the window")
	d.keys("Tab", "Tab", "space") // the card of the smallest network, which starts from nothing and takes its time
	d.until("the version is made", time.Minute, func() bool {
		if d.version("from the window").UID == "" {
			d.keys("ctrl+Return") // again while the sheet still counts what will be used
		}
		return d.version("from the window").UID != ""
	})
	d.until("the version is being trained", 2*time.Minute, func() bool {
		v := d.version("from the window")
		return v.Status == "training" && v.Iteration > 0
	})
	d.keys("ctrl+3")
	goesOn := func(what string) (at int) {
		t.Helper()
		before := d.version("from the window").Iteration
		d.until("the training goes on "+what, time.Minute, func() bool { at = d.version("from the window").Iteration; return at > before+2 })
		return at
	}

	// The window dies; the training goes on; a new window finds it.
	at := goesOn("in the Training tab")
	d.kill()
	goesOn("without the window")
	d.open(d.project, "--tab", "training", "--view", "Material")
	goesOn("with the window open again")
	if s := d.version("from the window").Status; s != "training" {
		t.Fatalf("with the window open again the training is %q, want training", s)
	}

	// Stop keeps what was learnt, resume goes on.
	if _, err := d.command("stop", d.project, "from the window"); err != nil {
		t.Fatalf("stop: %v", err)
	}
	d.until("the training is stopped", time.Minute, func() bool { return d.version("from the window").Status == "stopped" })
	stopped := d.version("from the window")
	if stopped.Iteration < at {
		t.Errorf("stopped at iteration %d, but %d were done before", stopped.Iteration, at)
	}
	if annotations := d.view("Material").Annotated; annotations != before.Annotated+2 {
		t.Errorf("%d annotated after the window's death, want %d", annotations, before.Annotated+2)
	}
}

// TestShortTrainingEndsReady trains a few iterations from the terminal while the window shows the Library, and sees it end as ready.
func TestShortTrainingEndsReady(t *testing.T) {
	d := newDesk(t)
	d.open("--sample", "--view", "Material", "--tab", "library")
	d.until("the sample project is there", time.Minute, func() bool { return d.findProject() && d.view("Material") != nil })
	d.kill()
	out, err := d.command("train", d.project, "--view", "Material", "--name", "short", "--architecture", "small_cnn", "--iterations", "12",
		"--batch-size", "8", "--set", "resizer=32x32", "--detach")
	if err != nil {
		t.Fatalf("train --detach: %v\n%s", err, out)
	}
	d.open(d.project, "--view", "Material", "--tab", "training")
	d.until("the version is ready", 2*time.Minute, func() bool { return d.version("short").Status == "ready" })
	v := d.version("short")
	if v.HeadlineName != "accuracy" || v.Headline <= 0 || v.Headline > 1 {
		t.Errorf("the figure is %s %v", v.HeadlineName, v.Headline)
	}
}
