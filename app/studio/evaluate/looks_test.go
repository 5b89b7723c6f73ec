package evaluate_test

import (
	"context"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// TestOnTheTestSplit: nothing of the test split comes into a training, an evaluation of all, or folds; the test is of images that the version never
// used; and the versions looked at are counted once each.
func TestOnTheTestSplit(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 6, 3)
	dir := t.TempDir()
	for name, c := range map[string]color.RGBA{"red": {R: 220, A: 255}, "green": {G: 220, A: 255}, "blue": {B: 220, A: 255}} {
		if err := os.MkdirAll(filepath.Join(dir, "test", name), 0o755); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			studiotest.Paint(t, filepath.Join(dir, "test", name, fmt.Sprintf("%s new %d.png", name, i)), c, 40, 40, uint64(900+i))
		}
	}
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{dir}, View: v.ID})
	if c := studiotest.Must(p.Counts(ctx, v.ID))(t); c.Test.Annotated != 6 || c.Total().Annotated != 33 {
		t.Fatalf("%+v", c)
	}
	version := studiotest.EndOf(t, p, studiotest.Must(p.Train(ctx, trainRequest(v, "one")))(t).ID)
	if version.Status != domain.StatusReady || version.Test != nil {
		t.Fatalf("%s %s %+v", version.Status, version.Error, version.Test)
	}
	run := studiotest.Must(training.ReadRun(p.RunDir(version)))(t)
	if len(run.Samples) != 27 || slices.ContainsFunc(run.Samples, func(s training.Sample) bool { return s.Split == "test" }) {
		t.Errorf("%d samples", len(run.Samples))
	}
	if use := studiotest.Must(p.Prepare(ctx, v.ID, studiotest.Tiny(5)))(t); use.Images() != 27 || len(use.LeftOut) != 1 || use.LeftOut[0].Count != 6 || !strings.Contains(use.LeftOut[0].Reason, "test") {
		t.Errorf("%+v", use)
	}
	all := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{All: true}, nil))(t)
	if all.Images != 27 {
		t.Errorf("all are %d images", all.Images)
	}
	named := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{Filter: &storage.Query{Text: "red"}}, nil))(t)
	if named.Images != 9 {
		t.Errorf("a filter that names no split sees %d images", named.Images)
	}
	if looks := studiotest.Must(p.TestLooks(ctx, v.ID))(t); len(looks) != 0 {
		t.Errorf("nobody looked: %+v", looks)
	}
	onTest := evaluate.EvaluateRequest{Split: domain.SplitTest}
	if _, err := p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{Split: domain.SplitTest, Folds: 2}, nil); session.AsRule(err) == nil {
		t.Errorf("folds on the test split: %v", err)
	}
	// One image that it learnt from, and one that its best iteration was chosen by, move to test: they do not test it.
	var moved []int64
	for _, split := range []domain.Split{domain.SplitTrain, domain.SplitVal} {
		moved = append(moved, studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID, Split: split, Limit: 1}))(t)[0].Image.ID)
	}
	if err := p.SetSplit(ctx, moved, domain.SplitTest); err != nil {
		t.Fatal(err)
	}
	e := studiotest.Must(p.EvaluateStored(ctx, version.ID, onTest, nil))(t)
	if e.Images != 6 || len(e.LeftOut) != 1 || e.LeftOut[0].Count != 2 || !strings.Contains(e.LeftOut[0].Reason, "when "+version.Name+" was made") {
		t.Errorf("%d images, left out %+v", e.Images, e.LeftOut)
	}
	for _, i := range e.Items {
		if i.Split != domain.SplitTest || i.Seen {
			t.Errorf("%+v", i)
		}
	}
	if f := studiotest.Must(p.Freshness(ctx, e))(t); f.OutOfDate {
		t.Errorf("just made, and %s", f.Reason)
	}
	opened := studiotest.Must(p.UpToDate(ctx, version.ID, onTest, nil))(t)
	if !opened.Made.Equal(e.Made) || opened.Items[0].Split != domain.SplitTest {
		t.Errorf("%v %v", opened.Made, e.Made)
	}
	looks := studiotest.Must(p.TestLooks(ctx, v.ID))(t)
	if len(looks) != 1 || looks[0].Version != version.ID || looks[0].Headline != e.Headline.Value || looks[0].Images != 6 {
		t.Errorf("%+v", looks)
	}
	version = studiotest.Must(p.Version(ctx, version.ID))(t)
	if version.Test == nil || version.Test.Headline != e.Headline.Value {
		t.Errorf("%+v", version.Test)
	}
	facts := studiotest.Must(p.ReportFacts(ctx, version.ID, nil))(t)
	if facts.On != "val" || facts.Test == nil || facts.Test.Value != e.Headline.Value || facts.Test.Images != 6 || !strings.Contains(facts.Test.Looks, "once") {
		t.Errorf("on %s, test %+v", facts.On, facts.Test)
	}
	// Another version counts, and still does when it is deleted.
	two := studiotest.EndOf(t, p, studiotest.Must(p.Train(ctx, trainRequest(v, "two")))(t).ID)
	if facts := studiotest.Must(p.ReportFacts(ctx, two.ID, nil))(t); facts.Test != nil {
		t.Errorf("a report looked: %+v", facts.Test)
	}
	studiotest.Must(p.EvaluateStored(ctx, two.ID, onTest, nil))(t)
	if err := p.DeleteVersion(ctx, two.ID); err != nil {
		t.Fatal(err)
	}
	looks = studiotest.Must(p.TestLooks(ctx, v.ID))(t)
	if len(looks) != 2 || !strings.Contains(evaluate.LooksWords(looks), "2 versions") {
		t.Errorf("%+v", looks)
	}
}

func trainRequest(v storage.View, name string) runs.TrainRequest {
	return runs.TrainRequest{View: v.ID, Name: name, Options: studiotest.Tiny(5)}
}
