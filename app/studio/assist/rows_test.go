package assist

import (
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/training/float16"
)

// TestStatisticsAreWeighed: each group of statistics varies by its share of what the mean activations vary by, whatever its numbers' sizes, and one that never
// changes counts for nothing.
func TestStatisticsAreWeighed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const first, second, third, n = 12, 4, 7, 100
	tab := newTable()
	tab.groups = []int{first, second, third}
	var all [][]uint16
	for i := range n {
		row := make([]uint16, first+second+third)
		for j := range row {
			v := r.Float64()
			switch {
			case j == first+1:
				v = 5
			case j >= first:
				v = (r.NormFloat64() - 3) * float64(j*j)
			}
			row[j] = float16.Finite(float32(v))
		}
		all = append(all, row)
		tab.add(int64(i), row)
	}
	tab.settle()
	variances := make([]float64, first+second+third)
	x := make([]float32, len(variances))
	for pass, mean := 0, make([]float64, len(variances)); pass < 2; pass++ {
		for _, row := range all {
			tab.describe(x, row)
			for j, v := range x {
				if pass == 0 {
					mean[j] += float64(v) / n
				} else {
					variances[j] += (float64(v) - mean[j]) * (float64(v) - mean[j]) / n
				}
			}
		}
	}
	sum := func(from, to int) (s float64) {
		for _, v := range variances[from:to] {
			s += v
		}
		return s
	}
	whole := sum(0, first)
	if got, want := sum(first, first+second), whole*statisticsShare*(second-1)/second; math.Abs(got/want-1) > 0.01 {
		t.Errorf("the first statistics vary by %g, not %g", got, want)
	}
	if got, want := sum(first+second, len(variances)), whole*statisticsShare; math.Abs(got/want-1) > 0.01 {
		t.Errorf("the second vary by %g, not %g", got, want)
	}
	if variances[first+1] != 0 {
		t.Error("what never changes counts")
	}
	// Rows keep the distances: there are no more numbers than directions.
	distance := func(i, k int) (described, kept float64) {
		a, b := make([]float32, len(variances)), make([]float32, len(variances))
		tab.describe(a, all[i])
		tab.describe(b, all[k])
		for j := range a {
			described += float64(a[j]-b[j]) * float64(a[j]-b[j])
		}
		for j, v := range tab.at(i) {
			kept += float64(v-tab.at(k)[j]) * float64(v-tab.at(k)[j])
		}
		return described, kept
	}
	for k := 1; k < 5; k++ {
		if a, b := distance(0, k); math.Abs(a/b-1) > 1e-3 {
			t.Errorf("a squared distance of %g is kept as %g", a, b)
		}
	}
}
