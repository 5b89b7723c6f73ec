package nn

import (
	"errors"
	"math"
	"slices"
	"testing"

	"viewfinder/storage/domain"
)

// TestStatisticsPooled: the features are the mean of the last map, then the statistics of the depths, of each image alone, whatever the batch.
func TestStatisticsPooled(t *testing.T) {
	spec := Spec{Architecture: "mobilenet_v2_035", Task: domain.Tagging, Classes: 1, Height: 64, Width: 96, Pooling: PoolingStatistics}
	n, err := New(spec, 3)
	if err != nil {
		t.Fatal(err)
	}
	pairs := func(c int) int { return c * (c - 1) / 2 }
	if want := []int{1280, 32, pairs(16), 48, pairs(24), 64, pairs(32), 112, pairs(56)}; !slices.Equal(n.FeatureGroups(), want) {
		t.Fatalf("groups of %v, not %v", n.FeatureGroups(), want)
	}
	size := 0
	for _, g := range n.FeatureGroups() {
		size += g
	}
	if n.FeatureSize() != size {
		t.Fatalf("%d features of %d", n.FeatureSize(), size)
	}
	p, err := n.Predictor(4, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range p.Input() {
		p.Input()[i] = float32(math.Sin(float64(i)*0.37) + math.Cos(float64(i*i)*0.0013))
	}
	vectors := func(count int) [][]float32 {
		if err := p.Forward(count); err != nil {
			t.Fatal(err)
		}
		all := make([][]float32, count)
		for i := range all {
			all[i] = p.Vector(i, nil)
			if len(all[i]) != size {
				t.Fatalf("a vector of %d", len(all[i]))
			}
		}
		return all
	}
	whole := vectors(4)
	if mean := p.Features().Mean(2, nil); relative(whole[2][:1280], mean) > 1e-6 {
		t.Error("it does not begin with the mean of the last map")
	}
	related := whole[1][1280+32:][:pairs(16)] // correlations
	if low, high := slices.Min(related), slices.Max(related); low < -1.0001 || high > 1.0001 || high-low < 0.1 {
		t.Errorf("correlations from %g to %g", low, high)
	}
	for i, v := range vectors(1) {
		if !slices.Equal(v, whole[i]) {
			t.Error("an image alone has other features than among others")
		}
	}
	mean, err := New(Spec{Architecture: spec.Architecture, Task: spec.Task, Classes: 1, Height: 64, Width: 96}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if mean.BackboneDigest() == n.BackboneDigest() {
		t.Error("other features have the same digest")
	}
	if !slices.Equal(mean.FeatureGroups(), []int{1280}) {
		t.Errorf("groups of %v", mean.FeatureGroups())
	}
}

// TestStatisticsLearn: with the whole network learning from the statistics, too, the loss of a batch falls, and training with a plan repeats to the bit.
func TestStatisticsLearn(t *testing.T) {
	var last []float64
	for range 2 {
		_, trainer, targets := testRun(t, Spec{Architecture: "mobilenet_v2_035", Task: domain.Classification, Classes: 3, Height: 64, Width: 64, Pooling: PoolingStatistics},
			TrainerOptions{Batch: 8, Threads: 2})
		var losses []float64
		for range 10 {
			l, err := trainer.Step(targets, 0.005)
			if err != nil {
				t.Fatal(err)
			}
			losses = append(losses, l)
		}
		if !(losses[9] < losses[0]-0.1) {
			t.Errorf("losses %v", losses)
		}
		if last != nil && !slices.Equal(last, losses) {
			t.Errorf("losses %v, and again %v", last, losses)
		}
		last = losses
	}
}

func TestNoStatistics(t *testing.T) {
	for _, s := range []Spec{
		{Architecture: "small_cnn", Task: domain.Classification, Pooling: PoolingStatistics},
		{Architecture: "mobilenet_v2_035", Task: domain.Classification, Pooling: "most"},
	} {
		s.Classes, s.Height, s.Width = 2, 64, 64
		if _, err := New(s, 0); !errors.Is(err, ErrSpec) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	// A detector has no use for it, and is the same with it.
	n, err := New(Spec{Architecture: "mobilenet_v2_035", Task: domain.Detection, Classes: 2, Height: 64, Width: 64, Pooling: PoolingStatistics}, 0)
	if err != nil || n.FeatureSize() != 0 || n.FeatureGroups() != nil {
		t.Errorf("%v", err)
	}
}
