package weights

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
)

// example is the state of a new network, without counts of batches.
func example(t testing.TB, architecture string, classes int) map[string]Tensor {
	t.Helper()
	net, err := nn.New(nn.Spec{Architecture: architecture, Task: domain.Tagging, Classes: classes, Height: 64, Width: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	tensors := map[string]Tensor{}
	for _, s := range net.State() {
		if !tracked(s.Name) {
			tensors[s.Name] = Tensor{s.Shape, s.Data}
		}
	}
	return tensors
}

func save(t testing.TB, tensors map[string]Tensor) string {
	t.Helper()
	var all []checkpoint.Tensor
	for name, v := range tensors {
		all = append(all, checkpoint.Tensor{Name: name, Shape: v.Shape, Data: v.Data})
	}
	var b bytes.Buffer
	if err := checkpoint.Write(&b, all, map[string]string{"name": "A network", "licence": "CC0-1.0"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "net.safetensors")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// dli14 gives MobileNet-V2's tensors the names of d-li14/mobilenetv2.pytorch, timm those of timm.
func dli14(name string) string {
	var n, layer int
	var rest string
	if _, err := fmt.Sscanf(name, "features.%d.", &n); err != nil {
		return strings.Replace(name, "classifier.1.", "classifier.", 1)
	}
	parts := strings.Split(name, ".")
	rest = parts[len(parts)-1]
	switch {
	case n == 0:
		return name
	case n == 18:
		return "conv." + parts[2] + "." + rest
	}
	inner := strings.Join(parts[3:len(parts)-1], ".")
	layer = map[string]int{"0.0": 0, "0.1": 1, "1.0": 3, "1.1": 4, "2": 6, "3": 7}[inner]
	if n == 1 {
		layer = map[string]int{"0.0": 0, "0.1": 1, "1": 3, "2": 4}[inner]
	}
	return fmt.Sprintf("features.%d.conv.%d.%s", n, layer, rest)
}

func timm(name string) string {
	parts := strings.Split(name, ".")
	rest := parts[len(parts)-1]
	var n int
	if _, err := fmt.Sscanf(name, "features.%d.", &n); err != nil {
		return strings.Replace(name, "classifier.1.", "classifier.", 1)
	}
	switch {
	case n == 0:
		return map[string]string{"0": "conv_stem", "1": "bn1"}[parts[2]] + "." + rest
	case n == 18:
		return map[string]string{"0": "conv_head", "1": "bn2"}[parts[2]] + "." + rest
	}
	inner := strings.Join(parts[3:len(parts)-1], ".")
	layer := map[string]string{"0.0": "conv_pw", "0.1": "bn1", "1.0": "conv_dw", "1.1": "bn2", "2": "conv_pwl", "3": "bn3"}[inner]
	if n == 1 {
		layer = map[string]string{"0.0": "conv_dw", "0.1": "bn1", "1": "conv_pw", "2": "bn2"}[inner]
	}
	place := []string{1: "0.0", "1.0", "1.1", "2.0", "2.1", "2.2", "3.0", "3.1", "3.2", "3.3", "4.0", "4.1", "4.2", "5.0", "5.1", "5.2", "6.0"}[n]
	return "blocks." + place + "." + layer + "." + rest
}

func TestNamesOfOthers(t *testing.T) {
	for _, c := range []struct {
		architecture string
		name         func(string) string
	}{
		{"mobilenet_v2_035", dli14}, {"mobilenet_v2_050", timm}, {"mobilenet_v2_100", dli14}, {"mobilenet_v2_100", timm},
		{"mobilenet_v2_035", func(n string) string { return "module." + n }}, {"resnet18", func(n string) string { return n }},
	} {
		want := example(t, c.architecture, 7)
		other := map[string]Tensor{}
		for name, v := range want {
			other[c.name(name)] = v
		}
		n, err := Read(save(t, other))
		if err != nil {
			t.Fatal(err)
		}
		if n.Architecture != c.architecture || !n.Head || n.Classes() != 7 || len(n.Left) > 0 || n.Title != "A network" || n.Licence != "CC0-1.0" {
			t.Errorf("%s: read as %s, head %t of %d, left %v, %q", c.architecture, n.Architecture, n.Head, n.Classes(), n.Left, n.Title)
		}
		for name, v := range want {
			if got := n.Tensors[name]; !slices.Equal(got.Shape, v.Shape) || !slices.Equal(got.Data, v.Data) {
				t.Errorf("%s: %s has the shape %v or other values", c.architecture, name, got.Shape)
			}
		}
	}
}

// TestBackboneAlone: a network without its last layer, and one with tensors that nothing takes.
func TestBackboneAlone(t *testing.T) {
	tensors := example(t, "mobilenet_v2_035", 7)
	delete(tensors, "classifier.1.weight")
	tensors["extra"] = Tensor{[]int{1}, []float32{1}}
	n, err := Read(save(t, tensors))
	if err != nil {
		t.Fatal(err)
	}
	if n.Head || n.Classes() != 0 || !slices.Equal(n.Left, []string{"classifier.1.bias", "extra"}) {
		t.Errorf("head %t, left %v", n.Head, n.Left)
	}
	net, err := nn.New(nn.Spec{Architecture: n.Architecture, Task: domain.Classification, Classes: 3, Height: 64, Width: 64}, 9)
	if err != nil {
		t.Fatal(err)
	}
	taken, left, err := net.LoadState(n.State())
	if err != nil || len(taken) != len(n.Tensors) || !slices.Equal(left, []string{"classifier.1.weight", "classifier.1.bias"}) {
		t.Errorf("taken %d of %d, left %v, %v", len(taken), len(n.Tensors), left, err)
	}
}

func TestBadNetworksAreRefused(t *testing.T) {
	change := func(f func(map[string]Tensor)) string {
		tensors := example(t, "mobilenet_v2_035", 2)
		for name, v := range tensors {
			tensors[name] = Tensor{v.Shape, slices.Clone(v.Data)}
		}
		f(tensors)
		return save(t, tensors)
	}
	folder := t.TempDir()
	cut := filepath.Join(folder, "cut.safetensors")
	whole, err := os.ReadFile(save(t, example(t, "mobilenet_v2_035", 2)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(text, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, says string }{
		{change(func(m map[string]Tensor) { m["features.3.conv.0.0.weight"].Data[5] = float32(math.NaN()) }), `value 5 of "features.3.conv.0.0.weight" is NaN`},
		{change(func(m map[string]Tensor) { m["features.0.1.running_var"].Data[1] = -1 }), "a variance cannot be below zero"},
		{change(func(m map[string]Tensor) { delete(m, "features.9.conv.2.weight") }), `mobilenet_v2_035 is the closest, and it lacks "features.9.conv.2.weight"`},
		{change(func(m map[string]Tensor) {
			m["features.0.0.weight"] = Tensor{[]int{16, 1, 3, 3}, make([]float32, 144)}
		}), "has the shape [16 1 3 3] where [16 3 3 3] is needed"},
		{save(t, map[string]Tensor{"a": {[]int{1}, []float32{1}}}), "it is none of mobilenet_v2_035"},
		{cut, "cut.safetensors"}, {text, `files that end in ".txt" are not read`}, {folder, "not a network"},
	} {
		_, err := Read(c.path)
		if c.path == folder {
			if !errors.Is(err, ErrFile) {
				t.Error(err)
			}
			continue
		}
		if !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v does not say %s", err, c.says)
		}
	}
	if _, err := Read(filepath.Join(folder, "none.safetensors")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
