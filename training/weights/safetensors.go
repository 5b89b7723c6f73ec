package weights

import (
	"encoding/json"
	"fmt"
	"strings"

	"viewfinder/training/checkpoint"
)

// readSafetensors reads a .safetensors file whose tensors are named as torchvision, timm or d-li14/mobilenetv2.pytorch do, and what Write noted of
// its network.
func readSafetensors(path string) (*Network, error) {
	file, err := checkpoint.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return ofCheckpoint(file)
}

func ofCheckpoint(file *checkpoint.File) (*Network, error) {
	tensors := make(map[string]Tensor, len(file.Tensors))
	for name, t := range file.Tensors {
		tensors[name] = Tensor{Shape: t.Shape, Data: t.Data}
	}
	n := &Network{}
	if err := n.noted(file.Metadata); err != nil {
		return nil, err
	}
	if err := n.fit(rename(tensors)); err != nil {
		return nil, err
	}
	if n.Labels != nil && (!n.Head || len(n.Labels) != n.Classes()) {
		n.Labels = nil // of another head
	}
	return n, nil
}

// noted takes over a network's description from metadata.
func (n *Network) noted(meta map[string]string) error {
	n.Title, n.Source, n.Licence = meta[metaTitle], meta[metaSource], meta[metaLicence]
	var high, wide int
	if _, err := fmt.Sscanf(meta[metaSize], "%dx%d", &high, &wide); err == nil && high == wide && high > 0 {
		n.Size = high
	}
	for key, into := range map[string]any{metaPicture: &n.Picture, metaLabels: &n.Labels} {
		text := meta[key]
		if text == "" || key == metaLabels && !strings.HasPrefix(text, "[") {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return refuse("its metadata %q cannot be read: %v", key, err)
		}
	}
	return nil
}

func sizeText(side int) string { return fmt.Sprintf("%dx%d", side, side) }
