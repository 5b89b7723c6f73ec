package judge

import (
	"slices"
	"testing"
)

func TestFromZero(t *testing.T) {
	for _, c := range []struct{ x, y, wantX, wantY []float64 }{
		{nil, nil, nil, nil},
		{[]float64{0.3, 0.9}, []float64{0.8, 0.1}, []float64{0, 0.3, 0.9}, []float64{0.8, 0.8, 0.1}},
		{[]float64{0, 0.5}, []float64{0.4, 0.6}, []float64{0, 0.5}, []float64{0.4, 0.6}},
	} {
		if x, y := fromZero(c.x, c.y); !slices.Equal(x, c.wantX) || !slices.Equal(y, c.wantY) {
			t.Errorf("%v %v: %v %v", c.x, c.y, x, y)
		}
	}
}
