package command

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"viewfinder/app/bench"
	"viewfinder/app/studio"
	"viewfinder/app/studio/transfer"
)

func TestProjectCommands(t *testing.T) {
	project := colourProject(t, 3, 2)
	info := okJSON[infoDoc](t, "info", project)
	if info.Name != "Colours" || info.Images != 15 || len(info.Views) != 1 || info.Views[0].Annotated != 15 || info.Views[0].Val != 6 {
		t.Errorf("info says %+v", info)
	}
	if text := ok(t, "info", project); !strings.Contains(text, "red: 3 train, 2 val") {
		t.Errorf("info prints %s", text)
	}
	ok(t, "view", project, "add", "Things", "--type", "detection")
	ok(t, "concept", project, "add", "cat", "dog", "--view", "Things")
	ok(t, "concept", project, "rename", "cat", "lion", "--view", "Things")
	ok(t, "concept", project, "delete", "dog", "--view", "Things")
	concepts := okJSON[[]conceptDoc](t, "concept", project, "list", "--view", "things")
	if len(concepts) != 1 || concepts[0].Name != "lion" || concepts[0].Key != "1" {
		t.Errorf("the concepts are %+v", concepts)
	}
	ok(t, "view", project, "add", "Which", "--type", "classification", "--parent", "Things", "--any", "lion")
	views := okJSON[[]viewDoc](t, "view", project, "list")
	if len(views) != 3 || views[2].Parent != "Things" || views[2].Condition != "Things: lion" {
		t.Errorf("the views are %+v", views)
	}
	ok(t, "view", project, "add", "Marks", "--type", "tagging")
	ok(t, "concept", project, "add", "new", "large", "torn", "--view", "Marks")
	ok(t, "view", project, "add", "Both", "--type", "tagging", "--parent", "Marks", "--any", "large", "--any", "torn", "--all", "new")
	if views = okJSON[[]viewDoc](t, "view", project, "list"); views[len(views)-1].Condition != "Marks: (large or torn) and new" {
		t.Errorf("the views are %+v", views)
	}
	ok(t, "view", project, "rename", "Which", "Species")
	ok(t, "view", project, "delete", "Species")
	check := okJSON[map[string]any](t, "check", project)
	if check["ok"] != true || check["images"] != 15.0 {
		t.Errorf("check says %v", check)
	}
}

func TestAnnotateCommand(t *testing.T) {
	project := colourProject(t, 2, 1)
	d := okJSON[annotationDoc](t, "annotate", project, "red0.png")
	if !d.Annotated || d.Regions[0].Concepts[0] != "red" || d.Split != "train" {
		t.Errorf("it is %+v", d)
	}
	d = okJSON[annotationDoc](t, "annotate", project, "red0.png", "--concept", "blue", "--reviewed", "--split", "val")
	if d.Regions[0].Concepts[0] != "blue" || !d.Reviewed || d.Split != "val" {
		t.Errorf("it is %+v", d)
	}
	if d = okJSON[annotationDoc](t, "annotate", project, d.SHA256, "--clear"); d.Annotated {
		t.Errorf("it is %+v", d)
	}
	ok(t, "view", project, "add", "Things", "--type", "detection")
	ok(t, "concept", project, "add", "cat", "--view", "Things")
	d = okJSON[annotationDoc](t, "annotate", project, "red1.png", "--view", "Things", "--box", "0.1,0.2,0.3,0.4:cat", "--box", "0.5,0.5,2,0.9:cat")
	if len(d.Regions) != 2 || *d.Regions[0].BBox != (boxDoc{0.1, 0.2, 0.3, 0.4}) || d.Regions[1].BBox.XMax != 1 {
		t.Errorf("the boxes are %+v", d.Regions)
	}
	d = okJSON[annotationDoc](t, "annotate", project, "red1.png", "--view", "Things", "--without-concept")
	if !d.Annotated || len(d.Regions) != 0 {
		t.Errorf("it is %+v", d)
	}
	if text := ok(t, "annotate", project, "red1.png", "red0.png", "--view", "Things"); !strings.Contains(text, "without concept") || !strings.Contains(text, "not annotated") {
		t.Errorf("it prints %s", text)
	}
}

