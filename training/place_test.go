package training

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
)

// TestPlace: what a training has come to, packed and placed in another folder, is ready there, with the same network and the same curves, and packs into the
// same again. Of a head the backbone is not packed. What is cut, or of other concepts, is refused.
func TestPlace(t *testing.T) {
	from := newHeadRun(t, domain.Classification, pretrained(t), nil)
	executes(t, from)
	files, err := Pack(from)
	if err != nil {
		t.Fatal(err)
	}
	if own, err := checkpoint.Read(bytes.NewReader(files[ModelFile]), int64(len(files[ModelFile]))); err != nil || len(own.Tensors) != 2 {
		t.Errorf("of a head %d tensors are packed: %v", len(own.Tensors), err)
	}
	run, err := ReadRun(from)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "placed")
	if err := Place(to, run, files); err != nil {
		t.Fatal(err)
	}
	state, err := Inspect(to)
	before, beforeErr := Inspect(from)
	if err != nil || beforeErr != nil || state.Status != "ready" || state.Headline != before.Headline || state.Iteration != before.Iteration {
		t.Errorf("placed, it is %+v, and was %+v: %v %v", state, before, err, beforeErr)
	}
	want, _ := checkpoint.ReadFile(filepath.Join(from, ModelFile))
	got, err := checkpoint.ReadFile(filepath.Join(to, ModelFile))
	if err != nil || len(got.Tensors) != len(want.Tensors) {
		t.Fatalf("the network has %d tensors of %d: %v", len(got.Tensors), len(want.Tensors), err)
	}
	again, err := Pack(to)
	if err != nil || len(again) != len(files) {
		t.Fatalf("packed again into %d files of %d: %v", len(again), len(files), err)
	}
	for name := range files {
		if !bytes.Equal(again[name], files[name]) {
			t.Errorf("%s is packed as another", name)
		}
	}
	if h, err := ReadHistory(to); err != nil || !h.OnlyKept || len(h.Points[CurveValAccuracy]) == 0 {
		t.Errorf("there are other weights than those that are used, or no curve: %v", err)
	}
	for name, spoil := range map[string]func(f map[string][]byte, r *Run){
		"a cut network":    func(f map[string][]byte, _ *Run) { f[ModelFile] = f[ModelFile][:len(f[ModelFile])/2] },
		"no network":       func(f map[string][]byte, _ *Run) { delete(f, ModelFile) },
		"another network":  func(_ map[string][]byte, r *Run) { r.Options.Architecture = "resnet18" },
		"an invalid run":   func(_ map[string][]byte, r *Run) { r.Concepts = nil },
		"weights not here": func(_ map[string][]byte, r *Run) { r.Options.Weights = "gone.safetensors" },
	} {
		f, r := map[string][]byte{}, *run
		for n, b := range files {
			f[n] = b
		}
		spoil(f, &r)
		dir := filepath.Join(t.TempDir(), "bad")
		if err := Place(dir, &r, f); err == nil {
			t.Errorf("%s is placed", name)
		}
		if _, err := os.Stat(filepath.Join(dir, EventsFile)); err == nil {
			t.Errorf("%s: it looks ready", name)
		}
	}
	if err := os.Remove(filepath.Join(from, EventsFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Pack(from); !errors.Is(err, ErrNotReady) {
		t.Errorf("what is not ready is packed: %v", err)
	}
}
