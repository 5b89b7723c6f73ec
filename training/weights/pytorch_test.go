package weights

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestStateDictsOfPyTorch(t *testing.T) {
	var want map[string]struct {
		Shape  []int
		Values []float64
	}
	text, err := os.ReadFile("testdata/tensors.json")
	if err == nil {
		err = json.Unmarshal(text, &want)
	}
	if err != nil || len(want) == 0 {
		t.Fatal(err)
	}
	for _, file := range []string{"zip.pth", "stream.pth"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		tensors, err := parsePyTorch(raw)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if len(tensors) != len(want) {
			t.Errorf("%s: %d tensors where there are %d", file, len(tensors), len(want))
		}
		for name, w := range want {
			got := tensors[name]
			if !slices.Equal(got.Shape, w.Shape) || len(got.Data) != len(w.Values) {
				t.Errorf("%s: %s has the shape %v where %v is right", file, name, got.Shape, w.Shape)
				continue
			}
			for i, v := range w.Values {
				if got.Data[i] != float32(v) {
					t.Errorf("%s: value %d of %s is %v where %v is right", file, i, name, got.Data[i], v)
				}
			}
		}
		for cut := range 64 {
			if _, err := parsePyTorch(raw[:len(raw)*cut/64]); !errors.Is(err, ErrFile) {
				t.Errorf("%s cut to %d/64: %v", file, cut, err)
			}
		}
	}
}

