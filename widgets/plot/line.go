package plot

import (
	"image/color"
	"math"

	chart "github.com/wcharczuk/go-chart/v2"
)

// line is a curve's go-chart series: thinned points, clipped to the canvas when drawn.
type line struct {
	*layout
	x, y    []float64
	color   color.NRGBA
	width   float64 // units
	dash    []float64
	marker  Marker
	markers bool // room for them
}

// curve returns what is drawn for a curve: its line, or a light one and its running mean.
func (l *layout) curve(c *Curve, place, columns int) []line {
	style := c.Style
	if style.isZero() {
		style = StyleAt(place)
	}
	n := min(len(c.X), len(c.Y))
	x, y := c.X[:n], c.Y[:n]
	tx, ty := thin(x, y, l.x.Min, l.x.Max, columns)
	main := line{layout: l, x: tx, y: ty, color: l.theme.Palette[style.Ink], width: l.dashWidth(style), dash: style.Dash, marker: style.Marker}
	main.markers = style.Marker != NoMarker && len(tx)*l.dp(9) <= l.box.Right-l.box.Left
	if !c.Smooth || l.Smoothing <= 0 {
		if c.Smooth {
			main.width = l.dashWidth(Style{Width: 1.25})
		}
		return []line{main}
	}
	light := main
	light.color, light.width, light.dash, light.markers = mix(main.color, l.theme.Background, 0.68), l.dashWidth(Style{Width: 1}), nil, false
	mean := main
	// The mean is that of the whole curve, zoomed or not: looking closer must not change what one looks at.
	width := 0.0
	if n > 0 {
		width = x[n-1] - x[0]
	}
	mean.x, mean.y = thin(x, Smooth(x, y, l.Smoothing, width), l.x.Min, l.x.Max, columns)
	mean.width = l.dashWidth(Style{Width: 2})
	return []line{light, mean}
}

// chunk is how many points are stroked at once. The rasterizer keeps each row's crossings in a list that it walks for every new one,
// so that long zigzags cost the square of their length.
const chunk = 48

// Render implements chart.Series.
func (n *line) Render(r chart.Renderer, box chart.Box, _, _ chart.Range, _ chart.Style) {
	if n.dense(box) {
		n.envelope(r, box)
		return
	}
	n.stroke(r, n.color, n.width, n.dash)
	limit := chunk
	if len(n.dash) > 0 {
		limit = math.MaxInt // a new path begins the pattern anew
	}
	cx0, cy0, cx1, cy1 := float64(box.Left), float64(box.Top), float64(box.Right), float64(box.Bottom)
	var px, py float64 // the point before
	drawn, pen := 0, false
	var endX, endY int // where the pen is
	lift := func() {
		if drawn > 0 {
			r.Stroke()
		}
		drawn, pen = 0, false
	}
	alone := true // the point before has no line to it
	before := false
	for i := range n.x {
		x, y := n.place(n.x[i], n.y[i], box)
		if y-y != 0 || x-x != 0 {
			if before && alone {
				n.dot(r, box, px, py)
			}
			before, alone = false, true
			pen = false
			continue
		}
		if !before {
			before, px, py, pen = true, x, y, false
			continue
		}
		alone = false
		ax, ay, bx, by, ok := clip(px, py, x, y, cx0, cy0, cx1, cy1)
		px, py = x, y
		if !ok {
			pen = false
			continue
		}
		x0, y0, x1, y1 := int(math.Round(ax)), int(math.Round(ay)), int(math.Round(bx)), int(math.Round(by))
		if !pen || x0 != endX || y0 != endY {
			if drawn >= limit {
				lift()
			}
			r.MoveTo(x0, y0)
			pen = true
		} else if drawn >= limit {
			lift()
			r.MoveTo(x0, y0)
			pen = true
		}
		r.LineTo(x1, y1)
		endX, endY = x1, y1
		drawn++
	}
	lift()
	if before && alone {
		n.dot(r, box, px, py)
	}
	if n.markers {
		for i := range n.x {
			x, y := n.place(n.x[i], n.y[i], box)
			if x >= cx0-1 && x <= cx1+1 && y >= cy0-1 && y <= cy1+1 {
				n.drawMarker(r, n.marker, n.color, int(x), int(y))
			}
		}
	}
}

// dot draws a point that has no neighbour, which a line alone would not show.
func (n *line) dot(r chart.Renderer, box chart.Box, x, y float64) {
	if n.markers || x < float64(box.Left)-1 || x > float64(box.Right)+1 || y < float64(box.Top)-1 || y > float64(box.Bottom)+1 {
		return
	}
	n.drawMarker(r, Circle, n.color, int(x), int(y))
	n.stroke(r, n.color, n.width, n.dash)
}

// place returns a value's coordinates in units; NaN where it has none.
func (n *line) place(vx, vy float64, box chart.Box) (x, y float64) {
	return float64(box.Left) + n.layout.x.At(vx)*float64(box.Width()), float64(box.Bottom) - n.layout.y.At(vy)*float64(box.Height())
}

// clip cuts a line to a rectangle (Liang and Barsky's way).
func clip(x0, y0, x1, y1, left, top, right, bottom float64) (ax, ay, bx, by float64, ok bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := x1-x0, y1-y0
	for _, e := range [4][2]float64{{-dx, x0 - left}, {dx, right - x0}, {-dy, y0 - top}, {dy, bottom - y0}} {
		p, q := e[0], e[1]
		switch {
		case p == 0:
			if q < 0 {
				return 0, 0, 0, 0, false
			}
		case p < 0:
			t0 = math.Max(t0, q/p)
		default:
			t1 = math.Min(t1, q/p)
		}
	}
	if t0 > t1 {
		return 0, 0, 0, 0, false
	}
	return x0 + t0*dx, y0 + t0*dy, x0 + t1*dx, y0 + t1*dy, true
}

// drawMarker draws a filled shape with a rim of the background, so that shapes on one another stay apart.
func (l *layout) drawMarker(r chart.Renderer, m Marker, c color.NRGBA, x, y int) {
	if m == NoMarker {
		return
	}
	r.ResetStyle()
	r.SetFillColor(ink(c))
	r.SetStrokeColor(ink(l.theme.Background))
	r.SetStrokeWidth(l.scale * unit)
	s := l.dp(3.6)
	move := func(points ...int) {
		r.MoveTo(x+points[0], y+points[1])
		for i := 2; i < len(points); i += 2 {
			r.LineTo(x+points[i], y+points[i+1])
		}
		r.Close()
	}
	switch m {
	case Circle:
		r.Circle(float64(s), x, y)
	case Square:
		q := s * 9 / 10
		move(-q, -q, q, -q, q, q, -q, q)
	case Triangle:
		move(0, -s-s/8, s+s/8, s*7/8, -s-s/8, s*7/8)
	case Diamond:
		q := s * 5 / 4
		move(0, -q, q, 0, 0, q, -q, 0)
	}
	r.FillStroke()
}
