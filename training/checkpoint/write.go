package checkpoint

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"sort"

	"viewfinder/storage/wholefile"
	"viewfinder/training/float16"
)

// digestKey is the metadata entry that holds the SHA-256 of the tensors' bytes, so that a file that was cut short or damaged is found out.
const digestKey = "sha256"

// metadataKey is the header's entry that is no tensor.
const metadataKey = "__metadata__"

type entry struct {
	DType   string    `json:"dtype"`
	Shape   []int     `json:"shape"`
	Offsets [2]uint64 `json:"data_offsets"`
}

// Write writes the tensors and the metadata in safetensors format. A digest of the tensors' bytes is added to the metadata.
func Write(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	header := make(map[string]any, len(tensors)+1)
	var offset uint64
	digest := sha256.New()
	buf := make([]byte, 0, chunk)
	for _, t := range tensors {
		n, err := elements(t.Shape)
		if err != nil || n != len(t.Data) {
			return fmt.Errorf("tensor %q: shape %v does not fit its %d values", t.Name, t.Shape, len(t.Data))
		}
		if _, twice := header[t.Name]; twice || t.Name == metadataKey {
			return fmt.Errorf("tensor name %q is taken", t.Name)
		}
		shape := t.Shape
		if shape == nil {
			shape = []int{}
		}
		e := entry{DType: "F32", Shape: shape, Offsets: [2]uint64{offset, offset + uint64(n)*4}}
		if t.Integer {
			e.DType, e.Offsets[1] = "I64", offset+uint64(n)*8
		} else if t.Half {
			e.DType, e.Offsets[1] = "F16", offset+uint64(n)*2
		}
		offset = e.Offsets[1]
		header[t.Name] = e
		if buf, err = t.writeTo(digest, buf); err != nil {
			return err
		}
	}
	meta := make(map[string]string, len(metadata)+1)
	for k, v := range metadata {
		meta[k] = v
	}
	meta[digestKey] = hex.EncodeToString(digest.Sum(nil))
	header[metadataKey] = meta
	head, err := marshalHeader(header, tensors)
	if err != nil {
		return err
	}
	bw := bufio.NewWriterSize(w, chunk)
	if err := binary.Write(bw, binary.LittleEndian, uint64(len(head))); err != nil {
		return err
	}
	if _, err := bw.Write(head); err != nil {
		return err
	}
	for _, t := range tensors {
		if buf, err = t.writeTo(bw, buf); err != nil {
			return err
		}
	}
	return bw.Flush()
}

// marshalHeader writes the metadata first and the tensors in their order, padded with blanks to a multiple of 8 as the format asks.
func marshalHeader(header map[string]any, tensors []Tensor) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	put := func(name string) error {
		key, err := json.Marshal(name)
		if err != nil {
			return err
		}
		value, err := json.Marshal(header[name])
		if err != nil {
			return err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
		return nil
	}
	if err := put(metadataKey); err != nil {
		return nil, err
	}
	for _, t := range tensors {
		if err := put(t.Name); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	return b.Bytes(), nil
}

const chunk = 1 << 18

// writeTo writes the tensor's values in little-endian order, a chunk at a time through buf, which it returns for the next.
func (t Tensor) writeTo(w io.Writer, buf []byte) ([]byte, error) {
	buf = buf[:0]
	for _, v := range t.Data {
		if t.Integer {
			buf = binary.LittleEndian.AppendUint64(buf, uint64(int64(v)))
		} else if t.Half {
			buf = binary.LittleEndian.AppendUint16(buf, float16.Of(v))
		} else {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		if len(buf) >= chunk-8 {
			if _, err := w.Write(buf); err != nil {
				return buf, err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(buf)
	return buf, err
}

// WriteFile writes the file so that under its name there is always either the old content or the whole new one: beside it, synced, renamed,
// and the folder synced.
func WriteFile(path string, tensors []Tensor, metadata map[string]string) error {
	return wholefile.Fill(path, func(w io.Writer) error { return Write(w, tensors, metadata) })
}

// sortedNames returns the names of m in order.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
