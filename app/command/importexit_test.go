package command

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writePNG writes a black picture of 16 x 16 pixels.
func writePNG(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		t.Fatal(err)
	}
}

// TestImportMissing: label files that nobody reads are named, and the command fails where annotations were expected and none came.
func TestImportMissing(t *testing.T) {
	source := t.TempDir()
	writePNG(t, filepath.Join(source, "a.png"))
	if err := os.WriteFile(filepath.Join(source, "a.txt"), []byte("0 .5 .5 .2 .2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	project := filepath.Join(t.TempDir(), "p")
	ok(t, "new", project)
	r := call("import", project, source)
	out, printed := r.out, r.err
	if r.code != Failed {
		t.Errorf("code %d", r.code)
	}
	if !strings.Contains(out, "1 image added, 1 label file not read") || !strings.Contains(printed, "a.txt: the label file was not read: it looks like YOLO") || !strings.Contains(printed, "no annotation came in") {
		t.Errorf("out %q, printed %q", out, printed)
	}
	if err := os.WriteFile(filepath.Join(source, "classes.txt"), []byte("bolt\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out = ok(t, "import", project, source, "--view", "boxes")
	if !strings.Contains(out, "1 annotated") {
		t.Error(out)
	}
	target := filepath.Join(t.TempDir(), "out")
	if out = ok(t, "export", project, target, "--format", "yolo", "--view", "boxes"); !strings.Contains(out, "Exported 1 image") {
		t.Error(out)
	}
}

// TestImportNothing: where nothing of a source can be imported, the command says so and fails.
func TestImportNothing(t *testing.T) {
	source, project := t.TempDir(), filepath.Join(t.TempDir(), "p")
	if err := os.WriteFile(filepath.Join(source, "a.png"), []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	ok(t, "new", project)
	if r := call("import", project, source); r.code != Failed || !strings.Contains(r.err, "a.png") || !strings.Contains(r.err, "no image came in") {
		t.Errorf("code %d, %q", r.code, r.err)
	}
}
