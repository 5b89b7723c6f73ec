package plot

import (
	"fmt"
	"image"
	"io"
	"math"

	chart "github.com/wcharczuk/go-chart/v2"
)

// Drawing is a drawn chart and where its values are.
type Drawing struct {
	Image *image.RGBA
	Area  image.Rectangle // where the curves are, in pixels of Image; empty if there was nothing to draw
	X, Y  Scale           // what Area shows
}

// Render draws a chart at width x height device pixels; scale is how many of them one dp has (1 on an ordinary screen, 2 on a fine
// one), and sets the size of text, lines and margins. It changes nothing of c and may run on any goroutine.
func Render(c Chart, width, height int, scale float64, t Theme) (*Drawing, error) {
	var collector chart.ImageWriter
	p, err := draw(c, width, height, scale, t, subpixels, &collector)
	if err != nil {
		return nil, err
	}
	img, err := collector.Image()
	if err != nil {
		return nil, fmt.Errorf("draw chart %q: %w", c.Title, err)
	}
	p.Image = img.(*image.RGBA)
	return p, nil
}

// MaxSide is the greatest width and height of an image, in pixels.
const MaxSide = 16384

// draw lays a chart out and has go-chart draw it.
func draw(c Chart, width, height int, scale float64, t Theme, rp chart.RendererProvider, w io.Writer) (*Drawing, error) {
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide || !(scale > 0) || scale > 64 {
		return nil, fmt.Errorf("draw chart %q: a picture of %d x %d pixels at scale %g cannot be drawn", c.Title, width, height, scale)
	}
	font, err := chart.GetDefaultFont()
	if err != nil {
		return nil, fmt.Errorf("load the chart font: %w", err)
	}
	if c.XName == "" {
		c.XName = "Iteration"
	}
	if c.YFormat == nil {
		c.YFormat = Number
	}
	l := &layout{Chart: c, theme: t, scale: scale, font: font, width: width * unit, height: height * unit}
	if err := l.arrange(); err != nil {
		return nil, err
	}
	hidden := chart.Hidden()
	g := chart.Chart{
		Width: l.width, Height: l.height, DPI: l.dpi(), Font: font,
		Background:     chart.Style{FillColor: ink(t.Background), StrokeColor: ink(t.Background), Padding: l.padding()},
		Canvas:         chart.Style{FillColor: ink(t.Background), StrokeColor: ink(t.Background)},
		XAxis:          chart.XAxis{Style: hidden, Range: &l.x},
		YAxis:          chart.YAxis{Style: hidden, Range: &l.y},
		YAxisSecondary: chart.YAxis{Style: hidden, Range: &Scale{Span: Span{0, 1}}},
		Series:         []chart.Series{axes{l}},
	}
	if !l.empty {
		for i := range l.lines {
			g.Series = append(g.Series, &l.lines[i])
		}
		g.Series = append(g.Series, marks{l})
	}
	if err := g.Render(rp, w); err != nil {
		return nil, fmt.Errorf("draw chart %q: %w", c.Title, err)
	}
	p := &Drawing{X: l.x, Y: l.y}
	if !l.empty {
		b := l.box
		p.Area = image.Rect(b.Left/unit, b.Top/unit, (b.Right+unit-1)/unit, (b.Bottom+unit-1)/unit)
	}
	return p, nil
}

// none reports whether a curve has nothing to draw.
func (c *Curve) none() bool {
	for _, v := range c.Y {
		if v-v == 0 {
			return false
		}
	}
	return true
}

// spans finds what the axes show. ok is false if no curve has a point to draw.
func (c *Chart) spans() (x, y Span, ok bool) {
	x = Span{math.Inf(1), math.Inf(-1)}
	for i := range c.Curves {
		cv := &c.Curves[i]
		if n := min(len(cv.X), len(cv.Y)); !cv.Hidden && n > 0 && !cv.none() {
			x.Min, x.Max = math.Min(x.Min, cv.X[0]), math.Max(x.Max, cv.X[n-1])
		}
	}
	if !(x.Min <= x.Max) || math.IsInf(x.Max-x.Min, 0) {
		return x, y, false
	}
	if !c.X.IsZero() && c.X.Max > c.X.Min {
		x = c.X
	}
	if x.Min == x.Max {
		x.Min, x.Max = x.Min-1, x.Max+1
	}
	if !c.Y.IsZero() && c.Y.Max > c.Y.Min && (!c.LogY || c.Y.Min > 0) {
		return x, c.Y, true
	}
	low, high := math.Inf(1), math.Inf(-1)
	for i := range c.Curves {
		cv := &c.Curves[i]
		if cv.Hidden {
			continue
		}
		if a, b, ok := extent(cv.X, cv.Y, x.Min, x.Max, c.LogY); ok {
			low, high = math.Min(low, a), math.Max(high, b)
		}
	}
	switch {
	case !(low <= high): // all of it outside the zoomed range, or nothing positive
		if c.LogY {
			return x, Span{0.1, 1}, c.anyPositive()
		}
		return x, Span{0, 1}, true
	case c.LogY:
		return x, roundOutLog(low, high), true
	case math.IsInf(high-low, 0):
		return x, y, false
	}
	return x, roundOut(low, high, 5, c.YBounds), true
}

func (c *Chart) anyPositive() bool {
	for i := range c.Curves {
		if _, _, ok := extent(c.Curves[i].X, c.Curves[i].Y, math.Inf(-1), math.Inf(1), true); ok && !c.Curves[i].Hidden {
			return true
		}
	}
	return false
}
