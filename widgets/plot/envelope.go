package plot

import (
	"math"

	chart "github.com/wcharczuk/go-chart/v2"
)

// dense reports whether a curve has so many points that its line covers whole columns of pixels.
func (n *line) dense(box chart.Box) bool {
	return n.marker == NoMarker && len(n.dash) == 0 && len(n.x) > 5*box.Width()/unit/2
}

// envelope draws a dense curve as the area between its least and greatest value in each column of pixels: what the line would
// cover, at a small part of the cost of stroking it.
func (n *line) envelope(r chart.Renderer, box chart.Box) {
	r.ResetStyle()
	r.SetFillColor(ink(n.color))
	half := n.width / 2
	top, bottom := float64(box.Top), float64(box.Bottom)
	type column struct{ x, high, low int }
	var run []column
	fill := func() {
		for len(run) > 0 {
			part := run[:min(len(run), chunk+1)] // parts share a column, so that no seam shows
			r.MoveTo(part[0].x, part[0].high)
			for _, c := range part { // by steps: a spike of one column keeps its full width
				r.LineTo(c.x, c.high)
				r.LineTo(c.x+unit, c.high)
			}
			for i := len(part) - 1; i >= 0; i-- {
				r.LineTo(part[i].x+unit, part[i].low)
				r.LineTo(part[i].x, part[i].low)
			}
			r.Close()
			r.Fill()
			if len(run) <= chunk+1 {
				break
			}
			run = run[chunk:]
		}
		run = run[:0]
	}
	current, high, low := math.MinInt, 0.0, 0.0
	before := math.NaN() // y of the point before
	flush := func() {
		if current == math.MinInt {
			return
		}
		x := current * unit
		if x >= box.Left-unit && x <= box.Right && high-half < bottom && low+half > top {
			run = append(run, column{x: min(max(x, box.Left), box.Right-unit), high: int(math.Max(high-half, top)), low: int(math.Min(low+half, bottom))})
		} else {
			fill()
		}
		current = math.MinInt
	}
	for i := range n.x {
		x, y := n.place(n.x[i], n.y[i], box)
		if y-y != 0 || x-x != 0 {
			flush()
			fill()
			before = math.NaN()
			continue
		}
		if c := int(math.Floor(x / unit)); c != current {
			flush()
			if len(run) > 0 && c*unit-run[len(run)-1].x > 2*unit {
				fill() // a hole in x; sparse parts of a dense curve are rare
			}
			current, high, low = c, y, y
			if before == before {
				high, low = math.Min(high, before), math.Max(low, before)
			}
		}
		high, low = math.Min(high, y), math.Max(low, y)
		before = y
	}
	flush()
	fill()
}
