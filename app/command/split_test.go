package command

import (
	"path/filepath"
	"testing"
)

func TestSplitAndTrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	ok(t, "new", dir)
	ok(t, "import", dir, colourFolders(t, 8, 2), "--view", "Colour")
	dry := okJSON[splitDoc](t, "split", dir, "--view", "Colour", "--val", "50", "--dry-run")
	did := okJSON[splitDoc](t, "split", dir, "--view", "Colour", "--val", "50")
	if dry.Done || !did.Done || dry.ToVal != did.ToVal || did.Val != 0.5 || len(did.Concepts) < 2 {
		t.Fatalf("%+v, then %+v", dry, did)
	}
	if again := okJSON[splitDoc](t, "split", dir, "--view", "Colour", "--val", "50"); again.ToVal+again.ToTrain != 0 {
		t.Errorf("a second time %+v", again)
	}
	if r := call("split", dir, "--val", "100"); r.code != 2 {
		t.Errorf("--val 100 ends with %d", r.code)
	}
	if r := call("split", dir, "--groups", "("); r.code != 1 {
		t.Errorf("a broken expression ends with %d", r.code)
	}
	list := okJSON[map[string]any](t, "trash", dir, "list")
	if n := len(list["images"].([]any)); n != 0 {
		t.Errorf("%d images in the trash", n)
	}
	if r := call("trash", dir, "restore", "nothing.png"); r.code != 1 {
		t.Errorf("restoring nothing ends with %d", r.code)
	}
	ok(t, "trash", dir, "empty")
}
