package nn

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/storage/domain"
)

// randomInputs are values for an operation's inputs.
func randomInputs(o *operation, seed uint64) []gorgonia.Value {
	r := rand.New(rand.NewPCG(seed, 1))
	var values []gorgonia.Value
	for _, shape := range o.in {
		data := make([]float32, elements(shape))
		for i := range data {
			data[i] = float32(r.NormFloat64())
		}
		values = append(values, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data)))
	}
	return values
}

// result computes an operation by itself.
func result(t *testing.T, o *operation, in []gorgonia.Value) []float32 {
	t.Helper()
	v, err := o.Do(in...)
	if err != nil {
		t.Error(err)
		return nil
	}
	data, err := floatsOf(v)
	if err != nil {
		t.Error(err)
	}
	return data
}

// The loss of one batch and the gradient of another don't mix, in whichever order they are asked for.
func TestDetectionLossKeepsNothing(t *testing.T) {
	m := detectionMap{n: 2, h: 3, w: 4, classes: 2}
	batch := func(x float32, seed uint64) []gorgonia.Value {
		in := randomInputs(detectionLoss(m, nil), seed)
		boxes := [][]domain.Box32{{{XMin: x, YMin: 0.1, XMax: x + 0.4, YMax: 0.7, Class: 1}}, nil}
		if err := fillBoxes(m, boxes, in[1].Data().([]float32)); err != nil {
			t.Fatal(err)
		}
		return in
	}
	first, second := batch(0.1, 1), batch(0.5, 2)
	graph := gorgonia.NewGraph()
	var nodes []node
	for i, v := range first {
		nodes = append(nodes, constant(graph, []string{"map", "target"}[i], v.Data().([]float32), v.Shape()...))
	}
	value := detectionLoss(m, nil)
	y, err := apply(value, nodes...)
	if err != nil {
		t.Fatal(err)
	}
	gradients, err := gorgonia.Grad(y, nodes[0])
	if err != nil {
		t.Fatal(err)
	}
	gradient := childrenOf(gradients[0])[0].Op().(*operation) // before it is scaled
	want := result(t, gradient, second)
	if slices.Equal(want, result(t, gradient, first)) {
		t.Fatal("both batches have one gradient")
	}
	wantValue := result(t, value, second)
	result(t, value, first)
	if got := result(t, gradient, second); !slices.Equal(got, want) {
		t.Error("the gradient is that of the batch before")
	}
	result(t, gradient, first)
	if got := result(t, value, second); !slices.Equal(got, wantValue) {
		t.Errorf("the loss is %v, was %v", got, wantValue)
	}
}

// One operation may be computed on several inputs at once.
func TestUpsamplingKeepsNothing(t *testing.T) {
	o := upsampleAdd([]int{2, 3, 4, 8}, []int{2, 5, 7, 8})
	var wait sync.WaitGroup
	for seed := range uint64(4) {
		in := randomInputs(o, seed)
		want := result(t, upsampleAdd([]int{2, 3, 4, 8}, []int{2, 5, 7, 8}), in)
		wait.Go(func() {
			for range 50 {
				if !slices.Equal(result(t, o, in), want) {
					t.Error("results mix")
					return
				}
			}
		})
	}
	wait.Wait()
}
