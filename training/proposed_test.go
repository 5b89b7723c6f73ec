//go:build !nobackbone

package training

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// TestProposedOptions: where nothing is chosen, classification and tagging start from the built-in backbone where the architecture is its own or none was
// named, at the size on which its features are best; everything else starts from nothing, with the options that it always had.
func TestProposedOptions(t *testing.T) {
	for name, c := range map[string]struct {
		task         domain.Task
		architecture string
		train        int
		weights      string
		learn        string
		resizer      string
		reason       string
	}{
		"classification":    {domain.Classification, "", 152, weights.BuiltInName, LearnHead, "288x288", "Starts from the built-in network: with 152 training images its head alone gives the best result in seconds"},
		"one image":         {domain.Classification, "", 1, weights.BuiltInName, LearnHead, "288x288", "with 1 training image its head alone"},
		"tagging":           {domain.Tagging, "", 0, weights.BuiltInName, LearnHead, "288x288", "Starts from the built-in network: its head alone gives the best result in seconds"},
		"its architecture":  {domain.Classification, "mobilenet_v2_035", headUpTo, weights.BuiltInName, LearnHead, "288x288", "with 2,000 training images"},
		"many images":       {domain.Classification, "", headUpTo + 1, weights.BuiltInName, LearnHeadThenAll, "160x160", "2,001 training images, more than 2,000"},
		"another":           {domain.Classification, "small_cnn", 152, "", LearnAll, "96x96", "from nothing"},
		"a wider one":       {domain.Tagging, "mobilenet_v2_050", 152, "", LearnAll, "", "from nothing"},
		"detection":         {domain.Detection, "", 152, "", LearnAll, "240x320", "from nothing"},
		"detection, by its": {domain.Detection, "mobilenet_v2_035", 152, "", LearnAll, "240x320", "from nothing"},
	} {
		o, why := ProposedOptions(c.task, c.architecture, c.train)
		if o.Weights != c.weights || o.Learn != c.learn || o.Resizer != c.resizer && c.weights != "" || !strings.Contains(why, c.reason) {
			t.Errorf("%s: %s at %s from %q: %s", name, o.Learn, o.Resizer, o.Weights, why)
		}
		if c.weights == "" && !reflect.DeepEqual(o, DefaultOptions(c.task, c.architecture)) {
			t.Errorf("%s: from nothing the options are %+v", name, o)
		}
		if err := o.Validate(c.task); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, p := range Presets() {
			o, _ := PresetOf(p.Name, o, c.train)
			if err := o.Validate(c.task); err != nil || o.Weights != c.weights || o.Learn != c.learn {
				t.Errorf("%s, %s: %s from %q: %v", name, p.Name, o.Learn, o.Weights, err)
			}
		}
	}
}

// TestProposedPooling: a head that learns from the built-in backbone stands on statistics of several depths; what learns from nothing on the mean.
func TestProposedPooling(t *testing.T) {
	for _, c := range []struct {
		task         domain.Task
		architecture string
		train        int
		learn        string
		want         string
	}{
		{domain.Classification, "", 100, "", nn.PoolingStatistics}, {domain.Tagging, "", headUpTo + 1, "", nn.PoolingStatistics},
		{domain.Classification, "", 100, LearnAll, nn.PoolingMean}, {domain.Classification, "small_cnn", 100, "", nn.PoolingMean}, {domain.Detection, "", 100, "", nn.PoolingMean},
	} {
		o, _ := StartOptions(c.task, DefaultStart(c.task, c.architecture), c.learn, c.train)
		if o.Pooling != c.want {
			t.Errorf("%+v: %s", c, o.Pooling)
		}
	}
	o, _ := ProposedOptions(domain.Classification, "", 100)
	o.Architecture = "small_cnn"
	var wrong *OptionError
	if err := o.Validate(domain.Classification); !errors.As(err, &wrong) || wrong.Option != "pooling" {
		t.Errorf("statistics of a small_cnn: %v", err)
	}
	o.Pooling = "" // as it was before there was a choice
	if err := o.Validate(domain.Classification); err != nil {
		t.Error(err)
	}
}

// TestHeadOnStatistics: such a head is part of one network, whose figures on the images are those of the training's events, and which is reproduced.
func TestHeadOnStatistics(t *testing.T) {
	dir := newHeadRun(t, domain.Classification, weights.BuiltInName, func(r *Run) {
		r.Options.Architecture, r.Options.Resizer, r.Options.Pooling, r.Options.Keep = "mobilenet_v2_035", "64x64", nn.PoolingStatistics, KeepLast
	})
	executes(t, dir)
	h, err := ReadHistory(dir)
	if err != nil {
		t.Fatal(err)
	}
	run, err := ReadRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	var val []Sample
	for _, s := range run.Samples {
		if s.Split == SplitVal {
			val = append(val, s)
		}
	}
	e, err := Evaluate(context.Background(), dir, val, EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	losses, train := h.Points[CurveValLoss], h.Points[CurveTrainLoss]
	if told := losses[len(losses)-1].Value; math.Abs(e.Loss-told) > 5e-3 {
		t.Errorf("the whole network's loss is %g, the head's was %g", e.Loss, told)
	}
	if first, last := train[0].Value, train[len(train)-1].Value; !(last < first) {
		t.Errorf("the loss went from %g to %g", first, last)
	}
	last := readTensors(t, dir)["classifier.1.weight"]
	if last.Shape[1] <= 1280 {
		t.Fatalf("a last layer of %v", last.Shape)
	}
	moved := false
	for _, v := range last.Data[1280:last.Shape[1]] {
		moved = moved || v != 0
	}
	if !moved {
		t.Error("the statistics count for nothing")
	}
	r, err := Reproduce(context.Background(), dir, filepath.Join(filepath.Dir(filepath.Dir(dir)), "cache", "reproduce-a"))
	if err != nil || !r.Same {
		t.Errorf("reproducing: %+v, %v", r, err)
	}
}

// TestHeadOnStatisticsResumes: its whitening is kept with it.
func TestHeadOnStatisticsResumes(t *testing.T) {
	if testing.Short() {
		t.Skip("trains 4,000 iterations")
	}
	resumesToTheBit(t, weights.BuiltInName, func(r *Run) {
		r.Options.Architecture, r.Options.Resizer, r.Options.Pooling, r.Options.Iterations = "mobilenet_v2_035", "64x64", nn.PoolingStatistics, 2000
	})
}
