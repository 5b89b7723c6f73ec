package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"viewfinder/storage/domain"
)

// TestTurnedNetwork: where padding is the same on all sides (sides of 2^n + 1 pixels), a network whose kernels and pictures are turned computes the
// same logits, and its maps are upright.
func TestTurnedNetwork(t *testing.T) {
	plain := Spec{Architecture: "mobilenet_v2_035", Task: domain.Tagging, Classes: 3, Height: 65, Width: 65}
	scale, shift := [3]float32{0.5, 2, -1}, [3]float32{0.1, -0.2, 0.3}
	turned := plain
	turned.Picture = Picture{Turned: true, Scale: scale, Shift: shift}
	a, err := New(plain, 3)
	if err != nil {
		t.Fatal(err)
	}
	b, err := New(turned, 4)
	if err != nil {
		t.Fatal(err)
	}
	state := map[string]Tensor{}
	for _, p := range a.State() {
		p.Data = slices.Clone(p.Data)
		if len(p.Shape) == 4 {
			for kernel := range slices.Chunk(p.Data, p.Shape[2]*p.Shape[3]) {
				slices.Reverse(kernel)
			}
		}
		state[p.Name] = p
	}
	if _, left, err := b.LoadState(state); err != nil || len(left) > 0 {
		t.Fatal(err, left)
	}
	pa, err := a.Predictor(2, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pa.Close()
	pb, err := b.Predictor(2, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer pb.Close()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range pb.Input() {
		v := float32(r.NormFloat64())
		pb.Input()[i] = v
		pa.Input()[i] = v*scale[i%3] + shift[i%3]
	}
	for _, p := range []*Predictor{pa, pb} {
		if err := p.Forward(2); err != nil {
			t.Fatal(err)
		}
	}
	near := func(what string, got, want []float32) {
		t.Helper()
		worst, top := 0.0, 0.0
		for i := range want {
			worst, top = max(worst, math.Abs(float64(got[i]-want[i]))), max(top, math.Abs(float64(want[i])))
		}
		if len(got) != len(want) || top == 0 || worst > 1e-4*top {
			t.Errorf("%s differ by %g where the largest is %g", what, worst, top)
		}
	}
	near("logits", pb.Logits(), pa.Logits())
	near("maps", pb.Features().Data, pa.Features().Data)
}
