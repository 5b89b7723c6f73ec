package training

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/float16"
	"viewfinder/training/nn"
)

// TestWhitenedHead: what a head learnt on whitened numbers, folded, computes of the features as they are the same; a checkpoint keeps all of it.
func TestWhitenedHead(t *testing.T) {
	net, err := nn.New(nn.Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}, 4)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(2, 3))
	size := net.FeatureSize()
	h := &head{mean: make([]float32, size), scale: make([]float32, size), decay: 0.25}
	for j := range size {
		h.mean[j], h.scale[j] = r.Float32(), r.Float32()+0.5
	}
	for range 5 {
		d := make([]float32, size)
		for j := range d {
			d[j] = float32(r.NormFloat64())
		}
		h.directions = append(h.directions, d)
	}
	table := &featureTable{size: size, views: 2, half: make([]uint16, 3*2*size)}
	for i := range table.half {
		table.half[i] = float16.Finite(r.Float32() * 3)
	}
	meta := map[string]string{}
	tensors := map[string]checkpoint.Tensor{}
	for _, one := range h.keep(nil, meta) {
		tensors[one.Name] = one
	}
	file := &checkpoint.File{Tensors: tensors, Metadata: meta}
	again, err := headOf(file, size)
	if err != nil || len(again.directions) != 5 || !sameBits(again.directions[3], h.directions[3]) || again.decay != h.decay {
		t.Fatalf("kept and read: %v", err)
	}
	x, features := make([]float32, size), make([]float32, size)
	w, b := net.Last()
	copy(b.Data, []float32{0.5, -1, 2})
	logit := func(class int, x []float32) float64 {
		sum := float64(b.Data[class])
		for j, v := range x {
			sum += float64(v) * float64(w.Data[class*size+j])
		}
		return sum
	}
	again.input(x, table, 2, 1)
	for _, v := range x[5:] {
		if v != 0 {
			t.Fatal("something is learnt on behind the directions")
		}
	}
	var want [3]float64
	for c := range want {
		want[c] = logit(c, x)
	}
	again.fold(net)
	float16.Values(features, table.row(2, 1))
	for c, v := range want {
		if got := logit(c, features); math.Abs(got-v) > 1e-3*max(1, math.Abs(v)) {
			t.Errorf("logit %d is %g where the head computed %g", c, got, v)
		}
	}
	d := tensors[headDirections]
	for _, shape := range [][]int{{5, size - 1}, {size + 1, size}, {0, size}, {5 * size}} {
		tensors[headDirections] = checkpoint.Tensor{Name: headDirections, Shape: shape, Data: d.Data}
		if _, err := headOf(file, size); !errors.Is(err, checkpoint.ErrFormat) {
			t.Errorf("directions of %v: %v", shape, err)
		}
	}
}