// TestLocked: while another has the project open, a command that changes it says so, and one that only reads works.
func TestLocked(t *testing.T) {
	project := colourProject(t, 1, 0)
	p, err := studio.Open(context.Background(), project)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if r := call("view", project, "add", "Another", "--type", "tagging"); r.code != Failed || !strings.Contains(r.err, "open in another window or command") {
		t.Errorf("code %d, %s", r.code, r.err)
	}
	for _, args := range [][]string{{"info", project}, {"versions", project}, {"view", project, "list"}, {"concept", project, "list"}} {
		if r := call(args...); r.code != Done {
			t.Errorf("%v: code %d, %s", args, r.code, r.err)
		}
	}
}

func TestImportCommand(t *testing.T) {
	project := filepath.Join(t.TempDir(), "project")
	ok(t, "new", project)
	root := colourFolders(t, 2, 0)
	if err := os.WriteFile(filepath.Join(root, "train", "red", "bad.jpg"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	save := filepath.Join(t.TempDir(), "report.txt")
	r := call("import", project, root, "--report", save, "--json", "--quiet")
	report := readJSON[transfer.ImportReport](t, r.out)
	if r.code != Done || report.Added != 6 || report.Skipped != 1 || !strings.Contains(r.err, "bad.jpg") {
		t.Errorf("code %d, %+v, %s", r.code, report, r.err)
	}
	if text, err := os.ReadFile(save); err != nil || !strings.Contains(string(text), "bad.jpg") {
		t.Errorf("the report is %q, %v", text, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := callWith(ctx, "import", project, root); r.code != Interrupted {
		t.Errorf("interrupted: code %d, %s", r.code, r.err)
	}
}

func TestExportCommand(t *testing.T) {
	project := colourProject(t, 2, 1)
	target := filepath.Join(t.TempDir(), "out")
	report := okJSON[transfer.ExportReport](t, "export", project, target, "--format", "folders")
	if report.Images != 9 {
		t.Errorf("the report is %+v", report)
	}
	if r := call("export", project, target, "--format", "csv"); r.code != Failed || !strings.Contains(r.err, "not empty") {
		t.Errorf("over another: code %d, %s", r.code, r.err)
	}
	if r := call("export", project, target+"2"); r.code != WrongCall {
		t.Errorf("without a format: code %d, %s", r.code, r.err)
	}
	if r := call("export", project, target+"3", "--format", "coco"); r.code != Failed || !strings.Contains(r.err, "does not hold") {
		t.Errorf("a format that does not fit: code %d, %s", r.code, r.err)
	}
}

// TestNewerProject: a project of a newer program is left as it is, and the message says what to do.
func TestNewerProject(t *testing.T) {
	project := colourProject(t, 1, 0)
	db, err := sql.Open("sqlite", filepath.Join(project, "project.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if r := call("info", project); r.code != Failed || !strings.Contains(r.err, "newer Viewfinder") {
		t.Errorf("code %d, %s", r.code, r.err)
	}
}

func TestMachineCommands(t *testing.T) {
	if list := okJSON[[]architectureDoc](t, "architectures"); len(list) < 5 || list[0].Name != "small_cnn" || list[0].Parameters < 1000 {
		t.Errorf("the architectures are %+v", list)
	}
	for _, mode := range []string{"train", "predict"} {
		b := okJSON[bench.Result](t, "bench", mode, "--architecture", "small_cnn", "--size", "32", "--batch-size", "2", "--steps", "1")
		if b.Architecture != "small_cnn" || b.ImagesPerSecond <= 0 || b.Mode != mode {
			t.Errorf("bench %s says %+v", mode, b)
		}
	}
	if r := call("bench", "train", "--architecture", "small_cnn", "--size", "7"); r.code != Failed {
		t.Errorf("a size that is too small: code %d, %s", r.code, r.err)
	}
}
