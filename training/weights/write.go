package weights

import (
	"encoding/json"
	"io"
	"maps"
	"slices"

	"viewfinder/storage/wholefile"
	"viewfinder/training/checkpoint"
	"viewfinder/training/nn"
)

// Keys of a safetensors file's metadata about its network, beside its title ("name"), source and licence.
const (
	metaTitle, metaSource, metaLicence = "name", "source", "licence"
	metaArchitecture                   = "architecture"
	metaPicture                        = "picture"  // nn.Picture as JSON; missing where it is the program's own way
	metaSize                           = "resizer"  // 224x224
	metaLabels                         = "concepts" // as a JSON list
)

// Write writes n as a safetensors file that Read reads with all that is known of it. With half the weights, but not what belongs to batch norms and
// biases, are kept as float16.
func Write(w io.Writer, n *Network, half bool) error {
	tensors := make([]checkpoint.Tensor, 0, len(n.Tensors))
	for _, name := range slices.Sorted(maps.Keys(n.Tensors)) {
		t := n.Tensors[name]
		tensors = append(tensors, checkpoint.Tensor{Name: name, Shape: t.Shape, Data: t.Data, Half: half && len(t.Shape) > 1})
	}
	meta, err := n.metadata()
	if err != nil {
		return err
	}
	return checkpoint.Write(w, tensors, meta)
}

// WriteFile is Write to a file, whole or not at all.
func WriteFile(path string, n *Network, half bool) error {
	return wholefile.Fill(path, func(w io.Writer) error { return Write(w, n, half) })
}

func (n *Network) metadata() (map[string]string, error) {
	meta := map[string]string{"format": "pt", metaArchitecture: n.Architecture}
	for key, v := range map[string]string{metaTitle: n.Title, metaSource: n.Source, metaLicence: n.Licence} {
		if v != "" {
			meta[key] = v
		}
	}
	if n.Size > 0 {
		meta[metaSize] = sizeText(n.Size)
	}
	put := func(key string, v any) error {
		text, err := json.Marshal(v)
		meta[key] = string(text)
		return err
	}
	if n.Picture != (nn.Picture{}) {
		if err := put(metaPicture, n.Picture); err != nil {
			return nil, err
		}
	}
	if n.Labels != nil {
		if err := put(metaLabels, n.Labels); err != nil {
			return nil, err
		}
	}
	return meta, nil
}
