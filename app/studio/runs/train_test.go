package runs_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

func TestTrainEvaluatePredict(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 8, 4)
	version, err := p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(60)})
	if err != nil {
		t.Fatal(err)
	}
	if version.Name != "v1" || version.Images != 36 || version.Architecture != "small_cnn" {
		t.Errorf("the version is %+v", version.Version)
	}
	version = studiotest.EndOf(t, p, version.ID)
	if version.Status != domain.StatusReady || version.HeadlineName != "accuracy" || version.Headline < 0.9 {
		t.Fatalf("the version is %s, %s %v: %s", version.Status, version.HeadlineName, version.Headline, version.Error)
	}
	history := studiotest.Must(p.RunHistory(ctx, version.ID))(t)
	for _, curve := range runs.Curves() {
		if len(history.Points[curve.Key]) == 0 {
			t.Errorf("no point of %q", curve)
		}
	}
	for i, step := range history.State.Steps {
		if step.Name != runs.Steps()[i] || step.State != "done" {
			t.Errorf("step %d is %+v", i, step)
		}
	}
	evaluation := studiotest.Must(p.EvaluateStored(ctx, version.ID, evaluate.EvaluateRequest{}, nil))(t)
	if len(evaluation.Items) != 12 {
		t.Errorf("evaluated %d images", len(evaluation.Items))
	}
	if one := evaluation.Items[0]; studiotest.Must(p.Datapoint(ctx, one.Key))(t).Image.Split != domain.SplitVal {
		t.Errorf("the first, %+v, is no image of val", one)
	}
	if use := studiotest.Must(p.Frozen(ctx, version.ID))(t); use.Splits[0].Images != 24 || use.Concepts[0].Val != 4 {
		t.Errorf("the snapshot counts %+v", use)
	}
	dir := t.TempDir()
	studiotest.Paint(t, filepath.Join(dir, "new.png"), studiotest.Colours["blue"], 40, 40, 99)
	if err := os.WriteFile(filepath.Join(dir, "text.jpg"), []byte("no image"), 0o644); err != nil {
		t.Fatal(err)
	}
	predictions := studiotest.Must(p.Predict(ctx, version.ID, []string{dir}, predict.PredictRequest{Max: 1}, nil))(t)
	if len(predictions) != 2 || len(predictions[0].Concepts) != 1 || predictions[0].Concepts[0].Concept != "blue" || predictions[1].Error == "" {
		t.Errorf("predictions are %+v", predictions)
	}
	suggested(t, p, v, version)
	library := studiotest.Must(p.Library(ctx, v.ID))(t)
	if len(library) != 1 || !library[0].Current || len(library[0].Versions) != 1 {
		t.Errorf("the library is %+v", library)
	}
}

// suggested clears one annotation and has the version suggest it.
func suggested(t *testing.T, p *studio.Project, v storage.View, version runs.Version) {
	t.Helper()
	ctx := context.Background()
	img := studiotest.Must(p.FindImage(ctx, "green0.png"))(t)
	key := storage.Key{View: v.ID, Image: img.ID}
	if err := p.Clear(ctx, []storage.Key{key}); err != nil {
		t.Fatal(err)
	}
	if n := studiotest.Must(p.Suggest(ctx, version.ID, 0, nil))(t); n != 1 {
		t.Fatalf("%d images got suggestions", n)
	}
	d := studiotest.Must(p.Datapoint(ctx, key))(t)
	if d.Annotated || d.Suggested != 1 {
		t.Errorf("after suggesting: %+v", d)
	}
	list := studiotest.Must(p.Suggestions(ctx, key))(t)
	if err := p.AcceptSuggestions(ctx, v.ID, []int64{list[0].ID}); err != nil {
		t.Fatal(err)
	}
	green := studiotest.Must(p.FindConcept(ctx, v.ID, "green"))(t)
	if d = studiotest.Must(p.Datapoint(ctx, key))(t); !d.Annotated || d.Regions[0].Concepts[0] != green.ID {
		t.Errorf("after accepting: %+v", d)
	}
	if from := studiotest.Must(p.Origin(ctx, key))(t); !strings.HasPrefix(from, "accepted from v1 (") {
		t.Errorf("the annotation is %q", from)
	}
	if from := studiotest.Must(p.Origin(ctx, storage.Key{View: v.ID, Image: studiotest.Must(p.FindImage(ctx, "green1.png"))(t).ID}))(t); from != "" {
		t.Errorf("what a person annotated is %q", from)
	}
}

