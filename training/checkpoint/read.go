package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sort"

	"viewfinder/training/float16"
)

// ErrFormat is the error of a file that is not a whole, sound safetensors file; the message names the fault.
var ErrFormat = errors.New("not a valid safetensors file")

// File is what a safetensors file holds.
type File struct {
	Tensors  map[string]Tensor
	Metadata map[string]string
}

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// ReadFile reads the file at path, see Read.
func ReadFile(path string) (*File, error) {
	info, err := os.Stat(path) // before opening: a pipe would have us wait for ever
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, bad("it is not a regular file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	file, err := Read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

// Read reads size bytes in safetensors format. The header must account for every byte that follows it, and where Write left a digest of the
// bytes it must agree. No more memory is taken than the file is long (twice for 16-bit and 4 times for 8-bit values).
func Read(r io.Reader, size int64) (*File, error) {
	if size < 8 {
		return nil, bad("it has %d bytes and even its first field takes 8", size)
	}
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return nil, err
	}
	if length < 2 || length > MaxHeader || length > uint64(size-8) {
		return nil, bad("its header would take %d bytes of a file of %d", length, size)
	}
	head := make([]byte, length)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	entries, metadata, err := parseHeader(head)
	if err != nil {
		return nil, err
	}
	names, err := layout(entries, uint64(size)-8-length)
	if err != nil {
		return nil, err
	}
	digest := sha256.New()
	body := io.TeeReader(r, digest)
	file := &File{Tensors: make(map[string]Tensor, len(names)), Metadata: metadata}
	buf := make([]byte, chunk)
	for _, name := range names {
		t, err := readTensor(body, name, entries[name], buf)
		if err != nil {
			return nil, err
		}
		file.Tensors[name] = t
	}
	if want, has := metadata[digestKey]; has && want != hex.EncodeToString(digest.Sum(nil)) {
		return nil, bad("its content does not match its checksum; it was damaged")
	}
	return file, nil
}

func parseHeader(head []byte) (map[string]entry, map[string]string, error) {
	if head[0] != '{' {
		return nil, nil, bad("its header is not a JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(head))
	var raw map[string]json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return nil, nil, bad("its header cannot be read: %v", err)
	}
	if rest := bytes.Trim(head[d.InputOffset():], " \x00\n"); len(rest) > 0 {
		return nil, nil, bad("something follows its header")
	}
	if len(raw) > MaxTensors {
		return nil, nil, bad("it lists %d tensors and at most %d are read", len(raw), MaxTensors)
	}
	metadata := map[string]string{}
	entries := make(map[string]entry, len(raw))
	for name, value := range raw {
		if name == metadataKey {
			if err := json.Unmarshal(value, &metadata); err != nil {
				return nil, nil, bad("its metadata cannot be read: %v", err)
			}
			continue
		}
		var e entry
		strict := json.NewDecoder(bytes.NewReader(value))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&e); err != nil {
			return nil, nil, bad("tensor %q: %v", name, err)
		}
		entries[name] = e
	}
	return entries, metadata, nil
}

// layout checks that the tensors fill the body without gaps or overlaps and returns their names in the order of the file.
func layout(entries map[string]entry, body uint64) ([]string, error) {
	names := sortedNames(entries)
	sort.SliceStable(names, func(i, j int) bool {
		a, b := entries[names[i]].Offsets, entries[names[j]].Offsets
		return a[0] < b[0] || a[0] == b[0] && a[1] < b[1]
	})
	var at uint64
	for _, name := range names {
		e := entries[name]
		width, ok := widths[e.DType]
		if !ok {
			return nil, bad("tensor %q is of type %q, which is not read here", name, e.DType)
		}
		if len(e.Shape) > MaxRank {
			return nil, bad("tensor %q has %d dimensions", name, len(e.Shape))
		}
		n, err := elements(e.Shape)
		if err != nil {
			return nil, bad("tensor %q: %v", name, err)
		}
		if e.Offsets[0] != at || e.Offsets[1] < at || e.Offsets[1] > body || e.Offsets[1]-at != uint64(n)*uint64(width) {
			return nil, bad("tensor %q has offsets that do not fit its shape; the file may be truncated", name)
		}
		at = e.Offsets[1]
	}
	if at != body {
		return nil, bad("it has %d bytes of tensors and its header speaks of %d", body, at)
	}
	return names, nil
}

// elements multiplies the shape; it refuses what does not fit 2^40.
func elements(shape []int) (int, error) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("its shape %v has a negative side", shape)
		}
		if d > 0 && n > (1<<40)/d {
			return 0, fmt.Errorf("its shape %v is too large", shape)
		}
		n *= d
	}
	return n, nil
}

// widths are the types that can be read, with their bytes.
var widths = map[string]int{"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}

func readTensor(r io.Reader, name string, e entry, buf []byte) (Tensor, error) {
	n, _ := elements(e.Shape)
	width := widths[e.DType]
	t := Tensor{Name: name, Shape: e.Shape, Integer: e.DType == "I64", Data: make([]float32, n)}
	for done := 0; done < n; {
		part := min(n-done, len(buf)/width)
		b := buf[:part*width]
		if _, err := io.ReadFull(r, b); err != nil {
			return Tensor{}, bad("tensor %q: %v", name, err)
		}
		convert(t.Data[done:done+part], b, e.DType)
		done += part
	}
	return t, nil
}

func convert(dst []float32, b []byte, dtype string) {
	le := binary.LittleEndian
	for i := range dst {
		switch dtype {
		case "F32":
			dst[i] = math.Float32frombits(le.Uint32(b[4*i:]))
		case "F64":
			dst[i] = float32(math.Float64frombits(le.Uint64(b[8*i:])))
		case "F16":
			dst[i] = float16.Value(le.Uint16(b[2*i:]))
		case "BF16":
			dst[i] = math.Float32frombits(uint32(le.Uint16(b[2*i:])) << 16)
		case "I64":
			dst[i] = float32(int64(le.Uint64(b[8*i:])))
		case "I32":
			dst[i] = float32(int32(le.Uint32(b[4*i:])))
		case "I16":
			dst[i] = float32(int16(le.Uint16(b[2*i:])))
		case "I8":
			dst[i] = float32(int8(b[i]))
		default: // U8, BOOL
			dst[i] = float32(b[i])
		}
	}
}

// readHeaderMetadata reads a file's metadata without its tensors.
func readHeaderMetadata(r io.Reader) (map[string]string, error) {
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return nil, err
	}
	if length < 2 || length > MaxHeader {
		return nil, bad("its header would take %d bytes", length)
	}
	head := make([]byte, length)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	_, metadata, err := parseHeader(head)
	return metadata, err
}
