//go:build distill

package nn

import (
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/storage/domain"
)

// TestDistiller: what the teacher computes is what it predicts, upright; the distances fall in both parts; statistics that were observed make
// the network compute in prediction about what it computes while it learns.
func TestDistiller(t *testing.T) {
	spec := Spec{Architecture: "mobilenet_v2_035", Task: domain.Tagging, Classes: 1, Height: 64, Width: 64}
	student, err := New(spec, 1)
	if err != nil {
		t.Fatal(err)
	}
	spec.Picture = Picture{Turned: true, Scale: [3]float32{0.5, 0.5, 0.5}}
	teacher, err := New(spec, 2)
	if err != nil {
		t.Fatal(err)
	}
	const batch = 4
	r := rand.New(rand.NewPCG(1, 1))
	fill := func(x []float32) {
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
	}
	settled(t, teacher, fill)
	measure, err := student.Distiller(teacher, DistillOptions{Batch: batch, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	fill(measure.Input())
	if err := measure.Teach(); err != nil {
		t.Fatal(err)
	}
	p, err := teacher.Predictor(batch, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	copy(p.Input(), measure.Input())
	if err := p.Forward(batch); err != nil {
		t.Fatal(err)
	}
	spread := make([][]float32, DistillMaps)
	for k := range spread {
		values, c := measure.Map(k + 1)
		spread[k] = make([]float32, c)
		for at, v := range values {
			spread[k][at%c] += float32(math.Abs(float64(v))) / float32(len(values)/c)
		}
		for i := range spread[k] {
			spread[k][i] = max(spread[k][i], 1e-2)
		}
	}
	last, _ := measure.Map(distillLayers)
	for i, v := range p.Features().Data {
		if math.Abs(float64(v-last[i])) > 1e-5 {
			t.Fatalf("value %d of the last map is %v and %v is predicted", i, last[i], v)
		}
	}
	measure.Close()
	for _, alone := range []bool{true, false} {
		d, err := student.Distiller(teacher, DistillOptions{Batch: batch, Threads: 2, Alone: alone, Spread: spread, ClipNorm: 5})
		if err != nil {
			t.Fatal(err)
		}
		fill(d.Input())
		before, err := d.Loss()
		if err != nil {
			t.Fatal(err)
		}
		for range 25 {
			if _, err := d.Step(3e-3); err != nil {
				t.Fatal(err)
			}
		}
		after, err := d.Loss()
		if err != nil || !(after < 0.8*before) {
			t.Errorf("alone %t: from %v to %v (%v)", alone, before, after, err)
		}
		if !alone {
			var s Statistics
			if _, err := d.Observe(&s); err != nil {
				t.Fatal(err)
			}
			if err := d.Settle(&s); err != nil {
				t.Fatal(err)
			}
			predictsAs(t, d, student)
		}
		d.Close()
	}
}

// settled gives a new network the running statistics of its own maps, so that these neither vanish nor grow.
func settled(t *testing.T, n *Network, fill func([]float32)) {
	t.Helper()
	ones := make([][]float32, DistillMaps)
	measure, err := n.Distiller(n, DistillOptions{Batch: 4, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	for k := range ones {
		_, c := measure.Map(k + 1)
		for range c {
			ones[k] = append(ones[k], 1)
		}
	}
	measure.Close()
	d, err := n.Distiller(n, DistillOptions{Batch: 4, Threads: 2, Spread: ones})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fill(d.Input())
	var s Statistics
	if _, err := d.Observe(&s); err != nil {
		t.Fatal(err)
	}
	if err := d.Settle(&s); err != nil {
		t.Fatal(err)
	}
}

// predictsAs holds the distances of what the network predicts against its loss while learning, on one batch.
func predictsAs(t *testing.T, d *Distiller, student *Network) {
	t.Helper()
	const batch = 4
	p, err := student.Predictor(batch, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	copy(p.Input(), d.Input())
	if err := p.Forward(batch); err != nil {
		t.Fatal(err)
	}
	want, _ := d.Map(distillLayers)
	got := p.Features().Data
	near, far := 0.0, 0.0
	for i, v := range want {
		near += math.Abs(float64(v - got[i]))
		far += math.Abs(float64(v))
	}
	if !(near < far) {
		t.Errorf("the last map is %v away from the teacher's, whose size is %v", near, far)
	}
}
