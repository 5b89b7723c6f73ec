package report

import (
	"viewfinder/app/studio"
	"viewfinder/widgets/plot"
)

// Curves turns a run's history into what charts are drawn from; nil is one of no points.
func Curves(h *studio.RunHistory) *plot.History {
	list := studio.Curves()
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
func Series(c studio.Curve) plot.Series {
	return plot.Series{Name: c.Name, Figure: c.Figure, Over: c.Over}
}