// archived is a PyTorch archive with another pickle.
func archived(t testing.TB, pickle string, storages map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name string, content []byte) {
		f, err := z.Create("archive/" + name)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("data.pkl", []byte(pickle))
	for name, content := range storages {
		put("data/"+name, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pickledTensor is a state dict of one tensor; shape and steps are pickled numbers below 256.
func pickledTensor(kind string, count, offset int, shape, steps []int) string {
	numbers := func(all []int) string {
		s := "("
		for _, v := range all {
			s += "K" + string([]byte{byte(v)})
		}
		return s + "t"
	}
	text := func(s string) string { return "X" + string([]byte{byte(len(s)), 0, 0, 0}) + s }
	storage := "(" + text("storage") + "ctorch\n" + kind + "\n" + text("0") + text("cpu") + "K" + string([]byte{byte(count)}) + "tQ"
	return "\x80\x02}" + text("w") + "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + "K" + string([]byte{byte(offset)}) + numbers(shape) + numbers(steps) + "\x89}tRs."
}

func TestHostilePickles(t *testing.T) {
	four := map[string][]byte{"0": make([]byte, 16)}
	good := archived(t, pickledTensor("FloatStorage", 4, 0, []int{2, 2}, []int{2, 1}), four)
	if tensors, err := parsePyTorch(good); err != nil || !slices.Equal(tensors["w"].Shape, []int{2, 2}) {
		t.Fatal(tensors, err)
	}
	ran := filepath.Join(t.TempDir(), "ran")
	for _, c := range []struct {
		raw  []byte
		says string
	}{
		{archived(t, "cos\nsystem\n(X"+string([]byte{byte(6 + len(ran)), 0, 0, 0})+"touch "+ran+"tR.", nil), `call "os.system"`},
		{archived(t, "\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.", nil), `call "builtins.eval"`},
		{archived(t, "\x80\x02cmodels\nNet\n)\x81}b.", nil), `an object of "models.Net"`},
		{archived(t, "\x80\x02(i__main__\nX\n.", nil), "which no state dict needs"},
		{archived(t, "\x80\x02N.", nil), "holds no state dict"},
		{archived(t, "\x80\x02}.", nil), "holds no tensors"},
		{archived(t, "\x80\x02h\x05.", nil), "recalls what it never noted"},
		{archived(t, "\x80\x02.", nil), "an empty stack"},
		{archived(t, "\x80\x02t.", nil), "lacks a mark"},
		{archived(t, "\x80\x09.", nil), "protocol 9"},
		{archived(t, "\x80\x02X\xff\xff\xff\xff", nil), "ends in the middle"},
		{archived(t, "\x80\x02NNa.", nil), "no list"},
		{archived(t, "\x80\x02NNNs.", nil), "no dictionary"},
		{archived(t, "\x80\x02NQ.", nil), "refers to memory"},
		{archived(t, pickledTensor("FloatStorage", 4, 0, []int{3, 2}, []int{2, 1}), four), "in a storage of 4"},
		{archived(t, pickledTensor("FloatStorage", 4, 1, []int{2, 2}, []int{2, 1}), four), "outside of its storage"},
		{archived(t, pickledTensor("FloatStorage", 4, 0, []int{2, 2}, []int{200, 1}), four), "outside of its storage"},
		{archived(t, pickledTensor("FloatStorage", 5, 0, []int{2, 2}, []int{2, 1}), four), "where 20 are needed"},
		{archived(t, pickledTensor("FloatStorage", 3, 0, []int{1}, []int{1}), four), "exceeds the limit"},
		{archived(t, pickledTensor("QInt8Storage", 4, 0, []int{2}, []int{1}), four), `"torch.QInt8Storage"`},
		{archived(t, pickledTensor("FloatStorage", 4, 0, []int{2}, []int{1}), nil), "cannot be opened"},
		{[]byte("PK\x03\x04 and no more"), "not a readable ZIP"},
		{[]byte("hello"), "not a file of PyTorch"},
		{append(make([]byte, 257), "ustar\x00and more"...), "tar archive"},
	} {
		if _, err := parsePyTorch(c.raw); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v does not say %q", err, c.says)
		}
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a pickle's command was run")
	}
}

// TestPyTorchNetwork: a whole network, and one with a value that is no number.
func TestPyTorchNetwork(t *testing.T) {
	var pickle strings.Builder
	storages := map[string][]byte{}
	pickle.WriteString("\x80\x02}(")
	text := func(s string) string { return "X" + string([]byte{byte(len(s)), 0, 0, 0}) + s }
	number := func(n int) string { return "J" + string([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}) }
	for name, v := range example(t, "mobilenet_v2_035", 3) {
		key := fmt.Sprint(len(storages))
		b := make([]byte, 4*len(v.Data))
		for i, x := range v.Data {
			for k := range 4 {
				b[4*i+k] = byte(math.Float32bits(x) >> (8 * k))
			}
		}
		storages[key] = b
		shape, steps := "(", "("
		for i, d := range v.Shape {
			step := 1
			for _, e := range v.Shape[i+1:] {
				step *= e
			}
			shape += number(d)
			steps += number(step)
		}
		pickle.WriteString(text(dli14(name)) + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text(key) + text("cpu") + number(len(v.Data)) + "tQ" + number(0) + shape + "t" + steps + "t\x89}tR")
	}
	pickle.WriteString("u.")
	save := func() string {
		path := filepath.Join(t.TempDir(), "net.pth")
		if err := os.WriteFile(path, archived(t, pickle.String(), storages), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	n, err := Read(save())
	if err != nil || n.Architecture != "mobilenet_v2_035" || n.Classes() != 3 || len(n.Left) > 0 {
		t.Fatalf("%+v, %v", n, err)
	}
	copy(storages["7"], []byte{0, 0, 0xc0, 0x7f})
	if _, err := Read(save()); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), "is NaN") {
		t.Error(err)
	}
}

// FuzzPyTorch: whatever a file holds, it is read or refused, without a panic.
func FuzzPyTorch(f *testing.F) {
	for _, name := range []string{"zip.pth", "stream.pth"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add(archived(f, pickledTensor("FloatStorage", 4, 0, []int{2, 2}, []int{2, 1}), map[string][]byte{"0": make([]byte, 16)}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if tensors, err := parsePyTorch(raw); (err == nil) == (len(tensors) == 0) || err != nil && !errors.Is(err, ErrFile) {
			t.Errorf("%d tensors, %v", len(tensors), err)
		}
	})
}
