package evaluate_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training/metrics"
)

// trained makes a version of a project of colours.
func trained(t *testing.T, train, val, iterations int) (*studio.Project, storage.View, runs.Version) {
	t.Helper()
	p, v := studiotest.ColourProject(t, train, val)
	version := studiotest.Must(p.Train(context.Background(), runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(iterations)}))(t)
	version = studiotest.EndOf(t, p, version.ID)
	if version.Status != domain.StatusReady {
		t.Fatalf("the version is %s: %s", version.Status, version.Error)
	}
	return p, v, version
}

func TestAnEvaluationIsKeptAndOpensAsItWas(t *testing.T) {
	ctx := context.Background()
	p, v, version := trained(t, 8, 4, 20)
	if e := studiotest.Must(p.FindEvaluation(ctx, version.ID, evaluate.EvaluateRequest{}))(t); e != nil {
		t.Errorf("there is an evaluation that nobody made: %+v", e.EvaluationInfo)
	}
	made := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{}, nil))(t)
	if made.Images != 12 || made.HeadlineName != "accuracy" || made.Headline.Value != version.Headline {
		t.Errorf("%+v, the version has %v", made.EvaluationInfo, version.Headline)
	}
	all := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{All: true}, nil))(t)
	seen := 0
	for _, i := range all.Items {
		if i.Seen != (i.Split == domain.SplitTrain) {
			t.Errorf("%s of %s: seen %v", i.Name, i.Split, i.Seen)
		}
		if i.Seen {
			seen++
		}
	}
	if seen != 24 || all.Images != 36 {
		t.Errorf("%d of %d were trained on", seen, all.Images)
	}
	list := studiotest.Must(p.StoredEvaluations(ctx, version.ID))(t)
	if len(list) != 2 || list[0].ID != all.ID || list[1].ID != made.ID {
		t.Fatalf("%+v", list)
	}
	opened := studiotest.Must(p.FindEvaluation(ctx, version.ID, evaluate.EvaluateRequest{Split: domain.SplitVal}))(t)
	if opened == nil {
		t.Fatal("it is not found")
	}
	s := metrics.DefaultSettings(domain.Classification)
	if !reflect.DeepEqual(opened.Judge.Figures(s), made.Judge.Figures(s)) || !reflect.DeepEqual(opened.Items, made.Items) ||
		!reflect.DeepEqual(opened.Headline, made.Headline) || !opened.Made.Equal(made.Made) {
		t.Errorf("opened %+v, made %+v", opened.EvaluationInfo, made.EvaluationInfo)
	}
	shown := opened.Show(opened.Judge.ErrorCases(s, metrics.UncertainRight, metrics.None, metrics.OrderDefault)[0])
	if !shown.Inside() || shown.Truth == "" || shown.Truth != shown.Predicted || shown.Key.View != v.ID || !strings.Contains(shown.Name, shown.Truth) {
		t.Errorf("%+v", shown)
	}
	if err := p.DeleteEvaluation(ctx, version.ID, all.ID); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.RunDir(version), "evaluations", made.ID+".predictions")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("VFPRED 1\n????"), 0o644); err != nil {
		t.Fatal(err)
	}
	if list := studiotest.Must(p.StoredEvaluations(ctx, version.ID))(t); len(list) != 0 {
		t.Errorf("a damaged one is listed: %+v", list)
	}
	if e := studiotest.Must(p.FindEvaluation(ctx, version.ID, evaluate.EvaluateRequest{}))(t); e != nil {
		t.Errorf("a damaged one is opened: %+v", e.EvaluationInfo)
	}
	if _, err := p.OpenEvaluation(ctx, version.ID, "../../x"); err == nil {
		t.Errorf("out of the folder: %v", err)
	}
	freshness(t, p, v, version)
	fromAFolder(t, p, version)
}

