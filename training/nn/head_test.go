package nn

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// TestHeadAlone: on the features of images, the head alone predicts and learns what the whole network with its backbone frozen does.
func TestHeadAlone(t *testing.T) {
	const batch, classes = 4, 3
	for _, spec := range []Spec{{Architecture: "small_cnn"}, {Architecture: "mobilenet_v2_035"}, {Architecture: "resnet18"}, {Architecture: "mobilenet_v2_035", Pooling: PoolingStatistics}} {
		t.Run(spec.Architecture+" "+spec.Pooling, func(t *testing.T) {
			spec.Task, spec.Classes, spec.Height, spec.Width = domain.Classification, classes, 64, 64
			whole, trainer, targets := testRun(t, spec, TrainerOptions{Batch: batch, Threads: 1, FreezeBackbone: true, Momentum: 0.9, WeightDecay: 0.01})
			alone, err := New(spec, 99)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := alone.LoadState(saved(whole.State())); err != nil {
				t.Fatal(err)
			}
			digest := whole.BackboneDigest()
			if digest != alone.BackboneDigest() {
				t.Error("the same backbone has two digests")
			}
			p, err := whole.Predictor(batch, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			copy(p.Input(), trainer.Input())
			if err := p.Forward(batch); err != nil {
				t.Fatal(err)
			}
			size := whole.FeatureSize()
			h, err := alone.HeadPredictor(8, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			head, err := alone.Trainer(TrainerOptions{Batch: batch, Threads: 1, HeadOnly: true, Momentum: 0.9, WeightDecay: 0.01})
			if err != nil {
				t.Fatal(err)
			}
			defer head.Close()
			if len(head.Input()) != batch*size || len(h.Input()) != 8*size {
				t.Fatalf("inputs of %d and %d for features of %d", len(head.Input()), len(h.Input()), size)
			}
			for i := range batch {
				copy(head.Input()[i*size:], p.Vector(i, nil))
			}
			copy(h.Input(), head.Input())
			if err := h.Forward(batch); err != nil { // half of what it takes: on a smaller graph
				t.Fatal(err)
			}
			if r := relative(h.Logits()[:batch*classes], p.Logits()[:batch*classes]); r > 1e-5 {
				t.Errorf("the logits are %g apart", r)
			}
			for range 3 {
				a, err := trainer.Step(targets, 0.05)
				if err != nil {
					t.Fatal(err)
				}
				b, err := head.Step(targets, 0.05)
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(a-b) > 1e-5*math.Max(1, a) {
					t.Errorf("losses %g and %g", a, b)
				}
			}
			wantW, wantB := whole.Last()
			gotW, gotB := alone.Last()
			if !slices.Equal(gotW.Shape, []int{classes, size}) || len(gotB.Data) != classes {
				t.Fatalf("a last layer of %v and %v", gotW.Shape, gotB.Shape)
			}
			if r := max(relative(gotW.Data, wantW.Data), relative(gotB.Data, wantB.Data)); r > 1e-4 {
				t.Errorf("the last layers are %g apart", r)
			}
			if alone.BackboneDigest() != digest {
				t.Error("the backbone moved")
			}
			whole.byName[whole.parameters[0].name].data[0]++
			if whole.BackboneDigest() == digest {
				t.Error("another backbone has the same digest")
			}
		})
	}
}

// TestNoHeadAloneOfDetectors: a detector's head needs maps.
func TestNoHeadAloneOfDetectors(t *testing.T) {
	n, err := New(Spec{Architecture: "small_cnn", Task: domain.Detection, Classes: 2, Height: 64, Width: 64}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.HeadPredictor(1, 1); !errors.Is(err, ErrSpec) {
		t.Errorf("a predictor: %v", err)
	}
	if _, err := n.Trainer(TrainerOptions{Batch: 1, HeadOnly: true}); !errors.Is(err, ErrSpec) {
		t.Errorf("a trainer: %v", err)
	}
	if w, b := n.Last(); n.FeatureSize() != 0 || w.Data != nil || b.Data != nil {
		t.Error("it has a last layer")
	}
}

// TestBackboneRate: the first step moves the backbone by a share of what it moves otherwise, the head as far.
func TestBackboneRate(t *testing.T) {
	spec := Spec{Architecture: "small_cnn", Task: domain.Classification, Classes: 3, Height: 32, Width: 32}
	for _, optimizer := range Optimizers() {
		t.Run(optimizer, func(t *testing.T) {
			moved := func(rate float64) map[string][]float64 {
				n, trainer, targets := testRun(t, spec, TrainerOptions{Batch: 4, Threads: 1, Optimizer: optimizer, Momentum: 0.9, WeightDecay: 0.1, BackboneRate: rate})
				before := saved(n.State())
				if _, err := trainer.Step(targets, 0.01); err != nil {
					t.Fatal(err)
				}
				by := map[string][]float64{}
				for _, v := range n.State() {
					if v.Trainable {
						for i, x := range v.Data {
							by[v.Name] = append(by[v.Name], float64(x)-float64(before[v.Name].Data[i]))
						}
					}
				}
				return by
			}
			whole, part := moved(0), moved(0.25)
			for name, by := range part {
				want := slices.Clone(whole[name])
				if !strings.HasPrefix(name, "classifier") {
					for i := range want {
						want[i] *= 0.25
					}
				}
				if r := relative(by, want); r > 1e-3 {
					t.Errorf("%s is %g from what it should move by", name, r)
				}
			}
		})
	}
	n, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []float64{-1, math.Inf(1), math.NaN()} {
		if _, err := n.Trainer(TrainerOptions{Batch: 1, BackboneRate: rate}); !errors.Is(err, ErrSpec) {
			t.Errorf("a rate of %v: %v", rate, err)
		}
	}
}
