package domain

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
)

// anyBox is a box within the image; its sides are at least 1/1000.
func anyBox(r *rand.Rand) Box {
	side := func() (low, high float64) {
		low = r.Float64() * 0.999
		return low, low + 0.001 + r.Float64()*(1-0.001-low)
	}
	var b Box
	b.XMin, b.XMax = side()
	b.YMin, b.YMax = side()
	return b.Clip(Whole())
}

func close4(a, b Box, tolerance float64) bool {
	return math.Abs(a.XMin-b.XMin) <= tolerance && math.Abs(a.YMin-b.YMin) <= tolerance &&
		math.Abs(a.XMax-b.XMax) <= tolerance && math.Abs(a.YMax-b.YMax) <= tolerance
}

// TestBoxProperties: what must hold of any boxes.
func TestBoxProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		a, b := anyBox(r), anyBox(r)
		if !a.Valid() || !a.Finite() {
			t.Fatalf("%v is not valid", a)
		}
		if back := b.OutOf(&a).In(&a); !close4(back, b, 1e-12) {
			t.Fatalf("%v out of %v and in it again is %v", b, a, back)
		}
		if back := b.In(&a).OutOf(&a); !close4(back, b, 1e-12) {
			t.Fatalf("%v in %v and out of it again is %v", b, a, back)
		}
		if out := b.OutOf(&a); !out.Clip(a).HasArea() || !close4(out, out.Clip(a), 1e-15) {
			t.Fatalf("%v out of %v, %v, is not within it", b, a, out)
		}
		if a.In(nil) != a || a.OutOf(nil) != a {
			t.Fatalf("%v is not itself in the whole image", a)
		}
		if one := a.In(&a); !close4(one, Whole(), 1e-15) {
			t.Fatalf("%v in itself is %v", a, one)
		}
		iou := a.IoU(b)
		if iou != b.IoU(a) || !(iou >= 0 && iou <= 1) {
			t.Fatalf("IoU of %v and %v is %v, the other way round %v", a, b, iou, b.IoU(a))
		}
		if self := a.IoU(a); math.Abs(self-1) > 1e-9 {
			t.Fatalf("IoU of %v and itself is %v", a, self)
		}
		clipped := a.Clip(b)
		if clipped.Clip(b) != clipped || clipped != b.Clip(a) || clipped.HasArea() != (iou > 0) {
			t.Fatalf("%v clipped to %v is %v, clipped again %v; IoU %v", a, b, clipped, clipped.Clip(b), iou)
		}
		if clipped.HasArea() && (!clipped.Within(a) || !clipped.Within(b) || clipped.Area() > min(a.Area(), b.Area())) {
			t.Fatalf("%v, shared by %v and %v, is not within both", clipped, a, b)
		}
		if moved := b.In(&a); iou > 0 && math.Abs(moved.IoU(Whole())-iou) > 1e-9 {
			t.Fatalf("IoU of %v and %v is %v, and %v in fractions of the second", b, a, iou, moved.IoU(Whole()))
		}
	}
}

func TestBox(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		box                    Box
		valid, hasArea, finite bool
	}{
		{Whole(), true, true, true},
		{Box{0.1, 0.2, 0.3, 0.4}, true, true, true},
		{Box{0.1, 0.2, 0.1, 0.4}, false, false, true},
		{Box{0.3, 0.2, 0.1, 0.4}, false, false, true},
		{Box{-0.1, 0, 0.5, 0.5}, false, true, true},
		{Box{0, 0, 0.5, 1.0000001}, false, true, true},
		{Box{nan, 0, 1, 1}, false, false, false},
		{Box{0, 0, 1, nan}, false, false, false},
		{Box{0, 0, inf, 1}, false, true, false},
		{Box{}, false, false, true},
	} {
		if c.box.Valid() != c.valid || c.box.HasArea() != c.hasArea || c.box.Finite() != c.finite {
			t.Errorf("%v: valid %v, has area %v, finite %v", c.box, c.box.Valid(), c.box.HasArea(), c.box.Finite())
		}
	}
	a, b := Box{0, 0, 0.5, 0.5}, Box{0.25, 0.25, 0.75, 0.75}
	if got := a.IoU(b); math.Abs(got-1.0/7) > 1e-15 {
		t.Errorf("IoU of two that share a quarter is %v, expected 1/7", got)
	}
	for _, apart := range []Box{{0.5, 0, 1, 0.5}, {0.6, 0.6, 1, 1}, {0.1, 0.1, 0.1, 0.3}} {
		if got := a.IoU(apart); got != 0 {
			t.Errorf("IoU with %v, which shares no area, is %v", apart, got)
		}
	}
	if got := (Box{0.375, 0.5, 0.5, 0.625}).In(&b); got != (Box{0.25, 0.5, 0.5, 0.75}) {
		t.Errorf("in the crop it is %v", got)
	}
	if got := (Box{-0.25, 0.5, 0.5, 0.75}).OutOf(&b); got != (Box{0.125, 0.5, 0.5, 0.625}) {
		t.Errorf("out of the crop it is %v", got)
	}
	if got := (Box{0.25, 0.25, 0.5, 1}).Area(); got != 0.1875 {
		t.Errorf("the area is %v", got)
	}
	if got := (Box32{XMin: 0.25, YMin: 0.25, XMax: 0.5, YMax: 1}).Area(); got != 0.1875 {
		t.Errorf("the area is %v", got)
	}
	if got := (Box32{XMin: 0.5, YMin: 0.25, XMax: 0.25, YMax: 1}).Area(); got != 0 {
		t.Errorf("the area of a box that is turned round is %v", got)
	}
}

// TestBoxJSON: the forms that run.json, predictions and the commands' output have.
func TestBoxJSON(t *testing.T) {
	b := Box{0.125, 0.25, 0.5, 1}
	for _, c := range []struct {
		value any
		want  string
	}{
		{b, `{"xmin":0.125,"ymin":0.25,"xmax":0.5,"ymax":1}`},
		{LabelledBox{b, 3}, `{"xmin":0.125,"ymin":0.25,"xmax":0.5,"ymax":1,"class":3}`},
		{ScoredBox{b, 3, 0.75}, `{"xmin":0.125,"ymin":0.25,"xmax":0.5,"ymax":1,"class":3,"score":0.75}`},
		{Box32{0.125, 0.25, 0.5, 1, 3, 0.75}, `{"xmin":0.125,"ymin":0.25,"xmax":0.5,"ymax":1,"class":3,"score":0.75}`},
	} {
		if text, err := json.Marshal(c.value); err != nil || string(text) != c.want {
			t.Errorf("%T is written %s, %v; expected %s", c.value, text, err, c.want)
		}
	}
}