// freshness changes annotations below an evaluation.
func freshness(t *testing.T, p *studio.Project, v storage.View, version runs.Version) {
	t.Helper()
	ctx := context.Background()
	e := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{}, nil))(t)
	says := func(want string) {
		t.Helper()
		if f := studiotest.Must(p.Freshness(ctx, e))(t); f.Reason != want || f.OutOfDate != (want != "") {
			t.Errorf("%+v, want %q", f, want)
		}
	}
	says("")
	red, first := studiotest.Must(p.FindConcept(ctx, v.ID, "red"))(t), e.Items[0]
	was := studiotest.Must(p.Datapoint(ctx, first.Key))(t)
	if err := p.Annotate(ctx, first.Key, []domain.Region{{Concepts: []int64{red.ID}}}); err != nil {
		t.Fatal(err)
	}
	says("1 annotation changed since")
	if err := p.Clear(ctx, []storage.Key{e.Items[1].Key}); err != nil {
		t.Fatal(err)
	}
	says("1 annotation changed, 1 taken out since")
	if e = studiotest.Must(p.EvaluateStored(ctx, version.ID, e.Request, nil))(t); e.Images != 11 {
		t.Errorf("%d images", e.Images)
	}
	says("")
	if err := p.Annotate(ctx, storage.Key{View: v.ID, Image: was.Image.ID}, was.Regions); err != nil {
		t.Fatal(err)
	}
	says("1 annotation changed since")
	q := storage.Query{Text: "green"}
	if e = studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{Filter: &q}, nil))(t); e.Images < 10 || !strings.Contains(e.Items[0].Name, "green") {
		t.Errorf("a filter: %d images", e.Images)
	}
	says("")
}

// fromAFolder evaluates on images that are not in the project.
func fromAFolder(t *testing.T, p *studio.Project, version runs.Version) {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	for i, name := range []string{"red", "blue", "Green", "mauve"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		studiotest.Paint(t, filepath.Join(dir, name, "x.png"), studiotest.Colours[strings.ToLower(name)], 40, 30, uint64(900+i))
	}
	e := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{Folder: dir}, nil))(t)
	if e.Images != 3 || len(e.LeftOut) != 1 || e.LeftOut[0].Count != 1 || e.Items[0].Inside() {
		t.Errorf("%+v, left out %+v", e.EvaluationInfo, e.LeftOut)
	}
	if f := studiotest.Must(p.Freshness(ctx, e))(t); f.OutOfDate {
		t.Errorf("%+v", f)
	}
	if opened := studiotest.Must(p.FindEvaluation(ctx, version.ID, evaluate.EvaluateRequest{Folder: dir}))(t); opened == nil || opened.Items[0].Name != e.Items[0].Name {
		t.Error("it is not kept")
	}
	plain := t.TempDir()
	studiotest.Paint(t, filepath.Join(plain, "x.png"), studiotest.Colours["red"], 40, 30, 1)
	if _, err := p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{Folder: plain}, nil); err == nil || !strings.Contains(err.Error(), "Try") {
		t.Errorf("images without annotations: %v", err)
	}
}

func TestBoxesAreEvaluatedAsTheyWereFound(t *testing.T) {

	ctx := context.Background()
	p := studiotest.Project(t)
	dir := studiotest.Folders(t, 6, 3)
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{dir}, Format: "images"})
	v := studiotest.Must(p.AddView(ctx, storage.View{Name: "things", Type: domain.Detection}))(t)
	c := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "thing"}))(t)
	for _, d := range studiotest.Must(p.Datapoints(ctx, storage.Query{View: v.ID}))(t) {
		if err := p.Annotate(ctx, d.Key(), []domain.Region{{Box: &domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.9, YMax: 0.9}, Concepts: []int64{c.ID}}}); err != nil {
			t.Fatal(err)
		}
	}
	o := studiotest.Tiny(6)
	o.BatchSize = 4
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: o}))(t)
	if version = studiotest.EndOf(t, p, version.ID); version.Status != domain.StatusReady {
		t.Fatal(version.Error)
	}
	made := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{All: true}, nil))(t)
	opened := studiotest.Must(p.OpenEvaluation(ctx, version.ID, made.ID))(t)
	s := metrics.Settings{Threshold: 0.02}
	a, b := made.Judge.Figures(s), opened.Judge.Figures(s)
	if !reflect.DeepEqual(a, b) || a.Boxes != made.Images || len(a.BySize) != 3 {
		t.Errorf("made %+v, opened %+v", a, b)
	}
	for _, c := range opened.Judge.ErrorCases(s, metrics.FalseNegatives, metrics.None, metrics.OrderDefault) {
		if shown := opened.Show(c); shown.TruthBox == nil || shown.TruthBox.XMin < 0.0999 || shown.TruthBox.XMax > 0.9001 || shown.Truth != "thing" {
			t.Errorf("%+v", shown)
		}
	}
}
