package weights

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
)

// pretrained is the folder of networks to test with, which isn't part of the repository. Without it a test is skipped, but where CI is set it fails.
func pretrained(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("../../../shared", name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not there", path)
		}
		t.Skipf("%s is not there", path)
	}
	return path
}

// predictor is a network of one image at a time, with the tensors of n.
func predictor(t *testing.T, n *Network, size int) *nn.Predictor {
	t.Helper()
	net, err := nn.New(nn.Spec{Architecture: n.Architecture, Task: domain.Tagging, Classes: max(1, n.Classes()), Height: size, Width: size, Picture: n.Picture}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if taken, _, err := net.LoadState(n.State()); err != nil || len(taken) != len(n.Tensors) {
		t.Fatalf("%d of %d tensors taken: %v", len(taken), len(n.Tensors), err)
	}
	p, err := net.Predictor(1, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func features(t *testing.T, p *nn.Predictor, raw []byte) []float32 {
	t.Helper()
	data.Normalise(p.Input(), raw)
	if err := p.Forward(1); err != nil {
		t.Fatal(err)
	}
	return p.Features().Mean(0, nil)
}

// formula is the picture of testdata/features.py.
func formula(size int) []byte {
	raw := make([]byte, 0, 3*size*size)
	for y := range size {
		for x := range size {
			for c := range 3 {
				raw = append(raw, uint8((x*x+3*y*y+70*c+x*y/7)/16%256))
			}
		}
	}
	return raw
}

// agrees holds a network's features of the formula's picture against what PyTorch computed.
func agrees(t *testing.T, n *Network, name string) {
	t.Helper()
	var all map[string][]float64
	text, err := os.ReadFile("testdata/features.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	got, want := features(t, predictor(t, n, 224), formula(224)), all[name]
	if len(want) != 1280 || len(got) != len(want) {
		t.Fatalf("%d features where there should be %d", len(got), len(want))
	}
	for i, v := range want {
		if math.Abs(float64(got[i])-v) > 2e-4 {
			t.Errorf("feature %d is %v where %v is right", i, got[i], v)
		}
	}
}

func TestTeachableMachinesFeatures(t *testing.T) {
	n, err := Read(pretrained(t, "weights/teachable-machine"))
	if err != nil {
		t.Fatal(err)
	}
	if n.Architecture != "mobilenet_v2_035" || n.Size != 224 || len(n.Left) > 0 || n.Title != "tm-my-image-model" {
		t.Errorf("read as %s of %d pixels, left %v, %q", n.Architecture, n.Size, n.Left, n.Title)
	}
	agrees(t, n, "teachable-machine")
}

// export writes a Teachable Machine export with other texts.
func export(t *testing.T, model, metadata string, raw []byte) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string][]byte{modelJSON: []byte(model), metadataJSON: []byte(metadata), weightsBin: raw} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestBadExportsAreRefused(t *testing.T) {
	one := func(weight string) string {
		return `{"modelTopology":{"class_name":"Sequential","config":{"layers":[]}},"weightsManifest":[{"paths":["weights.bin"],"weights":[` + weight + `]}]}`
	}
	deep := strings.Repeat(`{"config":{"layers":[`, 20) + strings.Repeat(`]}}`, 20)
	grey := `{"modelTopology":{"config":{"layers":[{"class_name":"InputLayer","config":{"batch_input_shape":[null,96,96,1]}}]}}}`
	for _, c := range []struct{ model, metadata, says string }{
		{"{}", `{"packageName":"@teachablemachine/pose"}`, "for poses"},
		{"{}", `{"packageName":"@teachablemachine/audio"}`, "for audio"},
		{"{}", `{"wordLabels":["noise"]}`, "for audio"},
		{one(""), `{"grayscale":true}`, "for grayscale images"},
		{grey, "{}", "for grayscale images"},
		{"{", "{}", "model.json cannot be read"},
		{"{}", "{", "metadata.json cannot be read"},
		{"{}", "{}", "tells of no layers"},
		{one(`{"name":"a","shape":[3],"dtype":"float32"}`), "{}", "may be truncated"},
		{one(`{"name":"a","shape":[1099511627776,1099511627776],"dtype":"float32"}`), "{}", "has the shape"},
		{one(`{"name":"a","shape":[-1],"dtype":"float32"}`), "{}", "has the shape"},
		{one(`{"name":"a","shape":[2],"dtype":"uint8"}`), "{}", "stored as uint8"},
		{one(`{"name":"a","shape":[1],"dtype":"float32"}`), "{}", "belong to no tensor"},
		{one(`{"name":"a","shape":[2],"dtype":"float32"}`), "{}", "its backbone is not MobileNetV2"},
		{strings.Replace(one(""), "weights.bin", "../weights.bin", 1), "{}", "outside of its folder"},
		{strings.Replace(one(""), "weights.bin", "other.bin", 1), "{}", "other.bin cannot be opened"},
		{`{"modelTopology":` + deep + `,"weightsManifest":` + one(`{"name":"a","shape":[2],"dtype":"float32"}`)[strings.Index(one(""), "[{\"paths"):], "{}", "deep in one another"},
		{`{"modelTopology":{"config":{"layers":[]}}}`, "{}", "names no weights"},
	} {
		_, err := Read(export(t, c.model, c.metadata, make([]byte, 8)))
		if !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v does not say %q", err, c.says)
		}
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), "the folder has no model.json") {
		t.Error(err)
	}
}
