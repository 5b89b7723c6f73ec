package command

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
)

func TestTrainCommands(t *testing.T) {
	project := colourProject(t, 8, 4)
	r := call(append([]string{"train", project, "--json"}, tiny(60)...)...)
	if r.code != Done {
		t.Fatalf("train: code %d, %s", r.code, r.err)
	}
	v := readJSON[versionDoc](t, r.out)
	if v.Name != "v1" || v.Status != "ready" || v.HeadlineName != "accuracy" || v.Headline == nil || *v.Headline < 0.9 || v.Iteration != 60 {
		t.Errorf("the version is %+v", v)
	}
	for _, says := range []string{"prepare data: done", "build network: done", "train: done", "evaluate: done", "save: done", "iteration 60: loss train"} {
		if !strings.Contains(r.err, says) {
			t.Errorf("the progress does not say %q:\n%s", says, r.err)
		}
	}
	e := okJSON[map[string]any](t, "evaluate", project, "v1")
	for _, figure := range []string{"accuracy", "precision", "recall", "f1", "average_precision", "confusion_matrix", "concepts", "images_per_s"} {
		if e[figure] == nil {
			t.Errorf("evaluate --json has no %s", figure)
		}
	}
	if e["accuracy"] != *v.Headline {
		t.Errorf("evaluate says %v, the version %v", e["accuracy"], *v.Headline)
	}
	if text := ok(t, "evaluate", project, "v1", "--split", "all"); !strings.Contains(text, "36 images") {
		t.Errorf("evaluate prints %s", text)
	}
	p := okJSON[[]predict.Prediction](t, "predict", project, "v1", colourFolders(t, 1, 0), "--max", "1")
	if len(p) != 3 || p[0].Concepts[0].Concept != "blue" {
		t.Errorf("the predictions are %+v", p)
	}
	if versions := okJSON[[]versionDoc](t, "versions", project, "--view", "Colour"); len(versions) != 1 || versions[0].UID != v.UID {
		t.Errorf("the versions are %+v", versions)
	}
	judged(t, project)
	testReportSuggest(t, project)
	ok(t, "wait", project, "v1")
	testModelExport(t, project, v.Folder)
	testWatch(t, project)
	if again := okJSON[runs.Reproduction](t, "reproduce", project, "v1"); !again.Same || again.Tensors == 0 {
		t.Errorf("once more: %+v", again)
	}
	ok(t, "delete", project, "v1")
	if versions := okJSON[[]versionDoc](t, "versions", project); len(versions) != 0 {
		t.Errorf("the versions are %+v", versions)
	}
}

// testReportSuggest: reports of both kinds, images of why, suggestions for what is not annotated and their acceptance.
func testReportSuggest(t *testing.T, project string) {
	t.Helper()
	dir := t.TempDir()
	for name, begin := range map[string]string{"rapport é.pdf": "%PDF-", "report.html": "<!DOCTYPE html>"} {
		file := filepath.Join(dir, name)
		ok(t, "report", project, "v1", file)
		if b, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(b, []byte(begin)) {
			t.Errorf("%s: %v, begins with %.20q", name, err, b)
		}
	}
	if r := call("report", project, "v1", filepath.Join(dir, "report.docx")); r.code != WrongCall {
		t.Errorf("a report as .docx: code %d, %s", r.code, r.err)
	}
	why := okJSON[[]predict.Explained](t, "predict", project, "v1", colourFolders(t, 1, 0), "--explain", filepath.Join(dir, "why"))
	if len(why) != 3 || why[0].Concept != "blue" {
		t.Errorf("explained: %+v", why)
	}
	if _, err := pictures.DecodeFile(why[0].Overlay); err != nil {
		t.Error(err)
	}
	ok(t, "annotate", project, "green0.png", "--clear")
	d := okJSON[suggestDoc](t, "suggest", project, "v1", "--threshold", "0.01", "--accept-above", "0.01")
	if d.Suggested != 1 || d.Accepted != 1 || d.Images != 1 {
		t.Errorf("suggest: %+v", d)
	}
}

// testModelExport: the file is the run's own, and what is there already stays.
func testModelExport(t *testing.T, project, run string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "真.safetensors")
	doc := okJSON[exportedModelDoc](t, "model", "export", project, "v1", file)
	want, err := os.ReadFile(filepath.Join(run, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) || doc.Bytes != int64(len(want)) {
		t.Errorf("the file has %d bytes of %d, %+v, %v", len(got), len(want), doc, err)
	}
	if r := call("model", "export", project, "v1", file); r.code != Failed || !strings.Contains(r.err, "already") {
		t.Errorf("onto a file: code %d, %s", r.code, r.err)
	}
	gone := filepath.Join(t.TempDir(), "gone", "v1.safetensors")
	if r := call("model", "export", project, "v1", gone); r.code != Failed || !strings.Contains(r.err, "no such file") {
		t.Errorf("into no folder: code %d, %s", r.code, r.err)
	}
}

