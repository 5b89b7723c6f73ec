package studiotest

import (
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// PretrainedFile writes the weights of a new MobileNet-V2 0.35 for 3 classes to pretrained.safetensors.
func PretrainedFile(t *testing.T) string {
	t.Helper()
	net, err := nn.New(nn.Spec{Architecture: "mobilenet_v2_035", Task: domain.Tagging, Classes: 3, Height: 64, Width: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := &weights.Network{Architecture: "mobilenet_v2_035", Tensors: map[string]weights.Tensor{}}
	for _, s := range net.State() {
		if !s.Integer {
			n.Tensors[s.Name] = weights.Tensor{Shape: s.Shape, Data: s.Data}
		}
	}
	path := filepath.Join(t.TempDir(), "pretrained.safetensors")
	if err := weights.WriteFile(path, n, false); err != nil {
		t.Fatal(err)
	}
	return path
}
