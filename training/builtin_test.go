//go:build !nobackbone

package training

import (
	"testing"

	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// TestStartFromBuiltIn: the built-in backbone is found by its name from any folder, and its tensors are all of a network's backbone; it was trained at 224
// pixels, and its features are best at nine sevenths of that.
func TestStartFromBuiltIn(t *testing.T) {
	s, err := ReadStart(t.TempDir(), weights.BuiltInName)
	if err != nil || s.Architecture != "mobilenet_v2_035" || s.Size != 288 || s.Title == "" || s.Weights != weights.BuiltInName {
		t.Fatalf("%+v, %v", s, err)
	}
	i, err := ReadInitial(t.TempDir(), weights.BuiltInName)
	if err != nil {
		t.Fatal(err)
	}
	net, err := nn.New(nn.Spec{Architecture: i.Architecture, Task: "classification", Classes: 5, Height: 64, Width: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	taken, left, err := net.LoadState(i.state)
	if err != nil || len(taken) != len(i.state) || len(left) != 2 {
		t.Errorf("%d of %d tensors taken, left %v: %v", len(taken), len(i.state), left, err)
	}
}
