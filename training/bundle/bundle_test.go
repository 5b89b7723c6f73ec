package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/nn"
	"viewfinder/training/onnx"
)

// modules is where .ci/test installs onnxruntime-node and sharp.
const modules = "../../build/onnxruntime/node_modules"

// installed tells where the programs' Node.js packages are. Without them the test is skipped, but where CI is set it fails.
func installed(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("VIEWFINDER_NODE_MODULES")
	if dir == "" {
		dir, _ = filepath.Abs(modules)
	}
	for _, name := range []string{"onnxruntime-node", "sharp"} {
		if _, err := os.Stat(filepath.Join(dir, name, "package.json")); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is not installed", name)
			}
			t.Skipf("%s is not installed (make test installs it)", name)
		}
	}
	return dir
}

func tasks() []nn.Spec {
	return []nn.Spec{
		{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 64, Width: 64},
		{Architecture: "small_cnn", Task: domain.Tagging, Classes: 3, Height: 64, Width: 96},
		{Architecture: "small_cnn", Task: domain.Detection, Classes: 2, Height: 64, Width: 96},
	}
}

// packed writes a bundle of a new network and unpacks it into a folder.
func packed(t *testing.T, spec nn.Spec) (dir string, net *nn.Network, labels []string) {
	t.Helper()
	net, err := nn.New(spec, 5)
	if err != nil {
		t.Fatal(err)
	}
	m := onnx.Model{Spec: spec, State: map[string]nn.Tensor{}, Labels: []string{"Glass", "Käse & Öl", "紙"}[:spec.Classes], Pad: true, Threshold: 0.1, Name: "v1"}
	for _, s := range net.State() {
		m.State[s.Name] = s
	}
	b := Bundle{Model: m, Safetensors: strings.NewReader("weights"), Run: map[string]string{"id": "1"}}
	var archive, again bytes.Buffer
	if err := Write(&archive, b); err != nil {
		t.Fatal(err)
	}
	b.Safetensors = strings.NewReader("weights")
	if err := Write(&again, b); err != nil || !bytes.Equal(archive.Bytes(), again.Bytes()) {
		t.Errorf("the same network gave other bytes (%v)", err)
	}
	z, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	var found []string
	for _, f := range z.File {
		found = append(found, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"README.md", "model.onnx", "labels.json", "model.safetensors", "run.json", "predict.py", "predict.mjs"}
	if !slices.Equal(found, want) {
		t.Errorf("the archive holds %v where %v is right", found, want)
	}
	return dir, net, m.Labels
}

// photo writes a picture that is lossless and returns its pixels.
func photo(t *testing.T, path string) *image.RGBA {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 120, 90))
	for y := range 90 {
		for x := range 120 {
			img.SetRGBA(x, y, color.RGBA{uint8(2 * x), uint8(2 * y), uint8(x * y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return img
}

// line is what the programs print for an image.
type line struct {
	Image       string `json:"image"`
	Predictions []struct {
		Label      string    `json:"label"`
		Confidence float64   `json:"confidence"`
		Box        []float64 `json:"box"`
	} `json:"predictions"`
}

// TestProgramsRunAsTheyAre: both programs of the archive answer for a picture what the network here answers.
func TestProgramsRunAsTheyAre(t *testing.T) {
	dir := installed(t)
	script, err := filepath.Abs("../onnx/testdata/run.js")
	if err != nil {
		t.Fatal(err)
	}
	shim, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range tasks() {
		t.Run(string(spec.Task), func(t *testing.T) {
			work, net, labels := packed(t, spec)
			img := photo(t, filepath.Join(work, "a photo.png"))
			if err := os.Symlink(dir, filepath.Join(work, "node_modules")); err != nil {
				t.Fatal(err)
			}
			for _, program := range [][]string{{"node", "predict.mjs"}, {"/usr/bin/python3", "predict.py"}} {
				c := exec.Command(program[0], program[1], "a photo.png")
				c.Dir = work
				c.Env = append(os.Environ(), "PYTHONPATH="+shim, "RUN_JS="+script, "VIEWFINDER_ONNXRUNTIME="+filepath.Join(dir, "onnxruntime-node"))
				var complaint bytes.Buffer
				c.Stderr = &complaint
				out, err := c.Output()
				if err != nil {
					t.Fatalf("%v: %v\n%s", program, err, complaint.String())
				}
				var got line
				if err := json.Unmarshal(out, &got); err != nil {
					t.Fatalf("%v printed %q: %v", program, out, err)
				}
				agrees(t, program[1], net, img, labels, got)
			}
		})
	}
}

func agrees(t *testing.T, program string, net *nn.Network, img *image.RGBA, labels []string, got line) {
	t.Helper()
	spec := net.Spec()
	p, err := net.Predictor(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	fitted, _ := data.Fit(img, nil, data.Frame{Height: spec.Height, Width: spec.Width, Pad: true})
	var rgb []byte
	for i := 0; i < len(fitted.Pix); i += 4 {
		rgb = append(rgb, fitted.Pix[i:i+3]...)
	}
	data.Normalise(p.Input(), rgb)
	if err := p.Forward(1); err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	switch spec.Task {
	case domain.Detection:
		boxes := p.Boxes(0, 0.1, 100)
		if diff := len(boxes) - len(got.Predictions); diff < -2 || diff > 2 {
			t.Errorf("%s: %d boxes where %d are right", program, len(got.Predictions), len(boxes))
		}
		if len(boxes) == 0 || len(got.Predictions) == 0 || math.Abs(float64(boxes[0].Score)-got.Predictions[0].Confidence) > 1e-2 || len(got.Predictions[0].Box) != 4 {
			t.Errorf("%s: %v where the first of %v is right", program, got.Predictions, boxes)
		}
		return
	case domain.Classification:
		sum, best := 0.0, 0
		for i, v := range p.Logits() {
			sum += math.Exp(float64(v))
			if v > p.Logits()[best] {
				best = i
			}
		}
		want[labels[best]] = math.Exp(float64(p.Logits()[best])) / sum
	default:
		for i, v := range p.Logits() {
			if s := 1 / (1 + math.Exp(-float64(v))); s >= 0.1 {
				want[labels[i]] = s
			}
		}
	}
	if len(got.Predictions) != len(want) {
		t.Fatalf("%s: %v where %v is right", program, got.Predictions, want)
	}
	for _, one := range got.Predictions {
		if c, ok := want[one.Label]; !ok || math.Abs(c-one.Confidence) > 1e-2 {
			t.Errorf("%s: %v where %v is right", program, one, want)
		}
	}
}
