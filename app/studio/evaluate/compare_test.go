package evaluate_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training/metrics"
)

func TestCompareVersions(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	ctx := context.Background()
	p, v, good := trained(t, 8, 4, 50)
	poor := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(1)}))(t)
	if poor = studiotest.EndOf(t, p, poor.ID); poor.Status != domain.StatusReady {
		t.Fatal(poor.Error)
	}
	c := studiotest.Must(p.Compare(ctx, []int64{good.ID, poor.ID}, evaluate.EvaluateRequest{All: true}, nil))(t)
	if len(c.Items) != 36 || len(c.Judges) != 2 || c.Judges[1].Samples() != 36 {
		t.Fatalf("%d items", len(c.Items))
	}
	accuracy := c.Rows[0]
	if accuracy.Figure != "Accuracy" || accuracy.Values[0].Value <= accuracy.Values[1].Value || !strings.Contains(accuracy.Against[1].Words, "worse") {
		t.Errorf("%+v", accuracy)
	}
	if a := accuracy.Against[1]; a.Method != "McNemar's test" || a.P >= 0.05 || a.Difference >= 0 {
		t.Errorf("%+v", a)
	}
	if d := c.Differ[0]; !d.Right[0] || d.Right[1] || d.Predicted[0] != d.Truth || d.Predicted[1] == d.Truth {
		t.Errorf("%+v", d)
	}
	if !slices.ContainsFunc(c.Options, func(o evaluate.OptionDifference) bool {
		return o.Option == "iterations" && slices.Equal(o.Values, []string{"50", "1"})
	}) {
		t.Errorf("%+v", c.Options)
	}
	c.At([]metrics.Settings{{Threshold: 2}, {Threshold: 2}})
	if c.Rows[0].Values[0].Value != 0 || len(c.Differ) != 0 {
		t.Errorf("the first row has no interval: %+v", c.Rows[0])
	}
	if list := studiotest.Must(p.StoredEvaluations(ctx, poor.ID))(t); len(list) != 1 {
		t.Errorf("%d evaluations are kept", len(list))
	}
	for name, versions := range map[string][]int64{"one": {good.ID}, "itself": {good.ID, good.ID}, "none": {good.ID, 99}} {
		if _, err := p.Compare(ctx, versions, evaluate.EvaluateRequest{}, nil); err == nil {
			t.Errorf("%s: compared", name)
		}
	}
	likely(t, p, v, good)
}

// likely changes a label that the version did not see, and one that it did.
func likely(t *testing.T, p *studio.Project, v storage.View, version runs.Version) {
	t.Helper()
	ctx := context.Background()
	red := studiotest.Must(p.FindConcept(ctx, v.ID, "red"))(t)
	change := func(split domain.Split) storage.Key {
		list := studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID, Split: split, Text: "blue"}))(t)
		if len(list) == 0 {
			t.Fatal("no image")
		}
		if err := p.Annotate(ctx, list[0].Key(), []domain.Region{{Concepts: []int64{red.ID}}}); err != nil {
			t.Fatal(err)
		}
		return list[0].Key()
	}
	inVal, inTrain := change(domain.SplitVal), change(domain.SplitTrain)
	l := studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{Limit: 3}, nil))(t)
	if l.Checked != 12 || len(l.List) == 0 || l.List[0].Key != inVal || !strings.HasPrefix(l.List[0].InWords, "annotated red, likely blue (") {
		t.Errorf("%d looked at: %+v", l.Checked, l.List)
	}
	steps := map[string]bool{}
	l = studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{All: true}, session.ProgressFunc(func(_, _ int, what string) { steps[what] = true })))(t)
	if !steps["looking at colours and textures"] {
		t.Errorf("steps %v", steps)
	}
	if l.Checked != 36 || len(l.List) < 2 || !strings.Contains(l.Method, "colours and textures") {
		t.Errorf("%d looked at by %q: %d", l.Checked, l.Method, len(l.List))
	} else if first := map[storage.Key]bool{l.List[0].Key: true, l.List[1].Key: true}; !first[inVal] || !first[inTrain] {
		t.Errorf("not the first ones of %+v", l.List)
	}
	// Once they were corrected nothing is suspected any more: second opinions, too, are of annotations as they are.
	blue := studiotest.Must(p.FindConcept(ctx, v.ID, "blue"))(t)
	for _, k := range []storage.Key{inVal, inTrain} {
		if err := p.Annotate(ctx, k, []domain.Region{{Concepts: []int64{blue.ID}}}); err != nil {
			t.Fatal(err)
		}
	}
	if l := studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{All: true}, nil))(t); len(l.List) > 0 {
		t.Errorf("corrected, and still %+v", l.List)
	}
	for _, k := range []storage.Key{inVal, inTrain} {
		if err := p.Annotate(ctx, k, []domain.Region{{Concepts: []int64{red.ID}}}); err != nil {
			t.Fatal(err)
		}
	}
	if testing.Short() {
		return // what follows trains five times
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.LikelyErrors(cancelled, version.ID, evaluate.LikelyRequest{Folds: 2}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	clear(steps)
	l = studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{Folds: 3}, session.ProgressFunc(func(_, _ int, what string) { steps[what] = true })))(t)
	if l.Checked != 36 || !steps["fold 3 of 3: training"] || !steps["learning from colours and textures"] || steps["looking at colours and textures"] || // they are remembered
		!strings.Contains(l.Method, "colours and textures") {
		t.Errorf("%d looked at by %q, steps %v", l.Checked, l.Method, steps)
	}
	found := map[storage.Key]bool{}
	for _, e := range l.List {
		found[e.Key] = true
	}
	if !found[inVal] || !found[inTrain] {
		t.Errorf("not found among %+v", l.List)
	}
	if left := studiotest.Must(filepath.Glob(filepath.Join(p.CacheDir(), "folds-*")))(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	begin := studiotest.Must(p.StoredEvaluations(ctx, version.ID))(t)
	again := studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{Folds: 3}, nil))(t) // kept: no training
	if !again.Evaluation.Made.Equal(l.Evaluation.Made) || len(begin) != len(studiotest.Must(p.StoredEvaluations(ctx, version.ID))(t)) {
		t.Error("it was computed again")
	}
}
