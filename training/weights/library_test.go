package weights

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/training/nn"
)

func TestLibrary(t *testing.T) {
	l := Library{filepath.Join(t.TempDir(), "weights")}
	if all, err := l.List(); err != nil || len(all) > 0 {
		t.Fatal(all, err)
	}
	n := &Network{Architecture: "mobilenet_v2_035", Tensors: example(t, "mobilenet_v2_035", 3), Labels: []string{"a", "b", "ü"}, Size: 160, Title: "Mine", Licence: "CC0-1.0",
		Picture: nn.Picture{Turned: true, Scale: [3]float32{1, 2, 3}, Shift: [3]float32{0, 0.5, -1}}}
	file := filepath.Join(t.TempDir(), "My net (1).safetensors")
	if err := WriteFile(file, n, true); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"My-net--1", "My-net--1-2"} {
		e, left, err := l.Add(file)
		if err != nil {
			t.Fatal(err)
		}
		if e.Name != name || e.Title != "Mine" || e.Architecture != n.Architecture || e.Licence != "CC0-1.0" || e.Size != 160 || !slices.Equal(e.Labels, n.Labels) || len(left) > 0 || e.Bytes < 1<<20 {
			t.Errorf("added as %+v, left %v", e, left)
		}
	}
	if err := os.WriteFile(filepath.Join(l.Dir, "other.safetensors"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	all, err := l.List()
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v", all, err)
	}
	again, err := Read(all[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	if again.Picture != n.Picture || !again.Head || again.Classes() != 3 || again.Size != 160 {
		t.Errorf("%v %t %d %d", again.Picture, again.Head, again.Classes(), again.Size)
	}
	for name, want := range n.Tensors { // through float16 where there are several axes
		for i, v := range again.Tensors[name].Data {
			if d := v - want.Data[i]; d > 1e-3 || d < -1e-3 || len(want.Shape) == 1 && d != 0 {
				t.Fatalf("value %d of %s is %v where %v was written", i, name, v, want.Data[i])
			}
		}
	}
	if err := l.Remove("none"); err == nil || !strings.Contains(err.Error(), "there are My-net--1, My-net--1-2") {
		t.Error(err)
	}
	if err := l.Remove("../My-net--1"); err == nil {
		t.Error("removed by a path")
	}
	if err := l.Remove("My-net--1"); err != nil {
		t.Error(err)
	}
	if all, _ := l.List(); len(all) != 1 || all[0].Name != "My-net--1-2" {
		t.Errorf("%+v", all)
	}
	bad := filepath.Join(t.TempDir(), "bad.pth")
	if err := os.WriteFile(bad, []byte("bad"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Add(bad); !errors.Is(err, ErrFile) {
		t.Error(err)
	}
	if files, _ := os.ReadDir(l.Dir); len(files) != 2 {
		t.Errorf("a network that was refused left a file: %v", files)
	}
}
