package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/training/float16"
)

func sample() []Tensor {
	return []Tensor{
		{Name: "features.0.weight", Shape: []int{2, 3}, Data: []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-40}},
		{Name: "features.1.num_batches_tracked", Shape: []int{}, Data: []float32{1234567}, Integer: true},
		{Name: "nothing", Shape: []int{0, 4}, Data: []float32{}},
		{Name: "π \"quoted\"", Shape: []int{1}, Data: []float32{42}},
	}
}

func written(t testing.TB) []byte {
	var b bytes.Buffer
	if err := Write(&b, sample(), map[string]string{"a": "b"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	b := written(t)
	f, err := Read(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range sample() {
		if got := f.Tensors[want.Name]; !reflect.DeepEqual(got, want) {
			t.Errorf("tensor %q: got %+v, want %+v", want.Name, got, want)
		}
	}
	if f.Metadata["a"] != "b" {
		t.Errorf("metadata %v", f.Metadata)
	}
	if length := binary.LittleEndian.Uint64(b); length%8 != 0 {
		t.Errorf("the header has %d bytes, no multiple of 8", length)
	}
}

func TestEveryCutAndEveryFlippedByteIsFound(t *testing.T) {
	b := written(t)
	for n := range b {
		if _, err := Read(bytes.NewReader(b[:n]), int64(n)); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(b), err)
		}
	}
	body := 8 + int(binary.LittleEndian.Uint64(b))
	for n := body; n < len(b); n++ {
		c := bytes.Clone(b)
		c[n] ^= 4
		if _, err := Read(bytes.NewReader(c), int64(len(c))); !errors.Is(err, ErrFormat) {
			t.Fatalf("flipped byte %d: %v", n, err)
		}
	}
}

// raw builds a file from a header and a body.
func raw(header string, body []byte) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), body...)
}

func TestHostileFilesAreRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"empty":              {},
		"huge header":        binary.LittleEndian.AppendUint64(nil, 1<<62),
		"text":               []byte("this is not a network at all"),
		"array":              raw(`[1,2]`, nil),
		"unknown type":       raw(`{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}`, make([]byte, 8)),
		"overlap":            raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, make([]byte, 4)),
		"gap":                raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, make([]byte, 8)),
		"too large a shape":  raw(`{"a":{"dtype":"F32","shape":[1099511627776,1099511627776],"data_offsets":[0,4]}}`, make([]byte, 4)),
		"negative":           raw(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, make([]byte, 4)),
		"shape against size": raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, make([]byte, 4)),
		"bytes left over":    raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, make([]byte, 5)),
		"unknown field":      raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, make([]byte, 4)),
		"ranks":              raw(`{"a":{"dtype":"F32","shape":[`+strings.Repeat("1,", 20)+`1],"data_offsets":[0,4]}}`, make([]byte, 4)),
	} {
		if _, err := Read(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHalf: every binary16 comes back as itself, and what lies between two goes to the nearer.
func TestHalf(t *testing.T) {
	for h := range 1 << 16 {
		v := float16.Value(uint16(h))
		if got := float16.Of(v); got != uint16(h) && v == v {
			t.Fatalf("%#x is %v and comes back as %#x", h, v, got)
		}
	}
	for v, want := range map[float32]uint16{1.00048828125: 0x3c00, 1.00146484375: 0x3c02, 1.0007: 0x3c01, 65519: 0x7bff, 65520: 0x7c00, -1e9: 0xfc00, 2e-8: 0, 3.1e-8: 1} {
		if got := float16.Of(v); got != want {
			t.Errorf("%v is %#x where %#x is right", v, got, want)
		}
	}
	var b bytes.Buffer
	if err := Write(&b, []Tensor{{Name: "h", Shape: []int{3}, Data: []float32{1, -0.5, 3.14159}, Half: true}, {Name: "f", Shape: []int{1}, Data: []float32{3.14159}}}, nil); err != nil {
		t.Fatal(err)
	}
	file, err := Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if h := file.Tensors["h"].Data; h[0] != 1 || h[1] != -0.5 || h[2] != 3.140625 || file.Tensors["f"].Data[0] != 3.14159 {
		t.Errorf("%v, %v", h, file.Tensors["f"].Data)
	}
}

func TestOtherTypesAreConverted(t *testing.T) {
	f64 := binary.LittleEndian.AppendUint64(nil, math.Float64bits(-2.5))
	for _, c := range []struct {
		dtype string
		body  []byte
		want  float32
	}{
		{"F64", f64, -2.5}, {"F16", []byte{0x00, 0xc1}, -2.5}, {"F16", []byte{1, 0}, 1.0 / (1 << 24)}, {"F16", []byte{0, 0x7c}, float32(math.Inf(1))},
		{"BF16", []byte{0x20, 0xc0}, -2.5}, {"I32", []byte{0xfe, 0xff, 0xff, 0xff}, -2}, {"I16", []byte{0xfe, 0xff}, -2}, {"I8", []byte{0xfe}, -2},
		{"U8", []byte{0xfe}, 254}, {"BOOL", []byte{1}, 1}, {"I64", []byte{7, 0, 0, 0, 0, 0, 0, 0}, 7},
	} {
		header, _ := json.Marshal(map[string]entry{"a": {c.dtype, []int{1}, [2]uint64{0, uint64(len(c.body))}}})
		b := raw(string(header), c.body)
		f, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil || f.Tensors["a"].Data[0] != c.want {
			t.Errorf("%s: %v, %v", c.dtype, f, err)
		}
	}
}

func TestWriteRefusesNonsense(t *testing.T) {
	for name, tensors := range map[string][]Tensor{
		"twice":    {{Name: "a", Shape: []int{1}, Data: []float32{1}}, {Name: "a", Shape: []int{1}, Data: []float32{1}}},
		"metadata": {{Name: "__metadata__", Shape: []int{1}, Data: []float32{1}}},
		"shape":    {{Name: "a", Shape: []int{2}, Data: []float32{1}}},
	} {
		if err := Write(&bytes.Buffer{}, tensors, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAFailedReplaceLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors")
	if err := WriteFile(path, sample(), nil); err != nil {
		t.Fatal(err)
	}
	old, _ := os.ReadFile(path)
	if err := WriteFile(path, []Tensor{{Name: "a", Shape: []int{2}, Data: nil}}, nil); err == nil {
		t.Fatal("no error")
	}
	now, _ := os.ReadFile(path)
	entries, _ := os.ReadDir(dir)
	if !bytes.Equal(old, now) || len(entries) != 1 {
		t.Errorf("the old file changed or something was left: %v", entries)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f))
	f.Add(raw(`{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}`, make([]byte, 4)))
	f.Add(raw(`{"__metadata__":{"x":"y"}}`, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		var tensors []Tensor
		for _, name := range sortedNames(file.Tensors) {
			tensors = append(tensors, file.Tensors[name])
		}
		var again bytes.Buffer
		if err := Write(&again, tensors, nil); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}
