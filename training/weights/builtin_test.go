//go:build !nobackbone

package weights

import (
	"math"
	"slices"
	"testing"
)

func TestBuiltIn(t *testing.T) {
	n := BuiltIn()
	if n == nil || n.Architecture != "mobilenet_v2_035" || n.Head || n.Title == "" || n.Licence == "" || len(n.Left) > 0 || n.Size != 224 {
		t.Fatalf("%+v", n)
	}
	if n != BuiltIn() {
		t.Error("read twice")
	}
	f := features(t, predictor(t, n, 224), formula(224))
	alive := 0
	for _, v := range f {
		if v < 0 || v > 6 || math.IsNaN(float64(v)) {
			t.Fatalf("a feature is %v", v)
		}
		if v > 0.01 {
			alive++
		}
	}
	if alive < len(f)/4 {
		t.Errorf("only %d of %d features are above zero", alive, len(f))
	}
	if len(backbone) > 6<<20 {
		t.Errorf("%d bytes are inside the program", len(backbone))
	}
}

// TestBuiltInLearned: the built-in backbone's features follow its teacher's: over the channels they are correlated as no network from nothing is.
func TestBuiltInLearned(t *testing.T) {
	teacher, err := Read(pretrained(t, "weights/teachable-machine"))
	if err != nil {
		t.Fatal(err)
	}
	raw := formula(224)
	a, b := features(t, predictor(t, BuiltIn(), 224), raw), features(t, predictor(t, teacher, 224), raw)
	if r := correlation(a, b); !(r > 0.5) {
		t.Errorf("a correlation of %v with the teacher's features", r)
	}
	slices.Reverse(a)
	if r := correlation(a, b); !(r < 0.5) {
		t.Errorf("a correlation of %v with features in another order", r)
	}
}

func correlation(a, b []float32) float64 {
	var ma, mb, ab, aa, bb float64
	for i := range a {
		ma += float64(a[i]) / float64(len(a))
		mb += float64(b[i]) / float64(len(b))
	}
	for i := range a {
		x, y := float64(a[i])-ma, float64(b[i])-mb
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}
