package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"

	"viewfinder/training/float16"
)

// readPyTorch reads a .pth or .pt file that torch.save wrote of a state dict, in the form of today (a ZIP archive) or in that before PyTorch 1.6.
func readPyTorch(path string) (*Network, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	tensors, err := parsePyTorch(raw)
	if err != nil {
		return nil, err
	}
	n := &Network{Source: "PyTorch"}
	return n, n.fit(rename(tensors))
}

func parsePyTorch(raw []byte) (map[string]Tensor, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK")):
		return parseTorchZIP(raw)
	case len(raw) > 262 && string(raw[257:262]) == "ustar":
		return nil, refuse("it is a tar archive of PyTorch before 0.2; load and save it with a newer PyTorch")
	}
	return parseTorchStream(raw)
}

// torchWidths are the kinds of storages and the bytes of their elements.
var torchWidths = map[string]int{
	"torch.FloatStorage": 4, "torch.DoubleStorage": 8, "torch.HalfStorage": 2, "torch.BFloat16Storage": 2, "torch.LongStorage": 8,
	"torch.IntStorage": 4, "torch.ShortStorage": 2, "torch.CharStorage": 1, "torch.ByteStorage": 1, "torch.BoolStorage": 1,
}

func parseTorchZIP(raw []byte) (map[string]Tensor, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, refuse("not a readable ZIP archive: %v", err)
	}
	folder := ""
	for _, f := range z.File {
		if path.Base(f.Name) == "data.pkl" {
			folder = path.Dir(path.Clean(f.Name))
		}
	}
	if folder == "" {
		return nil, refuse("the archive has no data.pkl, so PyTorch didn't write it")
	}
	inner, err := fs.Sub(z, folder)
	if err != nil {
		return nil, refuse("the archive's folder %q: %v", folder, err)
	}
	if order, err := bounded(inner, "byteorder", 16); err == nil && strings.TrimSpace(string(order)) != "little" {
		return nil, refuse("its numbers are stored in the order %q; save it on a usual computer", order)
	}
	pickle, err := bounded(inner, "data.pkl", maxPickle)
	if err != nil {
		return nil, err
	}
	value, _, err := unpickle(pickle)
	if err != nil {
		return nil, err
	}
	left := int64(MaxFile)
	return stateDict(value, func(s *pyStorage) ([]byte, error) {
		want := int64(s.count) * int64(torchWidths[s.kind])
		if !fs.ValidPath(s.key) {
			return nil, refuse("it names a storage %q", s.key)
		}
		if left -= want; left < 0 {
			return nil, refuse("its tensors exceed the limit of %d bytes", int64(MaxFile))
		}
		b, err := bounded(inner, "data/"+s.key, want)
		if err != nil {
			return nil, err
		}
		if int64(len(b)) != want {
			return nil, refuse("storage %q has %d bytes where %d are needed; the file may be truncated", s.key, len(b), want)
		}
		return b, nil
	})
}

// torchMagic is the number at the beginning of the old form, 0x1950a86a20f9469cfc6c, as it is pickled.
var torchMagic = []byte{0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19}

// parseTorchStream reads the old form: four pickles (the magic number, the version, the system, the object), one of the storages' keys, then each
// storage: its number of elements in 8 bytes, and they.
func parseTorchStream(raw []byte) (map[string]Tensor, error) {
	var values [5]any
	rest := raw
	for i := range values {
		v, n, err := unpickle(rest)
		if err != nil {
			if i == 0 {
				return nil, refuse("not a file of PyTorch's torch.save")
			}
			return nil, err
		}
		if magic, _ := v.(string); i == 0 && magic != string(torchMagic) {
			return nil, refuse("not a file of PyTorch's torch.save")
		}
		values[i], rest = v, rest[n:]
	}
	if values[1] != 1001 {
		return nil, refuse("it is of version %v of PyTorch's form where 1001 is read", values[1])
	}
	keys, ok := values[4].(*pyList)
	if !ok {
		return nil, refuse("it doesn't list its storages")
	}
	kinds := map[string]*pyStorage{}
	collect(values[3], kinds, 0)
	storages := map[string][]byte{}
	for _, k := range keys.items {
		key, ok := k.(string)
		s := kinds[key]
		if !ok || s == nil {
			return nil, refuse("it has a storage that no tensor uses")
		}
		width := torchWidths[s.kind]
		if len(rest) < 8 || binary.LittleEndian.Uint64(rest) != uint64(s.count) || s.count*width > len(rest)-8 {
			return nil, refuse("storage %q is not whole; the file may be truncated", key)
		}
		storages[key] = rest[8 : 8+s.count*width]
		rest = rest[8+s.count*width:]
	}
	return stateDict(values[3], func(s *pyStorage) ([]byte, error) {
		b, ok := storages[s.key]
		if !ok || len(b) != s.count*torchWidths[s.kind] {
			return nil, refuse("storage %q is not in it; the file may be truncated", s.key)
		}
		return b, nil
	})
}