// TestStopResume: a stopped training goes on to the weights that it would have had.
func TestStopResume(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long under the race detector")
	}
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 4, 2)
	whole := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Name: "whole", Options: studiotest.Tiny(120)}))(t)
	studiotest.EndOf(t, p, whole.ID)
	cut := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Name: "cut", Options: studiotest.Tiny(120)}))(t)
	follow, enough := context.WithCancel(ctx)
	_ = p.Follow(follow, cut.ID, func(e training.Event) {
		if e.Kind == training.KindBatch && e.Iteration > 2 {
			enough()
		}
	})
	if err := p.Stop(ctx, cut.ID); err != nil {
		t.Fatal(err)
	}
	cut = studiotest.EndOf(t, p, cut.ID)
	if cut.Status != domain.StatusStopped || !cut.CanResume() {
		t.Fatalf("the version is %s after Stop: %s", cut.Status, cut.Error)
	}
	if err := p.Resume(ctx, cut.ID); err != nil {
		t.Fatal(err)
	}
	if cut = studiotest.EndOf(t, p, cut.ID); cut.Status != domain.StatusReady {
		t.Fatalf("the version is %s after Resume: %s", cut.Status, cut.Error)
	}
	weights := func(v runs.Version) []byte { // behind the header, which names the run
		data := studiotest.Must(os.ReadFile(filepath.Join(p.RunDir(v), "model.safetensors")))(t)
		return data[8+binary.LittleEndian.Uint64(data):]
	}
	if !bytes.Equal(weights(whole), weights(cut)) {
		t.Error("the weights differ from those of a training that was never stopped")
	}
	if err := p.Resume(ctx, cut.ID); session.AsRule(err) == nil {
		t.Errorf("resuming a version that is ready: %v", err)
	}
}

// TestQueue: one version trains at a time, the next begins when it ends, and one that waits can be taken off.
func TestQueue(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 4, 2)
	var ids []int64
	for _, name := range []string{"one", "two", "three"} {
		ids = append(ids, studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Name: name, Options: studiotest.Tiny(2000)}))(t).ID)
	}
	if _, err := p.Train(ctx, runs.TrainRequest{View: v.ID, Name: "two", Options: studiotest.Tiny(5)}); session.AsRule(err) == nil {
		t.Errorf("a second version of the same name: %v", err)
	}
	queue := studiotest.Must(p.Queue(ctx))(t)
	var names []string
	for _, v := range queue {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, []string{"one", "two", "three"}) || !queue[0].Running() || queue[1].Running() {
		t.Fatalf("the queue is %v", names)
	}
	if err := p.DeleteVersion(ctx, ids[0]); session.AsRule(err) == nil {
		t.Errorf("deleting a version in training: %v", err)
	}
	if err := p.OrderQueue(ctx, []int64{ids[2], ids[1]}); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(ctx, ids[1]); err != nil { // it waits
		t.Fatal(err)
	}
	p.Attend() // from here on the queue is looked after
	if err := p.Stop(ctx, ids[0]); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "the next version to begin", func() bool { return studiotest.Must(p.Version(ctx, ids[2]))(t).Run.Alive })
	if v := studiotest.Must(p.Version(ctx, ids[1]))(t); v.Status != domain.StatusStopped {
		t.Errorf("the version that was taken off is %s", v.Status)
	}
	if err := p.Stop(ctx, ids[2]); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		studiotest.Eventually(t, "its end", func() bool {
			v := studiotest.Must(p.Version(ctx, id))(t)
			return v.Status == domain.StatusStopped && !v.Run.Alive
		})
		if err := p.DeleteVersion(ctx, id); err != nil {
			t.Error(err)
		}
	}
	if left := studiotest.Must(os.ReadDir(filepath.Join(p.Dir(), "runs")))(t); len(left) != 0 {
		t.Errorf("%d run folders are left", len(left))
	}
}

// TestClosedMeanwhile: the project is closed while a version trains, opened again, and the training is found; its trainer is killed, which the
// project survives and says, and resuming goes on.
func TestClosedMeanwhile(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 4, 2)
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(5000)}))(t)
	dir := p.Dir()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = studiotest.Must(studio.Open(ctx, dir))(t)
	defer p.Close()
	var told []session.Change
	seen := make(chan session.Change, 1000)
	defer p.Subscribe(func(c session.Change) { seen <- c })()
	p.Attend()
	studiotest.Eventually(t, "news of the training", func() bool {
		for {
			select {
			case c := <-seen:
				told = append(told, c)
			default:
				return slices.ContainsFunc(told, func(c session.Change) bool { return c.Kind == session.ChangeRun && c.Version == version.ID })
			}
		}
	})
	studiotest.Eventually(t, "points of its curves", func() bool {
		return len(studiotest.Must(p.RunHistory(ctx, version.ID))(t).Points[training.CurveBatchLoss]) > 2
	})
	killTrainer(t, p.RunDir(version))
	records := studiotest.Must(storage.OpenReadOnly(ctx, dir))(t)
	defer records.Close()
	studiotest.Eventually(t, "the interruption to be noticed", func() bool {
		return studiotest.Must(records.Version(ctx, version.ID))(t).Status == domain.StatusInterrupted
	})
	if version = studiotest.Must(p.Version(ctx, version.ID))(t); version.Error == "" || !version.CanResume() {
		t.Errorf("the interrupted version's error is %q", version.Error)
	}
	if check := studiotest.Must(p.Check(ctx, false, nil))(t); !check.OK() {
		t.Errorf("the trainer's death left problems: %v", check.Problems)
	}
	if err := p.Resume(ctx, version.ID); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "the training to go on", func() bool { return studiotest.Must(p.Version(ctx, version.ID))(t).Run.Alive })
	if err := p.Stop(ctx, version.ID); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "its end", func() bool { return studiotest.Must(p.Version(ctx, version.ID))(t).Status == domain.StatusStopped })
}

