package float16

import (
	"math"
	"slices"
	"testing"
)

func TestFinite(t *testing.T) {
	for _, c := range []struct {
		v    float32
		want uint16
	}{
		{0, 0}, {float32(math.Copysign(0, -1)), 0x8000}, {1, 0x3c00}, {-2, 0xc000}, {65504, 0x7bff}, {1e9, 0x7bff}, {float32(math.Inf(-1)), 0xfbff},
		{1.0 / (1 << 24), 1}, {1.0 / (1 << 25), 0}, {1.5 / (1 << 24), 2}, {1.0 / (1 << 14), 0x0400}, {1 + 1.0/2048, 0x3c00}, {1 + 3.0/2048, 0x3c02},
		{0.1, 0x2e66}, {float32(math.NaN()), 0x7e00},
	} {
		if got := Finite(c.v); got != c.want {
			t.Errorf("%v is %#x, want %#x", c.v, got, c.want)
		}
	}
	for h := range 1 << 16 {
		if v := Value(uint16(h)); !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) && Finite(v) != uint16(h) {
			t.Fatalf("%#x is %v, which is %#x", h, v, Finite(v))
		}
	}
	if !math.IsInf(float64(Value(0xfc00)), -1) || !math.IsNaN(float64(Value(0x7e01))) {
		t.Error("what is not finite")
	}
}

// What is too large becomes infinite; all values by the table are those by themselves.
func TestOf(t *testing.T) {
	for v, want := range map[float32]uint16{65504: 0x7bff, 65519.9: 0x7bff, 65520: 0x7c00, -1e9: 0xfc00, float32(math.Inf(1)): 0x7c00, 0.1: 0x2e66} {
		if got := Of(v); got != want {
			t.Errorf("%v is %#x, want %#x", v, got, want)
		}
	}
	all, got := make([]uint16, 1<<16), make([]float32, 1<<16)
	for h := range all {
		all[h] = uint16(h)
	}
	Values(got, all)
	if !slices.EqualFunc(got, all, func(v float32, h uint16) bool { return math.Float32bits(v) == math.Float32bits(Value(h)) }) {
		t.Error("the table differs from the values")
	}
}
