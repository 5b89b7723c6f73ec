package weights

import (
	"archive/zip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
)

// The files of a Teachable Machine export.
const (
	modelJSON    = "model.json"
	weightsBin   = "weights.bin"
	metadataJSON = "metadata.json"
)

// maxText is how many bytes model.json and metadata.json may have; real ones have 100,000.
const maxText = 16 << 20

// teachableModel is model.json, TensorFlow.js's layers model.
type teachableModel struct {
	Topology json.RawMessage `json:"modelTopology"`
	Manifest []struct {
		Paths   []string `json:"paths"`
		Weights []struct {
			Name         string          `json:"name"`
			Shape        []int           `json:"shape"`
			Kind         string          `json:"dtype"`
			Quantization json.RawMessage `json:"quantization"`
		} `json:"weights"`
	} `json:"weightsManifest"`
}

// teachableMetadata is metadata.json.
type teachableMetadata struct {
	Package    string   `json:"packageName"`
	Name       string   `json:"modelName"`
	Labels     []string `json:"labels"`
	WordLabels []string `json:"wordLabels"` // of sounds
	Grayscale  bool     `json:"grayscale"`
	Size       int      `json:"imageSize"`
}

// readFolder reads a Teachable Machine export that was unpacked.
func readFolder(folder string) (*Network, error) {
	if _, err := os.Stat(path.Join(folder, modelJSON)); errors.Is(err, fs.ErrNotExist) {
		return nil, refuse("the folder has no %s; a folder with one, %s and %s, as Teachable Machine exports them, can be read", modelJSON, weightsBin, metadataJSON)
	}
	return readTeachable(os.DirFS(folder))
}

// readZIP reads a Teachable Machine export as it was downloaded.
func readZIP(file string) (*Network, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, refuse("not a readable ZIP archive: %v", err)
	}
	defer z.Close()
	for _, f := range z.File {
		if path.Base(f.Name) != modelJSON || strings.Contains(f.Name, "__MACOSX") {
			continue
		}
		inner, err := fs.Sub(z, path.Dir(path.Clean(f.Name)))
		if err != nil {
			return nil, refuse("the archive's %q: %v", f.Name, err)
		}
		return readTeachable(inner)
	}
	return nil, refuse("the archive has no %s; what Teachable Machine exports for TensorFlow.js has one", modelJSON)
}

// bounded reads a file of at most limit bytes, whatever size it claims.
func bounded(from fs.FS, name string, limit int64) ([]byte, error) {
	f, err := from.Open(name)
	if err != nil {
		return nil, refuse("%s cannot be opened: %v", name, reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, refuse("%s is not a regular file", name)
	}
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, refuse("%s cannot be read: %v", name, reason(err))
	}
	if int64(len(b)) > limit {
		return nil, refuse("%s exceeds the limit of %d bytes", name, limit)
	}
	return b, nil
}

// reason is an error without the path that it names.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func readTeachable(from fs.FS) (*Network, error) {
	var meta teachableMetadata
	text, err := bounded(from, metadataJSON, maxText)
	if err == nil {
		if err := json.Unmarshal(text, &meta); err != nil {
			return nil, refuse("%s cannot be read: %v", metadataJSON, err)
		}
	}
	switch {
	case strings.HasSuffix(meta.Package, "/pose"):
		return nil, refuse("it is a Teachable Machine export for poses; exports of image projects can be read")
	case strings.HasSuffix(meta.Package, "/audio") || len(meta.WordLabels) > 0:
		return nil, refuse("it is a Teachable Machine export for audio; exports of image projects can be read")
	}
	var model teachableModel
	if text, err = bounded(from, modelJSON, maxText); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &model); err != nil {
		return nil, refuse("%s cannot be read: %v", modelJSON, err)
	}
	var top kerasLayer
	if err := json.Unmarshal(model.Topology, &top); err != nil {
		return nil, refuse("%s tells of no layers that can be read: %v", modelJSON, err)
	}
	input := top.input()
	if meta.Grayscale || len(input) == 3 && input[2] == 1 {
		return nil, refuse("it is a Teachable Machine export for grayscale images; those of the standard image model can be read")
	}
	if len(input) == 3 && input[2] != 3 {
		return nil, refuse("its images have %d channels instead of 3", input[2])
	}
	tensors, err := model.tensors(from)
	if err != nil {
		return nil, err
	}
	if err := finite(tensors); err != nil {
		return nil, err
	}
	backbone, err := top.mobileNet(tensors)
	if err != nil {
		return nil, err
	}
	n := &Network{Title: meta.Name, Source: "Teachable Machine", Picture: pictureOf(1.0/127, -1)}
	if len(input) == 3 && input[0] == input[1] && input[0] > 0 && input[0] <= 4096 {
		n.Size = input[0]
	}
	return n, n.fit(backbone)
}

// tensors reads all values out of the files that model.json names.
func (m teachableModel) tensors(from fs.FS) (map[string]Tensor, error) {
	all := map[string]Tensor{}
	for _, group := range m.Manifest {
		var raw []byte
		for _, name := range group.Paths {
			if !fs.ValidPath(name) {
				return nil, refuse("%s names a file outside of its folder: %q", modelJSON, name)
			}
			part, err := bounded(from, name, MaxFile)
			if err != nil {
				return nil, err
			}
			if raw = append(raw, part...); len(raw) > MaxFile {
				return nil, refuse("its weights exceed the limit of %d bytes", int64(MaxFile))
			}
		}
		for _, w := range group.Weights {
			n, ok := elements(w.Shape)
			if !ok {
				return nil, refuse("tensor %q has the shape %v", w.Name, w.Shape)
			}
			if w.Kind != "float32" || w.Quantization != nil {
				return nil, refuse("tensor %q is stored as %s where float32 without quantization can be read", w.Name, w.Kind)
			}
			if 4*n > len(raw) {
				return nil, refuse("tensor %q takes %d bytes and %d are left of its file; the file may be truncated", w.Name, 4*n, len(raw))
			}
			t := Tensor{Shape: w.Shape, Data: make([]float32, n)}
			for i := range t.Data {
				t.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
			}
			raw = raw[4*n:]
			if _, twice := all[w.Name]; twice {
				return nil, refuse("two tensors are called %q", w.Name)
			}
			all[w.Name] = t
		}
		if len(raw) > 0 {
			return nil, refuse("%d bytes of weights belong to no tensor", len(raw))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: %s names no weights", ErrFile, modelJSON)
	}
	return all, nil
}