// collect finds the storages of the tensors in a value; only dictionaries are searched, a few deep.
func collect(v any, into map[string]*pyStorage, depth int) {
	switch v := v.(type) {
	case *pyTensor:
		into[v.storage.key] = v.storage
	case *pyDict:
		for _, n := range v.names {
			if depth < 4 {
				collect(v.values[n], into, depth+1)
			}
		}
	}
}

// stateNames are under which a training's checkpoint keeps the network's state dict.
var stateNames = []string{"state_dict", "model_state_dict", "model", "net", "model_ema", "state_dict_ema"}

// stateDict reads the tensors of a state dict, or of that within a checkpoint.
func stateDict(value any, load func(*pyStorage) ([]byte, error)) (map[string]Tensor, error) {
	d, ok := value.(*pyDict)
	if !ok {
		return nil, refuse("it holds no state dict; save net.state_dict()")
	}
	for _, n := range stateNames {
		if inner, ok := d.values[n].(*pyDict); ok {
			d = inner
			break
		}
	}
	all, loaded, total := map[string]Tensor{}, map[*pyStorage][]byte{}, 0
	for _, n := range d.names {
		t, ok := d.values[n].(*pyTensor)
		if !ok {
			continue
		}
		if torchWidths[t.storage.kind] == 0 {
			return nil, refuse("tensor %q is of the kind %q, which is not read here", n, t.storage.kind)
		}
		count, fits := elements(t.shape)
		if total += count; !fits || total > maxElements || count > t.storage.count {
			return nil, refuse("tensor %q has the shape %v in a storage of %d values", n, t.shape, t.storage.count)
		}
		raw, ok := loaded[t.storage]
		if !ok {
			var err error
			if raw, err = load(t.storage); err != nil {
				return nil, err
			}
			loaded[t.storage] = raw
		}
		if count > 0 {
			last := t.offset
			for i, d := range t.shape {
				if t.steps[i] > t.storage.count {
					last = -1
					break
				}
				last += (d - 1) * t.steps[i]
			}
			if last < 0 || last >= t.storage.count {
				return nil, refuse("tensor %q lies outside of its storage of %d values", n, t.storage.count)
			}
		}
		all[n] = Tensor{Shape: t.shape, Data: t.read(raw, count)}
	}
	if len(all) == 0 {
		return nil, refuse("it holds no tensors; save net.state_dict()")
	}
	return all, nil
}

// read is the tensor's values in C order.
func (t *pyTensor) read(raw []byte, count int) []float32 {
	out := make([]float32, 0, count)
	place := make([]int, len(t.shape))
	at := t.offset
	for range count {
		out = append(out, element(raw, t.storage.kind, at))
		for axis := len(place) - 1; axis >= 0; axis-- {
			place[axis]++
			at += t.steps[axis]
			if place[axis] < t.shape[axis] {
				break
			}
			at -= place[axis] * t.steps[axis]
			place[axis] = 0
		}
	}
	return out
}

// element is value number i of a storage.
func element(raw []byte, kind string, i int) float32 {
	le := binary.LittleEndian
	switch kind {
	case "torch.FloatStorage":
		return math.Float32frombits(le.Uint32(raw[4*i:]))
	case "torch.DoubleStorage":
		return float32(math.Float64frombits(le.Uint64(raw[8*i:])))
	case "torch.HalfStorage":
		return float16.Value(le.Uint16(raw[2*i:]))
	case "torch.BFloat16Storage":
		return math.Float32frombits(uint32(le.Uint16(raw[2*i:])) << 16)
	case "torch.LongStorage":
		return float32(int64(le.Uint64(raw[8*i:])))
	case "torch.IntStorage":
		return float32(int32(le.Uint32(raw[4*i:])))
	case "torch.ShortStorage":
		return float32(int16(le.Uint16(raw[2*i:])))
	case "torch.CharStorage":
		return float32(int8(raw[i]))
	}
	return float32(raw[i])
}