func TestNotEnough(t *testing.T) {
	ctx := context.Background()
	p, v := studiotest.ColourProject(t, 1, 0)
	_, err := p.Train(ctx, runs.TrainRequest{View: v.ID, Options: studiotest.Tiny(5)})
	var not *runs.NotEnoughError
	if !errors.As(err, &not) {
		t.Fatalf("the error is %v", err)
	}
	if !slices.Contains(not.Preparation.Missing, "green has 1 annotated image in train; at least 2 are needed") {
		t.Errorf("missing: %q", not.Preparation.Missing)
	}
	if !slices.ContainsFunc(not.Preparation.Warnings, func(w string) bool { return strings.Contains(w, "val") }) {
		t.Errorf("warnings: %q", not.Preparation.Warnings)
	}
	if versions := studiotest.Must(p.Versions(ctx, 0))(t); len(versions) != 0 {
		t.Errorf("%d versions were left behind", len(versions))
	}
	o := studiotest.Tiny(0)
	use := studiotest.Must(p.Prepare(ctx, v.ID, o))(t)
	if use.Ready || !slices.ContainsFunc(use.Options, func(e *training.OptionError) bool { return e.Option == "iterations" }) {
		t.Errorf("bad options are not reported: %v", use.Options)
	}
}

// The queue is paused: the training keeps its state and ends, nothing else begins; continued, it goes on first, to the same weights.
func TestPauseQueue(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a network")
	}
	ctx := context.Background()
	p, view := studiotest.ColourProject(t, 6, 3)
	first := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: view.ID, Name: "first", Options: studiotest.Tiny(3000)}))(t)
	second := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: view.ID, Name: "second", Options: studiotest.Tiny(5)}))(t)
	studiotest.Eventually(t, "the first to learn", func() bool { return studiotest.Must(p.Version(ctx, first.ID))(t).Run.Iteration > 0 })
	if err := p.PauseQueue(ctx); err != nil {
		t.Fatal(err)
	}
	if paused, err := p.QueuePaused(ctx); !paused || err != nil {
		t.Errorf("paused: %v, %v", paused, err)
	}
	if v := studiotest.EndOf(t, p, first.ID); v.Status != domain.StatusStopped {
		t.Fatalf("the first is %s", v.Status)
	}
	if err := p.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if v := studiotest.Must(p.Version(ctx, second.ID))(t); v.Status != domain.StatusQueued || v.Run.Alive {
		t.Errorf("while paused, the second is %s", v.Status)
	}
	if err := p.ContinueQueue(ctx); err != nil {
		t.Fatal(err)
	}
	queue := studiotest.Must(p.Queue(ctx))(t)
	if len(queue) != 2 || queue[0].ID != first.ID || !queue[0].Running() {
		t.Errorf("continued: %+v", queue)
	}
	if err := p.SetThreads(ctx, first.ID, 1); err != nil || p.Threads(queue[0]) != 1 {
		t.Errorf("threads: %v, %d", err, p.Threads(queue[0]))
	}
	if err := p.Stop(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	studiotest.EndOf(t, p, first.ID)
	v := studiotest.EndOf(t, p, second.ID)
	if v.Status != domain.StatusReady {
		t.Fatalf("the second is %s: %s", v.Status, v.Error)
	}
	if err := p.UseWeights(ctx, v.ID, "last", nil); err != nil {
		t.Fatal(err)
	}
	now := studiotest.Must(p.Version(ctx, v.ID))(t)
	if now.Run.KeptIteration != 5 || now.Status != domain.StatusReady || !now.EndedAt.Equal(v.EndedAt) {
		t.Errorf("uses %+v", now.Run)
	}
	if _, err := p.Advice(ctx, v.ID); err != nil {
		t.Error(err)
	}
	if b, picture, err := p.LastBatch(ctx, v.ID); err != nil || b == nil || picture == nil || b.Concepts[0] == "" {
		t.Errorf("last batch %+v, %v", b, err)
	}
	if err := p.SetThreads(ctx, v.ID, 1); session.AsRule(err) == nil {
		t.Errorf("cores of what is ready: %v", err)
	}
	if err := p.UseWeights(ctx, first.ID, "last", nil); session.AsRule(err) == nil {
		t.Errorf("weights of what was stopped: %v", err)
	}
}
