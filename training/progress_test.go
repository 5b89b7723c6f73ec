package training

import (
	"testing"

	"viewfinder/storage/domain"
)

func TestTheBestIterationIsTheOneWithTheBestFigure(t *testing.T) {
	var p progress
	for _, c := range []struct {
		iteration      int
		headline, loss float64
		best, stale    int
	}{
		{10, 0, 2, 10, 0}, {20, 0.5, 1, 20, 0}, {30, 0.4, 0.1, 20, 1}, {40, 0.5, 1, 20, 2}, {50, 0.5, 0.9, 50, 0}, {60, 0.6, 5, 60, 0},
	} {
		p.Iteration = c.iteration
		p.evaluated(c.iteration, c.headline, c.loss, domain.HeadlineF1)
		if p.BestIteration != c.best || p.Stale != c.stale {
			t.Errorf("after iteration %d: best %d, stale %d", c.iteration, p.BestIteration, p.Stale)
		}
	}
}