// TestDetachStopResume: the project is free while a version trains; stop keeps the state, resume goes on.
func TestDetachStopResume(t *testing.T) {
	project := colourProject(t, 4, 2)
	v := okJSON[versionDoc](t, append([]string{"train", project, "--name", "long", "--detach"}, tiny(3000)...)...)
	if v.Status != "preparing" && v.Status != "training" {
		t.Errorf("the version is %s", v.Status)
	}
	waiting := okJSON[versionDoc](t, append([]string{"train", project, "--name", "next", "--detach"}, tiny(3000)...)...)
	if waiting.Status != "queued" {
		t.Errorf("the second version is %s", waiting.Status)
	}
	if v = okJSON[versionDoc](t, "stop", project, "next"); v.Status != "stopped" {
		t.Errorf("the second version is %s after stop", v.Status)
	}
	if v = okJSON[versionDoc](t, "stop", project, "long"); v.Status != "stopped" {
		t.Errorf("the version is %s after stop", v.Status)
	}
	if r := call("wait", project, "long"); r.code != Failed || !strings.Contains(r.err, "was stopped") {
		t.Errorf("wait: code %d, %s", r.code, r.err)
	}
	// Ctrl-C stops what the command follows, with its state kept.
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(3*time.Second, cancel)
	defer timer.Stop()
	if r := callWith(ctx, "resume", project, "long"); r.code != Interrupted || !strings.Contains(r.err, "state saved") {
		t.Errorf("resume: code %d, %s", r.code, r.err)
	}
	if v = okJSON[[]versionDoc](t, "versions", project)[1]; v.Status != "stopped" {
		t.Errorf("the version is %s after Ctrl-C", v.Status)
	}
}

// TestStopBesideWindow: while a window has the project open, a training can be waited for and stopped from a terminal.
func TestStopBesideWindow(t *testing.T) {
	project := colourProject(t, 4, 2)
	ok(t, append([]string{"train", project, "--name", "long", "--detach"}, tiny(3000)...)...)
	p, err := studio.Open(context.Background(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.Attend()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if r := callWith(ctx, "wait", project, "long"); r.code != Interrupted || !strings.Contains(r.err, "continues") {
		t.Errorf("wait: code %d, %s", r.code, r.err)
	}
	if v := okJSON[versionDoc](t, "stop", project, "long"); v.Status != "stopped" {
		t.Errorf("after stop: %+v", v)
	}
	if r := call("stop", project, "long"); r.code != Failed || !strings.Contains(r.err, "is not training") {
		t.Errorf("stopping what does not run: code %d, %s", r.code, r.err)
	}
	if r := call("stop", project, "gone"); r.code != Failed || !strings.Contains(r.err, "open in another window") {
		t.Errorf("stopping what is not there: code %d, %s", r.code, r.err)
	}
}

func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("the demo trains on the sample project")
	}
	dir := filepath.Join(t.TempDir(), "demo")
	doc := okJSON[demoDoc](t, "demo", dir)
	if doc.Project != dir || doc.Version.Status != "ready" || doc.Evaluation.Images == 0 {
		t.Errorf("the demo says %+v", doc)
	}
	if a := doc.Evaluation.Accuracy; a < 0.55 || doc.Version.Architecture != "mobilenet_v2_035" {
		t.Errorf("from the built-in backbone a %s reaches %v", doc.Version.Architecture, a)
	}
	if out := ok(t, "demo", dir+" again", "--iterations", "1"); !strings.Contains(out, `The version "From nothing" of this project was trained without the built-in network: accuracy 50.0% on val after 2`) {
		t.Errorf("the demo says\n%s", out)
	}
	if len(doc.Charts) != 2 {
		t.Fatalf("the charts are %v", doc.Charts)
	}
	data, err := os.ReadFile(filepath.Join(dir, "curves.png"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	table, err := os.ReadFile(filepath.Join(dir, "curves.csv"))
	if err != nil || !strings.Contains(string(table), runs.CurveOf(runs.CurveValAccuracy).Name) {
		t.Errorf("the numbers are %q, %v", table, err)
	}
}
