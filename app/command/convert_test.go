package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestConvert: a conversion without a project, its report and its exit codes, which are an import's.
func TestConvert(t *testing.T) {
	source := t.TempDir()
	writePNG(t, filepath.Join(source, "a.png"))
	text := func(name, content string) {
		if err := os.WriteFile(filepath.Join(source, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text("a.txt", "0 .5 .5 .25 .25\n")
	target := func() string { return filepath.Join(t.TempDir(), "out") }
	if r := call("convert", source, target(), "--format", "images"); r.code != Failed || !strings.Contains(r.err, "a.txt") || !strings.Contains(r.err, "no annotation came in") {
		t.Errorf("labels without classes: %+v", r)
	}
	text("classes.txt", "bolt\n")
	to := target()
	if out := ok(t, "convert", source, to, "--format", "cvat", "--report", filepath.Join(t.TempDir(), "r.txt")); !strings.Contains(out, "Converted 1 image from yolo to cvat, 1 annotated") {
		t.Error(out)
	}
	if xml, err := os.ReadFile(filepath.Join(to, "annotations.xml")); err != nil || !strings.Contains(string(xml), `xtl="6" ytl="6" xbr="10" ybr="10"`) {
		t.Errorf("%s %v", xml, err)
	}
	for _, args := range [][]string{{"convert", source, target()}, {"convert", source, target(), "--format", "xls"}, {"convert", source, target(), "--format", "coco", "--images", "move"}, {"convert", source, target(), "--format", "coco", "--from", "xls"}, {"convert", source}} {
		if r := call(args...); r.code != WrongCall {
			t.Errorf("%v: code %d", args, r.code)
		}
	}
	if r := call("convert", source, to, "--format", "coco"); r.code != Failed || !strings.Contains(r.err, "not empty") {
		t.Errorf("onto another: %+v", r)
	}
}
