package version

import (
	"strings"
	"testing"
	"time"

	"viewfinder/app/report"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

var statuses = []domain.Status{domain.StatusQueued, domain.StatusPreparing, domain.StatusTraining, domain.StatusEvaluating,
	domain.StatusReady, domain.StatusStopped, domain.StatusInterrupted, domain.StatusFailed}

// Every status has a word, an icon, a colour and a sentence of its own; those that need somebody say what to do.
func TestStatuses(t *testing.T) {
	words, sentences := map[string]bool{}, map[string]bool{}
	for _, s := range statuses {
		v := runs.Version{}
		v.Status, v.Name, v.Error, v.StartedAt = s, "v1", "the disk is full", time.Now()
		v.Run.Iteration, v.Run.Iterations = 120, 600
		text, icon, tint := Chip(s)
		sentence := Sentence(v, time.Now())
		if text == "" || icon == nil || tint == "" || sentence == "" || words[text] || sentences[sentence] {
			t.Errorf("%s: %q, %q", s, text, sentence)
		}
		words[text], sentences[sentence] = true, true
		if v.CanResume() && !strings.Contains(sentence, "Resume") {
			t.Errorf("%s doesn't state how to go on: %q", s, sentence)
		}
	}
}

func TestFigures(t *testing.T) {
	v := runs.Version{}
	if Figure(v) != "" {
		t.Error("a figure before there is one")
	}
	v.Headline, v.HeadlineName = 0.8731, "map50"
	if Figure(v) != "87.3%" || domain.FigureTitle(v.HeadlineName) != "mAP@0.5" || Capital("mAP@0.5") != "mAP@0.5" || Capital("accuracy") != "Accuracy" {
		t.Errorf("%q %q", Figure(v), domain.FigureTitle(v.HeadlineName))
	}
	for device, want := range map[string]string{"": "", "CPU (linux/amd64), 2 threads, avx2 kernels": "CPU, 2 threads", "CPU": "CPU"} {
		if got := ShortDevice(device); got != want {
			t.Errorf("%q is %q", device, got)
		}
	}
	for n, want := range map[int]string{390_000: "0.39 M", 11_200_000: "11.2 M", 64_000: "64 k"} {
		if got := Size(n); got != want {
			t.Errorf("%d is %q", n, got)
		}
	}
}

func TestSteps(t *testing.T) {
	if steps := Steps(runs.RunState{}, time.Now()); len(steps) != 5 || steps[0].State != widgets.StepWaiting {
		t.Errorf("before the first event: %+v", steps)
	}
	at := func(second int) time.Time { return time.Date(2026, 1, 2, 3, 0, second, 0, time.UTC) }
	run := runs.RunState{Status: domain.StatusInterrupted, HeardAt: at(50), Steps: []runs.StepState{{Name: "prepare data", State: "done", Seconds: 2},
		{Name: "train", State: "running", Progress: 0.4, Seconds: 10, Since: at(30)}}}
	if steps := Steps(run, at(100)); steps[1].State != widgets.StepStopped || steps[1].Took != 30*time.Second || steps[0].Took != 2*time.Second {
		t.Errorf("an interrupted step goes on: %+v", steps)
	}
	run.Status = domain.StatusTraining
	if steps := Steps(run, at(100)); steps[1].State != widgets.StepRunning || steps[1].Took != 80*time.Second || steps[1].Share <= steps[0].Share {
		t.Errorf("a running step: %+v", steps)
	}
}

// A run's curves reach the charts under their names, with the best iteration marked.
func TestCurves(t *testing.T) {
	h := &runs.RunHistory{Points: map[string][]runs.Point{runs.CurveValLoss: {{Iteration: 10, Value: 2}, {Iteration: 20, Value: 1}}}}
	h.State.BestIteration = 20
	curves, marks := Curves(h)
	if c := curves.Curve(report.Series(runs.CurveOf(runs.CurveValLoss))); len(c.X) != 2 || c.Y[1] != 1 || len(marks) != 1 || marks[0].X != 20 {
		t.Errorf("%+v %+v", c, marks)
	}
	if _, marks := Curves(nil); marks != nil {
		t.Error("marks of nothing")
	}
}

// Every option has a title, and each of its values a word.
func TestOptionWords(t *testing.T) {
	for _, view := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		o := runs.DefaultOptions(view, "")
		for _, f := range OptionFacts(o, view, true) {
			if f.Name == "" || f.Value == "" || strings.Contains(f.Name+f.Value, "_") && f.Name != "Architecture" {
				t.Errorf("%s: %q is %q", view, f.Name, f.Value)
			}
		}
		if all, some := len(OptionFacts(o, view, true)), len(OptionFacts(o, view, false)); some == 0 || some >= all {
			t.Errorf("%s: %d of %d options are named where there is less room", view, some, all)
		}
	}
}

func TestLogLines(t *testing.T) {
	got := LogLines([]string{"2026/11/24 23:53:48 INFO trainer started", "2026/11/24 23:53:49 WARN disk is slow", "plain"})
	want := []string{"23:53:48 trainer started", "23:53:49 WARN disk is slow", "plain"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
