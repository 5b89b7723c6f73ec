package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// slope is the central difference of f by x[i].
func slope(x []float32, i int, f func() float64) float64 {
	const h = 1e-2
	was := x[i]
	x[i] = was + h
	up := f()
	x[i] = was - h
	down := f()
	x[i] = was
	return (up - down) / (2 * h)
}

func TestLossGradients(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const n, classes = 5, 7
	logits, weights, targets, positive, each := random(r, n*classes), random(r, classes), random(r, n*classes), random(r, classes), random(r, n*classes)
	for _, w := range [][]float32{weights, targets, positive, each} {
		for i, v := range w {
			w[i] = float32(1 / (1 + math.Exp(-float64(v))))
		}
	}
	labels := []int32{3, 0, -100, 6, 3}
	d := make([]float32, len(logits))
	for _, c := range []struct {
		name string
		f    func(d []float32) float64
	}{
		{"cross entropy", func(d []float32) float64 { return SoftmaxCrossEntropy(n, classes, logits, labels, nil, 0, d) }},
		{"weighted and smoothed", func(d []float32) float64 { return SoftmaxCrossEntropy(n, classes, logits, labels, weights, 0.1, d) }},
		{"binary", func(d []float32) float64 { return SigmoidBCE(n, classes, logits, targets, nil, nil, d) }},
		{"binary weighted", func(d []float32) float64 { return SigmoidBCE(n, classes, logits, targets, positive, each, d) }},
	} {
		c.f(d)
		for i := range logits {
			want := slope(logits, i, func() float64 { return c.f(nil) })
			if math.Abs(float64(d[i])-want) > 1e-5 {
				t.Errorf("%s: gradient %d is %g, want %g", c.name, i, d[i], want)
			}
		}
	}
	// By hand: two classes, logits 0 and ln 3, label 0: -log(1/4).
	if l := SoftmaxCrossEntropy(1, 2, []float32{0, float32(math.Log(3))}, []int32{0}, nil, 0, nil); math.Abs(l-math.Log(4)) > 1e-6 {
		t.Errorf("cross entropy %g, want %g", l, math.Log(4))
	}
	if l := SoftmaxCrossEntropy(1, 2, []float32{1, 2}, []int32{-1}, nil, 0, nil); l != 0 {
		t.Errorf("loss without labels: %g", l)
	}
}
