package plot

import (
	"image/color"
	"math"

	"github.com/golang/freetype/truetype"
	chart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// layout is a chart on its way to the renderer: what goes where, in units.
type layout struct {
	Chart
	theme         Theme
	scale         float64 // pixels per dp
	font          *truetype.Font
	width, height int

	empty   bool
	x, y    Scale
	xs, ys  []float64 // labelled values
	xw, yw  []string  // their words
	xn, yn  []int     // and the width of the words
	box     chart.Box // where the curves are
	lines   []line
	entries []entry // of the legend, placed
	measure chart.Renderer
}

type entry struct {
	curve int
	x, y  int // left end, baseline
}

// Sizes in dp.
const (
	textSize    = 11.0
	titleSize   = 13.0
	capHeight   = 0.711 // Roboto's capitals, of the text size
	lineHeight  = 18.0
	sampleWidth = 26.0
	margin      = 8.0
	lineWidth   = 1.75
)

// dp turns dp into units.
func (l *layout) dp(v float64) int { return int(math.Round(v * l.scale * unit)) }

// snap moves a coordinate to the middle of a pixel, so that a line of one pixel is one pixel.
func snap(v int) int { return int(math.Floor(float64(v)/unit))*unit + unit/2 }

// dpi makes text sizes dp: a size of 72 points would be dpi units high.
func (l *layout) dpi() float64 { return 72 * l.scale * unit }

func ink(c color.NRGBA) drawing.Color { return drawing.Color{R: c.R, G: c.G, B: c.B, A: c.A} }

func (l *layout) textStyle(size float64, c color.NRGBA) chart.Style {
	return chart.Style{Font: l.font, FontSize: size, FontColor: ink(c)}
}

func (l *layout) textWidth(text string, size float64) int {
	return chart.Draw.MeasureText(l.measure, text, l.textStyle(size, l.theme.Text)).Width()
}

func (l *layout) padding() chart.Box {
	b := l.box
	// A padding of 0 is "not set" to go-chart; one unit is an eighth of a pixel.
	return chart.Box{Left: max(b.Left, 1), Top: max(b.Top, 1), Right: max(l.width-b.Right, 1), Bottom: max(l.height-b.Bottom, 1), IsSet: true}
}

// hair is the width of thin lines: whole pixels, so that they are sharp.
func (l *layout) hair() float64 { return math.Max(1, math.Round(l.scale)) * unit }

// arrange finds the ranges, the labels and the place of everything.
func (l *layout) arrange() error {
	r, err := subpixels(unit, unit)
	if err != nil {
		return err
	}
	r.SetDPI(l.dpi())
	l.measure = r

	top := l.dp(margin)
	if l.Title != "" {
		top += l.dp(lineHeight)
	}
	if l.Legend {
		top = l.arrangeLegend(top)
	}
	top += l.dp(4)
	x, y, ok := l.spans()
	l.empty = !ok
	if l.empty {
		x, y = Span{0, 1}, Span{0, 1}
	}
	l.x, l.y = Scale{Span: x}, Scale{Span: y, Log: l.LogY && ok}

	bottom := l.height - l.dp(lineHeight+margin)
	switch {
	case l.XName == "-":
		bottom = l.height - l.dp(margin)
	case l.Legend && !l.empty:
		bottom -= l.dp(lineHeight * 0.85)
	}
	room := max(bottom-top, l.dp(8))
	l.box = chart.Box{Left: l.dp(margin), Top: top, Right: l.width - l.dp(2*margin), Bottom: top + room, IsSet: true}
	if l.empty {
		return nil
	}
	count := max(1, room/l.dp(36))
	var step float64
	if l.y.Log {
		l.ys = logTicks(y, count)
	} else {
		for more := range 3 { // one label alone is no scale
			if l.ys, step = linearTicks(y, count+more, false); len(l.ys) > 1 {
				break
			}
		}
	}
	widest := 0
	for _, v := range l.ys {
		text := l.YFormat(v, step)
		l.yw = append(l.yw, text)
		l.yn = append(l.yn, l.textWidth(text, textSize))
		widest = max(widest, l.yn[len(l.yn)-1])
	}
	// A minimum width keeps charts that stand one above another in line while their labels change.
	l.box.Left = max(l.dp(margin)+widest+l.dp(6), l.dp(54))
	l.box.Left = min(l.box.Left, l.width/2)
	if l.box.Right <= l.box.Left {
		l.box.Right = l.box.Left + unit
	}
	l.labelX()
	columns := max(1, (l.box.Right-l.box.Left)/unit)
	for i := range l.Curves {
		if c := &l.Curves[i]; !c.Hidden && len(c.Y) > 0 {
			l.lines = append(l.lines, l.curve(c, i, columns)...)
		}
	}
	return nil
}

// labelX chooses as many labels as fit beside one another.
func (l *layout) labelX() {
	width := l.box.Right - l.box.Left
	format := l.XFormat
	if format == nil {
		format = Number
	}
	for count := max(1, min(12, width/l.dp(48))); count > 0; count-- {
		ticks, step := linearTicks(l.x.Span, count, l.XFormat == nil)
		l.xs, l.xw, l.xn = ticks, nil, nil
		total := 0
		for _, v := range ticks {
			text := format(v, step)
			l.xw = append(l.xw, text)
			l.xn = append(l.xn, l.textWidth(text, textSize))
			total += l.xn[len(l.xn)-1] + l.dp(18)
		}
		if total <= width {
			return
		}
	}
}

// arrangeLegend places the legend's entries in rows and returns where the rows end.
func (l *layout) arrangeLegend(top int) int {
	left, right := l.dp(margin+4), l.width-l.dp(margin)
	x, y := left, top+l.dp(lineHeight*0.72)
	for i := range l.Curves {
		if l.Curves[i].Hidden {
			continue
		}
		w := l.dp(sampleWidth+6) + l.textWidth(l.Curves[i].Name, textSize)
		if x > left && x+w > right {
			x, y = left, y+l.dp(lineHeight)
		}
		l.entries = append(l.entries, entry{curve: i, x: x, y: y})
		x += w + l.dp(18)
	}
	if len(l.entries) == 0 {
		return top
	}
	return y + l.dp(lineHeight*0.4)
}
