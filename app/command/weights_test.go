package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/studiotest"
)

// TestWeights: a network from elsewhere is added, listed and removed; what cannot be read leaves nothing.
func TestWeights(t *testing.T) {
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	if all := okJSON[[]weightsDoc](t, "weights", "list", "--json"); len(all) > 0 {
		t.Fatalf("%+v", all)
	}
	file := studiotest.PretrainedFile(t)
	added := okJSON[weightsDoc](t, "weights", "add", file, "--json")
	if added.Name != "pretrained" || added.Architecture != "mobilenet_v2_035" || added.Bytes == 0 {
		t.Errorf("%+v", added)
	}
	if again := ok(t, "weights", "add", file); !strings.Contains(again, "Added pretrained-2: mobilenet_v2_035") {
		t.Error(again)
	}
	bad := filepath.Join(t.TempDir(), "bad.tflite")
	if err := os.WriteFile(bad, bytes.Repeat([]byte("x"), 100), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := call("weights", "add", bad); r.code == Done || !strings.Contains(r.err, "bad.tflite: not a network that can be read: not a TensorFlow Lite file") {
		t.Errorf("%d %s", r.code, r.err)
	}
	if path, err := weightsFile("pretrained"); err != nil || filepath.Base(path) != "pretrained.safetensors" {
		t.Error(path, err)
	}
	ok(t, "weights", "remove", "pretrained-2")
	if r := call("weights", "remove", "pretrained-2"); r.code == Done || !strings.Contains(r.err, "there are pretrained") {
		t.Errorf("%d %s", r.code, r.err)
	}
	if all := okJSON[[]weightsDoc](t, "weights", "list", "--json"); len(all) != 1 || all[0].Name != "pretrained" {
		t.Errorf("%+v", all)
	}
	for _, args := range [][]string{{"weights"}, {"weights", "sort"}, {"weights", "add"}, {"weights", "list", "x"}, {"weights", "remove"}} {
		if r := call(args...); r.code != WrongCall {
			t.Errorf("%v: %d %s", args, r.code, r.err)
		}
	}
}
