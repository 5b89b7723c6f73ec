package nn

import (
	"math"
	"testing"
)

// TestParity holds three architectures against what PyTorch computed on the same weights and images.
//
// Tolerances: both sides compute in float32 with sums in different orders. Over a few layers that is a relative error of
// some 1e-6 (small_cnn); batch norm over the 8 x 2 x 2 values of the deep layers of the larger networks, and their Winograd
// convolutions, amplify it to some 1e-5 in logits and 1e-4 in gradients. 1e-3 of the largest value leaves room for other
// processors' kernels and still finds any layer that computes something else.
func TestParity(t *testing.T) {
	for _, c := range []struct{ name, path string }{
		{"small_cnn own", "testdata/small_cnn.json"},
		{"small_cnn", shared("fixtures", "torch", "small_cnn.json")},
		{"mobilenet_v2_035", shared("fixtures", "torch", "mobilenet_v2_035.json")},
		{"resnet18", shared("fixtures", "torch", "resnet18.json")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name == "resnet18" {
				t.Skip("a large network")
			}
			var f fixture
			readJSON(t, c.path, &f)
			checkParity(t, f)
		})
	}
}

const parityTolerance = 1e-3

func checkParity(t *testing.T, f fixture) {
	spec := Spec{Architecture: f.Arch, Task: Classification, Classes: f.Classes, Height: f.Size, Width: f.Size}
	n, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	fillFormula(t, n, same)
	worst := map[string]float64{}
	check := func(what, name string, e float64) {
		worst[what] = max(worst[what], e)
		if !(e <= parityTolerance) {
			t.Errorf("%s %s: relative error %.2g", what, name, e)
		}
	}

	p, err := n.Predictor(f.Batch, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	formulaInput(p.Input(), f.Batch, f.Size, f.Size)
	if err := p.Forward(f.Batch); err != nil {
		t.Fatal(err)
	}
	check("logits_eval", "", relative(p.Logits(), flatten(f.LogitsEval)))

	checkTagging(t, n, f, check)

	trainer, err := n.Trainer(TrainerOptions{Batch: f.Batch, Momentum: 0.9, WeightDecay: 1e-4})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	formulaInput(trainer.Input(), f.Batch, f.Size, f.Size)
	labels := make([]int32, f.Batch)
	for i := range labels {
		labels[i] = int32(i % f.Classes)
	}
	targets := Targets{Labels: labels}
	loss, err := trainer.Gradients(targets)
	if err != nil {
		t.Fatal(err)
	}
	check("loss", "", math.Abs(loss-f.Loss)/f.Loss)
	for name, want := range f.Grads {
		got := trainer.gradient(name)
		if got == nil {
			t.Fatalf("no gradient of %s", name)
		}
		check("gradient's norm", name, math.Abs(norm(got)-want.Norm)/want.Norm)
		check("gradient", name, headError(got, want.Head, norm(got)))
	}
	for i, want := range f.Losses {
		loss, err := trainer.Step(targets, 0.001)
		if err != nil {
			t.Fatal(err)
		}
		check("losses", "", math.Abs(loss-want)/f.Losses[i])
	}
	for _, s := range n.State() {
		if want, ok := f.After[s.Name]; ok {
			check("after", s.Name, headError(s.Data, want, norm(s.Data)))
		} else if s.Integer && s.Data[0] != 6 {
			t.Errorf("%s is %v after 6 steps", s.Name, s.Data[0])
		}
	}
	t.Log(worst)
}

// headError is the largest distance from the first elements of a tensor as a share of the larger of their largest and the
// tensor's root mean square: a few elements near zero say nothing of their own error.
func headError(got []float32, want []float64, norm float64) float64 {
	scale := norm / math.Sqrt(float64(len(got)))
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	distance := 0.0
	for i, w := range want {
		distance = max(distance, math.Abs(float64(got[i])-w))
	}
	return distance / scale
}

func checkTagging(t *testing.T, n *Network, f fixture, check func(what, name string, e float64)) {
	spec := n.spec
	spec.Task = Tagging
	tagging, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	fillFormula(t, tagging, same)
	trainer, err := tagging.Trainer(TrainerOptions{Batch: f.Batch})
	if err != nil {
		t.Fatal(err)
	}
	defer trainer.Close()
	formulaInput(trainer.Input(), f.Batch, f.Size, f.Size)
	tags := make([]float32, f.Batch*f.Classes)
	for i := range tags {
		if (i/f.Classes+2*(i%f.Classes))%3 == 0 {
			tags[i] = 1
		}
	}
	loss, err := trainer.Gradients(Targets{Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	check("bce_loss", "", math.Abs(loss-f.BCELoss)/f.BCELoss)
	check("logits_train", "", relative(trainer.Logits(), flatten(f.LogitsTrain)))
}
