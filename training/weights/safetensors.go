package weights

import (
	"fmt"

	"viewfinder/training/checkpoint"
)

// readSafetensors reads a .safetensors file whose tensors are named as torchvision, timm or d-li14/mobilenetv2.pytorch do.
func readSafetensors(path string) (*Network, error) {
	file, err := checkpoint.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	tensors := make(map[string]Tensor, len(file.Tensors))
	for name, t := range file.Tensors {
		tensors[name] = Tensor{Shape: t.Shape, Data: t.Data}
	}
	n := &Network{Title: file.Metadata["title"], Source: file.Metadata["source"], Licence: file.Metadata["licence"]}
	return n, n.fit(rename(tensors))
}
