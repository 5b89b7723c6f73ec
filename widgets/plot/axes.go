package plot

import (
	"image/color"
	"math"

	chart "github.com/wcharczuk/go-chart/v2"
)

// axes is the go-chart series drawn first: title, legend, bands, grid, labels.
type axes struct{ *layout }

// marks is the series drawn last: the vertical lines and their labels.
type marks struct{ *layout }

func (l *layout) GetName() string                 { return l.Title }
func (l *layout) GetYAxis() chart.YAxisType       { return chart.YAxisPrimary }
func (l *layout) GetStyle() chart.Style           { return chart.Style{} }
func (l *layout) Validate() error                 { return nil }
func (l *layout) baseline(middle int) int         { return middle + l.dp(textSize*capHeight/2) }
func (l *layout) at(v float64, box chart.Box) int { return box.Left + l.x.Translate(v) }

func (l *layout) stroke(r chart.Renderer, c color.NRGBA, width float64, dash []float64) {
	scaled := make([]float64, len(dash))
	for i, d := range dash {
		scaled[i] = d * l.scale * unit
	}
	r.ResetStyle() // go-chart's SVG renderer fills what it strokes if a fill colour is left over
	r.SetStrokeColor(ink(c))
	r.SetStrokeWidth(width)
	r.SetStrokeDashArray(scaled)
}

func (a axes) Render(r chart.Renderer, box chart.Box, _, _ chart.Range, _ chart.Style) {
	l := a.layout
	if l.Title != "" {
		chart.Draw.Text(r, l.Title, l.dp(margin+4), l.dp(margin)+l.dp(titleSize*0.85), l.textStyle(titleSize, l.theme.Text))
	}
	for _, e := range l.entries {
		l.drawEntry(r, e)
	}
	if l.empty {
		l.drawEmpty(r, box)
		return
	}
	for _, b := range l.Bands {
		l.drawBand(r, box, b)
	}
	for _, b := range l.Bars {
		l.drawBar(r, box, b)
	}
	hair := l.hair()
	for i, v := range l.ys {
		y := box.Bottom - l.y.Translate(v)
		chart.Draw.Text(r, l.yw[i], box.Left-l.dp(6)-l.yn[i], l.baseline(y), l.textStyle(textSize, l.theme.Muted))
		if sy := snap(min(y, l.height-unit)); sy < box.Bottom-unit {
			l.stroke(r, l.theme.Grid, hair, nil)
			r.MoveTo(box.Left, sy)
			r.LineTo(box.Right, sy)
			r.Stroke()
		}
	}
	l.stroke(r, l.theme.Axis, hair, nil)
	r.MoveTo(box.Left, snap(box.Bottom))
	r.LineTo(box.Right, snap(box.Bottom))
	r.Stroke()
	if l.XName == "-" {
		return
	}
	base := box.Bottom + l.dp(6+textSize*0.8)
	nameWidth := l.textWidth(l.XName, textSize)
	if l.Legend { // an image that stands alone says what its axis is; it has a row for it
		chart.Draw.Text(r, l.XName, (box.Left+box.Right-nameWidth)/2, base+l.dp(lineHeight*0.85), l.textStyle(textSize, l.theme.Muted))
	}
	nameLeft := box.Right - nameWidth
	for i, v := range l.xs {
		x := l.at(v, box)
		l.stroke(r, l.theme.Axis, hair, nil)
		r.MoveTo(snap(x), box.Bottom)
		r.LineTo(snap(x), box.Bottom+l.dp(4))
		r.Stroke()
		left := min(x-l.xn[i]/2, l.width-l.xn[i]-l.dp(2))
		if left+l.xn[i]+l.dp(10) > nameLeft {
			nameLeft = l.width // no room for the name between or behind the labels
		}
		chart.Draw.Text(r, l.xw[i], left, base, l.textStyle(textSize, l.theme.Muted))
	}
	if nameLeft < l.width && !l.Legend {
		chart.Draw.Text(r, l.XName, nameLeft, base, l.textStyle(textSize, l.theme.Muted))
	}
}

func (l *layout) drawEmpty(r chart.Renderer, box chart.Box) {
	text := l.Empty
	if text == "" {
		text = "No values yet"
	}
	w := l.textWidth(text, textSize+1)
	x, y := (box.Left+box.Right-w)/2, (box.Top+box.Bottom)/2
	l.stroke(r, l.theme.Grid, l.hair(), nil)
	r.MoveTo(box.Left, snap(box.Bottom))
	r.LineTo(box.Right, snap(box.Bottom))
	r.Stroke()
	chart.Draw.Text(r, text, max(x, l.dp(margin)), y, l.textStyle(textSize+1, l.theme.Muted))
}

