package plot

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		value, step float64
		want        string
	}{
		{0, 0, "0"}, {0, 0.5, "0"}, {-1e-18, 0.5, "0"}, {0.5, 0.5, "0.5"}, {1, 0.5, "1.0"}, {1000, 500, "1,000"}, {1_000_000, 100_000, "1,000,000"},
		{0.25, 0.25, "0.25"}, {-0.25, 0.25, "-0.25"}, {-1234, 0, "-1,234"}, {1204.4, 0, "1,204"}, {0.5, 0, "0.5"}, {0.123456, 0, "0.1235"},
		{0.0003, 0, "0.0003"}, {0.001, 0.001, "0.001"}, {0.00002, 0, "2e-5"}, {3.24e-7, 0, "3.2e-7"}, {1e15, 0, "1e15"}, {12.3456, 0, "12.35"},
		{math.NaN(), 0, "none"}, {math.Inf(1), 0, "+infinite"},
	} {
		if got := Number(c.value, c.step); got != c.want {
			t.Errorf("Number(%g, %g) = %q, want %q", c.value, c.step, got, c.want)
		}
	}
	for value, want := range map[float64]string{0.873: "87.3%", 1: "100.0%", 0: "0.0%"} {
		if got := Percent(value, 0); got != want {
			t.Errorf("Percent(%g) = %q, want %q", value, got, want)
		}
	}
	if got := Percent(0.4, 0.2); got != "40%" {
		t.Errorf("label %q", got)
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		span  Span
		count int
		whole bool
		want  []float64
	}{
		{Span{0, 600}, 6, true, []float64{0, 100, 200, 300, 400, 500, 600}},
		{Span{0, 1}, 5, false, []float64{0, 0.2, 0.4, 0.6, 0.8, 1}},
		{Span{1, 3}, 10, true, []float64{1, 2, 3}},
		{Span{5, 5}, 5, false, nil},
		{Span{0, math.Inf(1)}, 5, false, nil},
	} {
		got, _ := linearTicks(c.span, c.count, c.whole)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("ticks of %v: %v, want %v", c.span, got, c.want)
		}
	}
	for _, c := range []struct {
		span  Span
		count int
		want  []float64
	}{
		{Span{0.2, 5}, 6, []float64{0.2, 0.5, 1, 2, 5}},
		{Span{1e-6, 1}, 6, []float64{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1}},
		{Span{1e-12, 1}, 4, []float64{1e-12, 1e-9, 1e-6, 1e-3, 1}},
	} {
		got := logTicks(c.span, c.count)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a/b-1) < 1e-6 }) {
			t.Errorf("logarithmic ticks of %v: %v, want %v", c.span, got, c.want)
		}
	}
	for _, c := range []struct{ low, high, wantLow, wantHigh float64 }{
		{0.21, 2.7, 0, 3}, {0.7, 0.7, 0, 1.25}, {0, 0, 0, 0.5}, {95, 99, 95, 99}, {-3.2, 4, -4, 4},
	} {
		got := roundOut(c.low, c.high, 5, Span{})
		if math.Abs(got.Min-c.wantLow) > 1e-9 || math.Abs(got.Max-c.wantHigh) > 1e-9 {
			t.Errorf("roundOut(%g, %g) = %v", c.low, c.high, got)
		}
	}
}

func TestThinKeepsExtremes(t *testing.T) {
	const n = 100_000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i), math.Sin(float64(i)/1000)
	}
	y[33_333], y[66_666], y[50_000] = 9, -9, math.NaN()
	tx, ty := thin(x, y, 0, n-1, 500)
	if len(tx) > 4*500+8 {
		t.Errorf("%d points kept", len(tx))
	}
	if !slices.Contains(ty, 9) || !slices.Contains(ty, -9) {
		t.Error("an extreme was lost")
	}
	if !slices.ContainsFunc(ty, math.IsNaN) {
		t.Error("the gap was lost")
	}
	if !slices.IsSorted(tx) || tx[0] != 0 || tx[len(tx)-1] != n-1 {
		t.Error("order or ends were lost")
	}
	// Zoomed: a point on each side stays, so that lines reach the edge.
	tx, _ = thin(x, y, 1000.5, 1010.5, 500)
	if tx[0] != 1000 || tx[len(tx)-1] != 1011 {
		t.Errorf("zoomed: from %g to %g", tx[0], tx[len(tx)-1])
	}
}

func TestSmooth(t *testing.T) {
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i], y[i] = float64(i), 2
	}
	y[500] = math.NaN()
	got := Smooth(x, y, 0.95, 1000)
	for i, v := range got {
		if i != 500 && math.Abs(v-2) > 1e-9 {
			t.Fatalf("the mean of a constant is %g at %d", v, i)
		}
	}
	if !math.IsNaN(got[500]) {
		t.Error("the gap was filled")
	}
	if same := Smooth(x, y, 0, 1000); same[3] != 2 {
		t.Error("no smoothing changes the values")
	}
	// Twice the points for the same range give the same mean.
	fine := func(n int) float64 {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i] = float64(i) * 1000 / float64(n)
			y[i] = x[i]
		}
		return Smooth(x, y, 0.99, 1000)[n-1]
	}
	if a, b := fine(1000), fine(8000); math.Abs(a-b) > 5 {
		t.Errorf("%g with 1,000 points, %g with 8,000", a, b)
	}
}

func TestHistory(t *testing.T) {
	h := newTestHistory()
	for i := 1; i <= 10; i++ {
		h.Add(batchLoss, i, float64(i))
	}
	kept := h.Curve(batchLoss)
	h.Add(batchLoss, 8, 80) // resumed from iteration 7
	h.Add(batchLoss, 9, 90)
	if got := h.Curve(batchLoss).Y; !slices.Equal(got[6:], []float64{7, 80, 90}) {
		t.Errorf("after a resume: %v", got)
	}
	if !slices.Equal(kept.Y, []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) {
		t.Errorf("what was handed out changed: %v", kept.Y)
	}
	if h.Iteration() != 10 {
		t.Errorf("iteration %d", h.Iteration())
	}
	losses, accuracies, rate := h.Charts("mAP@0.5")
	if len(losses.Curves) != 3 || len(accuracies.Curves) != 2 || len(rate.Curves) != 1 || accuracies.Title != "Accuracies (mAP@0.5)" {
		t.Error("the charts of a training have other curves")
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	err := WriteCSV(&b, "iteration", Curve{Name: batchLoss.Name, Style: batchLoss.Style(), X: []float64{1, 2, 3}, Y: []float64{0.5, 0.25, math.NaN()}}, Curve{Name: valLoss.Name, Style: valLoss.Style(), X: []float64{2}, Y: []float64{0.75}})
	want := "iteration,Total loss (batch),Total loss (val set)\n1,0.5,\n2,0.25,0.75\n3,NaN,\n"
	if err != nil || b.String() != want {
		t.Errorf("got %q, %v", b.String(), err)
	}
}
