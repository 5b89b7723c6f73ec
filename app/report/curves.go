package report

import (
	"viewfinder/app/studio/runs"
	"viewfinder/widgets/plot"
)

// Curves turns a run's history into what charts are drawn from; nil is one of no points.
func Curves(h *runs.RunHistory) *plot.History {
	list := runs.Curves()
	series := make([]plot.Series, len(list))
	for i, c := range list {
		series[i] = Series(c)
	}
	history := plot.NewHistory(series...)
	if h == nil {
		return history
	}
	for i, c := range list {
		for _, p := range h.Points[c.Key] {
			history.Add(series[i], p.Iteration, p.Value)
		}
	}
	return history
}

// Series is a curve as charts know it.
func Series(c runs.Curve) plot.Series {
	return plot.Series{Name: c.Name, Figure: c.Figure, Over: c.Over}
}
