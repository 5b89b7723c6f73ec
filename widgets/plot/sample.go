package plot

import (
	"image"

	chart "github.com/wcharczuk/go-chart/v2"
)

// RenderSample draws a short piece of a curve, line and marker, as a legend shows it. muted draws it in the colour of the axes, for
// a curve that is switched off. Sizes as in Render; nil if there is nothing to draw on.
func RenderSample(k Style, width, height int, scale float64, t Theme, muted bool) *image.RGBA {
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide || !(scale > 0) {
		return nil
	}
	r, err := subpixels(width*unit, height*unit)
	if err != nil {
		return nil
	}
	l := &layout{theme: t, scale: scale}
	color := t.Palette[k.Ink]
	if muted {
		color = t.Axis
	}
	l.stroke(r, color, l.dashWidth(k), k.Dash)
	r.MoveTo(0, height*unit/2)
	r.LineTo(width*unit, height*unit/2)
	r.Stroke()
	l.drawMarker(r, k.Marker, color, width*unit/2, height*unit/2)
	var out chart.ImageWriter
	if err := r.Save(&out); err != nil {
		return nil
	}
	img, err := out.Image()
	if err != nil {
		return nil
	}
	return img.(*image.RGBA)
}

// RenderSparkline draws values from left to right between low and high, without axes, on a transparent ground; the last value is
// a dot. Sizes as in Render; nil if there is nothing to draw on or nothing to draw. It is for tens of values, not thousands.
func RenderSparkline(values []float64, low, high float64, k Style, width, height int, scale float64, t Theme) *image.RGBA {
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide || !(scale > 0) || len(values) == 0 {
		return nil
	}
	r, err := subpixels(width*unit, height*unit)
	if err != nil {
		return nil
	}
	l := &layout{theme: t, scale: scale}
	l.x, l.y = Scale{Span: Span{0, float64(max(len(values)-1, 1))}}, Scale{Span: Span{low, high}.or(Span{low - 1, low + 1})}
	x := make([]float64, len(values))
	for i := range x {
		x[i] = float64(i)
	}
	if len(values) == 1 {
		x[0] = 1
	}
	x, y := thin(x, values, l.x.Min, l.x.Max, width)
	inset := l.dp(4)
	box := chart.Box{Left: inset, Top: inset, Right: width*unit - inset, Bottom: height*unit - inset}
	if box.Right <= box.Left || box.Bottom <= box.Top {
		return nil
	}
	n := line{layout: l, x: x, y: y, color: t.Palette[k.Ink], width: l.dashWidth(Style{Width: 1.5}), marker: Circle}
	n.Render(r, box, nil, nil, chart.Style{})
	if px, py := n.place(x[len(x)-1], y[len(y)-1], box); py == py && len(x) > 1 {
		l.drawMarker(r, Circle, n.color, int(px), int(py))
	}
	var out chart.ImageWriter
	if err := r.Save(&out); err != nil {
		return nil
	}
	img, err := out.Image()
	if err != nil {
		return nil
	}
	return img.(*image.RGBA)
}
