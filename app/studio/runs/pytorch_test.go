package runs

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/nn"
)

// The program for PyTorch is Python, whatever concepts and files are called, and there is none where PyTorch has no such network.
func TestPyTorchExample(t *testing.T) {
	if testing.Short() {
		t.Skip("computes for long, which the race detector makes ten times as long")
	}
	seen := map[string]string{} // which architecture a program is of
	for _, a := range nn.Architectures() {
		architecture := a.Name
		for _, view := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
			o := training.DefaultOptions(view, architecture)
			o.Resizer = "64x96:pad"
			raw, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			var v Version
			v.Options = raw
			for _, name := range []string{"plain", `quo"te\`, "två\nlines"} {
				v.Concepts = append(v.Concepts, storage.FrozenConcept{Name: name})
			}
			text := PyTorchExample(view, v, `it's "new".safetensors`)
			if view.HasBoxes() {
				if text != "" {
					t.Errorf("%s: there is a program for a detection", architecture)
				}
				continue
			}
			if other := seen[string(view)+text]; other != "" {
				t.Errorf("%s and %s have the same program", other, architecture)
			}
			seen[string(view)+text] = architecture
			if a.PyTorch == "" || !strings.Contains(text, "\n"+a.PyTorch+"\n") || !strings.Contains(a.PyTorch, "net = ") {
				t.Errorf("%s: the network is not made as the registry says in\n%s", architecture, text)
			}
			for _, want := range []string{`"plain", "quo\"te\\", "två\x0alines"`, `"it's \"new\".safetensors"`, "ImageOps.pad(image, (96, 64)"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: no %s in\n%s", architecture, want, text)
				}
			}
			if python, err := exec.LookPath("python3"); err == nil {
				c := exec.Command(python, "-c", "import ast, sys; ast.parse(sys.stdin.read())")
				c.Stdin = strings.NewReader(text)
				if out, err := c.CombinedOutput(); err != nil {
					t.Errorf("%s: %v: %s", architecture, err, out)
				}
			}
		}
	}
}

// A network whose head stands on statistics is another module of the same tensors, described as such.
func TestPyTorchExampleOfStatistics(t *testing.T) {
	o := training.DefaultOptions(domain.Classification, "mobilenet_v2_035")
	o.Pooling = nn.PoolingStatistics
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var v Version
	v.Options, v.Concepts = raw, []storage.FrozenConcept{{Name: "a"}, {Name: "b"}}
	text := PyTorchExample(domain.Classification, v, "x.safetensors")
	for _, want := range []string{"class Net(torchvision.models.MobileNetV2):", "width_mult=0.35", "torch.nn.LazyLinear(len(concepts))", "(0, 10, 13, 16)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if python, err := exec.LookPath("python3"); err == nil {
		c := exec.Command(python, "-c", "import ast, sys; ast.parse(sys.stdin.read())")
		c.Stdin = strings.NewReader(text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// There is no program for a network that the registry does not know: no other one is described in its place.
func TestNoPyTorchExampleOfAnUnknownArchitecture(t *testing.T) {
	o := training.DefaultOptions(domain.Classification, "small_cnn")
	o.Architecture = "vision_transformer"
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var v Version
	v.Options, v.Concepts = raw, []storage.FrozenConcept{{Name: "a"}, {Name: "b"}}
	if text := PyTorchExample(domain.Classification, v, "x.safetensors"); text != "" {
		t.Errorf("a network that is not known is described:\n%s", text)
	}
}

func TestFileName(t *testing.T) {
	if got := FileName("a/b: c\t?"); got != "a_b_ c__" {
		t.Errorf("%q", got)
	}
}