func (l *layout) drawBand(r chart.Renderer, box chart.Box, b Band) {
	from, to := max(l.at(b.From, box), box.Left), min(l.at(b.To, box), box.Right)
	if to <= from {
		return
	}
	chart.Draw.Box(r, chart.Box{Left: from, Right: to, Top: box.Top, Bottom: box.Bottom}, chart.Style{FillColor: ink(l.theme.Band), StrokeColor: ink(l.theme.Band)})
	if w := l.textWidth(b.Label, textSize); b.Label != "" && w+l.dp(8) < to-from {
		chart.Draw.Text(r, b.Label, from+l.dp(4), box.Bottom-l.dp(6), l.textStyle(textSize, l.theme.Muted))
	}
}

// off reports whether a curve is switched off.
func (l *layout) off(curve string) bool {
	for i := range l.Curves {
		if l.Curves[i].Name == curve {
			return l.Curves[i].Hidden
		}
	}
	return false
}

// drawBar draws the part of a bar that is inside the box.
func (l *layout) drawBar(r chart.Renderer, box chart.Box, b Bar) {
	height := func(v float64) int {
		return max(box.Top, min(box.Bottom, box.Bottom-int(math.Round(l.y.At(v)*float64(box.Height())))))
	}
	left, right := max(l.at(b.From, box), box.Left), min(l.at(b.To, box), box.Right)
	top, bottom := height(b.High), height(b.Low)
	if gap := l.dp(1); right-left > 4*gap {
		left, right = left+gap, right-gap
	}
	if right <= left || bottom <= top {
		return
	}
	fill := mix(l.theme.Background, l.theme.Palette[b.Ink], 0.75)
	rim := fill
	if b.Faint {
		fill, rim = mix(l.theme.Background, l.theme.Palette[b.Ink], 0.22), mix(l.theme.Background, l.theme.Palette[b.Ink], 0.7)
	}
	chart.Draw.Box(r, chart.Box{Left: left, Right: right, Top: top, Bottom: bottom}, chart.Style{FillColor: ink(fill), StrokeColor: ink(rim), StrokeWidth: l.hair()})
}

func (m marks) Render(r chart.Renderer, box chart.Box, _, _ chart.Range, _ chart.Style) {
	l := m.layout
	for _, k := range l.Marks {
		if k.X < l.x.Min || k.X > l.x.Max {
			continue
		}
		x := l.at(k.X, box)
		l.stroke(r, l.theme.Muted, l.hair(), []float64{3, 3})
		r.MoveTo(snap(x), box.Top)
		r.LineTo(snap(x), box.Bottom)
		r.Stroke()
		if k.Label == "" {
			continue
		}
		w := l.textWidth(k.Label, textSize)
		left := x + l.dp(5)
		if left+w > box.Right {
			left = x - l.dp(5) - w
		}
		chart.Draw.Text(r, k.Label, left, box.Top+l.dp(textSize), l.textStyle(textSize, l.theme.Text))
	}
	for _, d := range l.Dots {
		if l.off(d.Of) {
			continue
		}
		x, y := float64(box.Left)+l.x.At(d.X)*float64(box.Width()), float64(box.Bottom)-l.y.At(d.Y)*float64(box.Height())
		if x >= float64(box.Left)-1 && x <= float64(box.Right)+1 && y >= float64(box.Top)-1 && y <= float64(box.Bottom)+1 {
			l.drawMarker(r, d.Marker, l.theme.Palette[d.Ink], int(x), int(y))
		}
	}
}

// drawEntry draws a curve's sample and name in the legend.
func (l *layout) drawEntry(r chart.Renderer, e entry) {
	c := &l.Curves[e.curve]
	style := c.Style
	if style.isZero() {
		style = StyleAt(e.curve)
	}
	color := l.theme.Palette[style.Ink]
	y := e.y - l.dp(textSize*capHeight/2)
	l.stroke(r, color, l.dashWidth(style), style.Dash)
	r.MoveTo(e.x, y)
	r.LineTo(e.x+l.dp(sampleWidth), y)
	r.Stroke()
	l.drawMarker(r, style.Marker, color, e.x+l.dp(sampleWidth/2), y)
	chart.Draw.Text(r, c.Name, e.x+l.dp(sampleWidth+6), e.y, l.textStyle(textSize, l.theme.Text))
}

func (l *layout) dashWidth(style Style) float64 {
	w := style.Width
	if w == 0 {
		w = lineWidth
	}
	return w * l.scale * unit
}

func (k Style) isZero() bool {
	return k.Ink == 0 && k.Marker == NoMarker && k.Dash == nil && k.Width == 0
}
