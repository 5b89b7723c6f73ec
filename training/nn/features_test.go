package nn

import (
	"math"
	"testing"

	"viewfinder/storage/domain"
)

// TestActivationMap: a class's map adds up to its logit less the bias and what earlier maps add, for every architecture.
func TestActivationMap(t *testing.T) {
	for _, spec := range []Spec{{Architecture: "small_cnn"}, {Architecture: "mobilenet_v2_035"}, {Architecture: "resnet18"}, {Architecture: "mobilenet_v2_035", Pooling: PoolingStatistics}} {
		t.Run(spec.Architecture+" "+spec.Pooling, func(t *testing.T) {
			spec.Task, spec.Classes, spec.Height, spec.Width = domain.Classification, 4, 96, 64
			n, err := New(spec, 7)
			if err != nil {
				t.Fatal(err)
			}
			p, err := n.Predictor(2, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			for i := range p.Input() {
				p.Input()[i] = float32(math.Sin(float64(i) * 0.37))
			}
			if err := p.Forward(2); err != nil {
				t.Fatal(err)
			}
			f := p.Features()
			for i := range 2 {
				for class := range 4 {
					values, h, w := p.ActivationMap(i, class)
					if h != f.Height || w != f.Width || len(values) != h*w || h <= w {
						t.Fatalf("a map of %d x %d (%d values)", h, w, len(values))
					}
					sum := 0.0
					for _, v := range values {
						sum += float64(v)
					}
					want := float64(p.Logits()[i*4+class] - p.Bias(class))
					last, _ := n.Last()
					for k, v := range p.Vector(i, nil)[f.Channels:] { // what earlier maps add
						want -= float64(v) * float64(last.Data[class*n.FeatureSize()+f.Channels+k])
					}
					if math.Abs(sum-want) > 1e-5*math.Max(1, math.Abs(want)) {
						t.Errorf("image %d class %d: the map adds up to %g, the logit less the bias is %g", i, class, sum, want)
					}
				}
				if mean := f.Mean(i, nil); len(mean) != f.Channels {
					t.Errorf("%d means of %d channels", len(mean), f.Channels)
				}
			}
		})
	}
}

// TestHeatmap: a detector's map of a class holds the scores of its boxes.
func TestHeatmap(t *testing.T) {
	n, err := New(Spec{Architecture: "small_cnn", Task: domain.Detection, Classes: 2, Height: 64, Width: 64}, 7)
	if err != nil {
		t.Fatal(err)
	}
	p, err := n.Predictor(2, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range p.Input() {
		p.Input()[i] = float32(math.Sin(float64(i) * 0.37))
	}
	if err := p.Forward(2); err != nil {
		t.Fatal(err)
	}
	boxes := p.Boxes(1, 0.01, 100)
	if len(boxes) == 0 {
		t.Fatal("nothing found")
	}
	values, h, w := p.ActivationMap(1, boxes[0].Class)
	if len(values) != h*w {
		t.Fatalf("%d values of %d x %d", len(values), h, w)
	}
	top := float32(0)
	for _, v := range values {
		top = max(top, v)
	}
	if math.Abs(float64(top-boxes[0].Score)) > 1e-6 {
		t.Errorf("the map's highest value is %g, the highest score of a box %g", top, boxes[0].Score)
	}
}
