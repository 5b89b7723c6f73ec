package studio

import (
	"math"
	"testing"
)

// The doubt of either side counts: that of the network that did not see the sample, and that of the others.
func TestJointly(t *testing.T) {
	for _, c := range []struct {
		unseen, others float64
		folds          int
		want           float64
	}{
		{0.4, 0.4, 5, 0.4},
		{0.01, 0.81, 2, 0.09},
		{0.81, 0.01, 10, 0.09},
		{0, 0.9, 3, 0},
		{0.9, 0, 3, 0},
		{1, 1, 20, 1},
	} {
		all := (c.unseen + c.others*float64(c.folds-1)) / float64(c.folds)
		if got := jointly(c.unseen, all, c.folds); math.Abs(got-c.want) > 1e-7 {
			t.Errorf("%v unseen and %v by the others of %d: %v, not %v", c.unseen, c.others, c.folds, got, c.want)
		}
	}
	if got := jointly(0.5, 0.1, 4); got != 0 { // rounding in the file made the others' less than nothing
		t.Errorf("%v where the others' mean is below zero", got)
	}
}
