package widgets

import (
	"image/color"
	"math"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// bandColour is the accent with an alpha.
func bandColour(alpha uint8) color.NRGBA {
	c := look.Color(look.ColorAccent)
	c.A = alpha
	return c
}

// readout is the crosshair and the panel beside it that says every curve's value.
type readout struct {
	line  *canvas.Line
	box   *canvas.Rectangle
	head  *canvas.Text
	rows  [readRows]readRow
	shown bool
	again func()
}

// readRows is how many curves are read at once.
const readRows = 8

type readRow struct {
	dot         *canvas.Circle
	sample      *canvas.Line
	name, value *canvas.Text
}

func newReadout() *readout {
	r := &readout{line: canvas.NewLine(nil), box: canvas.NewRectangle(nil), head: canvas.NewText("", nil)}
	r.head.TextSize, r.head.TextStyle.Bold = look.TextSmall, true
	for i := range r.rows {
		r.rows[i] = readRow{dot: canvas.NewCircle(nil), sample: canvas.NewLine(nil), name: canvas.NewText("", nil), value: canvas.NewText("", nil)}
		r.rows[i].name.TextSize, r.rows[i].value.TextSize = look.TextSmall, look.TextSmall
		r.rows[i].value.Alignment = fyne.TextAlignTrailing
	}
	r.hide()
	return r
}

func (r *readout) objects() []fyne.CanvasObject {
	list := []fyne.CanvasObject{r.line}
	for i := range r.rows {
		list = append(list, r.rows[i].dot)
	}
	list = append(list, r.box, r.head)
	for i := range r.rows {
		list = append(list, r.rows[i].sample, r.rows[i].name, r.rows[i].value)
	}
	return list
}

func (r *readout) hide() {
	r.shown = false
	for _, o := range r.objects() {
		o.Hide()
	}
}

func (r *readout) refresh() {
	if r.shown && r.again != nil {
		r.again()
	}
}

// nearest returns the index of the point nearest to x, -1 if there is none with a value.
func nearest(c plot.Curve, x float64) int {
	n := min(len(c.X), len(c.Y))
	i := sort.SearchFloat64s(c.X[:n], x)
	if i == n || i > 0 && x-c.X[i-1] < c.X[i]-x {
		i--
	}
	if i < 0 || c.Y[i]-c.Y[i] != 0 {
		return -1
	}
	return i
}

// show places the crosshair at x. The panel stands beside it, on the side with more room; with the pointer in another chart it is
// smaller: only the line and the dots.
func (r *readout) show(c plot.Chart, x float64, low, high fyne.Position, at func(x, y float64) fyne.Position, size fyne.Size, pointed bool) {
	r.again = func() { r.show(c, x, low, high, at, size, pointed) }
	r.hide()
	r.shown = true
	format := c.YFormat
	if format == nil {
		format = plot.Number
	}
	foreground, muted, panel := look.Color(theme.ColorNameForeground), look.Color(look.ColorMuted), look.Color(theme.ColorNameOverlayBackground)
	colours := chartTheme()

	// The crosshair stands on a real iteration: the nearest of the curve that has most of them.
	snapped, most := x, 0
	for i := range c.Curves {
		if k := nearest(c.Curves[i], x); k >= 0 && !c.Curves[i].Hidden && len(c.Curves[i].X) > most {
			snapped, most = c.Curves[i].X[k], len(c.Curves[i].X)
		}
	}
	if d := at(snapped, 1).X - at(x, 1).X; (d > 8 || d < -8) && c.XFormat == nil {
		snapped = math.Round(x) // no point near: the crosshair stays at the pointer
	}
	cx := at(snapped, 1).X
	r.line.StrokeColor, r.line.StrokeWidth = muted, 1
	r.line.Position1, r.line.Position2 = fyne.NewPos(cx, low.Y), fyne.NewPos(cx, high.Y)
	r.line.Show()
	r.line.Refresh()

	name := c.XName
	if name == "" {
		name = "Iteration"
	}
	r.head.Text, r.head.Color = name+" "+plot.Number(snapped, 1), foreground
	if c.XFormat != nil {
		r.head.Text = name + " " + c.XFormat(snapped, 0)
	}
	const gap, line, pad = float32(14), float32(17), float32(8)
	nameWidth, valueWidth := float32(0), float32(0)
	used := 0
	for i := range c.Curves {
		if c.Curves[i].Hidden || used == readRows {
			continue
		}
		k := nearest(c.Curves[i], snapped)
		if k < 0 {
			continue
		}
		row := &r.rows[used]
		cv := c.Curves[i]
		kind := cv.Style
		if kind.Marker == plot.NoMarker && kind.Dash == nil && kind.Ink == 0 && kind.Width == 0 {
			kind = plot.StyleAt(i)
		}
		ink := colours.Palette[kind.Ink]
		text := format(cv.Y[k], 0)
		if math.Abs(cv.X[k]-snapped) >= 0.5 && c.XFormat == nil {
			text += " at " + plot.Number(cv.X[k], 1)
		}
		row.name.Text, row.name.Color = cv.Name, muted
		row.value.Text, row.value.Color = text, foreground
		row.sample.StrokeColor, row.sample.StrokeWidth = ink, 2.5
		nameWidth = fyne.Max(nameWidth, row.name.MinSize().Width)
		valueWidth = fyne.Max(valueWidth, row.value.MinSize().Width)
		if p := at(cv.X[k], cv.Y[k]); p.X >= low.X-1 && p.X <= high.X+1 && p.Y >= low.Y-1 && p.Y <= high.Y+1 {
			const d = 8
			row.dot.FillColor, row.dot.StrokeColor, row.dot.StrokeWidth = ink, panel, 1.5
			row.dot.Move(fyne.NewPos(p.X-d/2, p.Y-d/2))
			row.dot.Resize(fyne.NewSize(d, d))
			row.dot.Show()
			row.dot.Refresh()
		}
		used++
	}
	if !pointed || used == 0 {
		return
	}
	width := fyne.Max(pad*2+gap+6+nameWidth+12+valueWidth, pad*2+r.head.MinSize().Width)
	height := pad*2 + line*float32(used+1)
	left := cx + 12
	if left+width > size.Width {
		left = cx - 12 - width
	}
	left = fyne.Max(left, 0)
	top := fyne.Max(0, fyne.Min(low.Y+4, size.Height-height))
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = panel, look.Color(look.ColorFaint), 1, 5
	r.box.Move(fyne.NewPos(left, top))
	r.box.Resize(fyne.NewSize(width, height))
	place := func(o fyne.CanvasObject, x, y, w float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, line))
		o.Show()
		o.Refresh()
	}
	r.box.Show()
	r.box.Refresh()
	place(r.head, left+pad, top+pad, width-2*pad)
	for i := range used {
		row := &r.rows[i]
		y := top + pad + line*float32(i+1)
		row.sample.Position1, row.sample.Position2 = fyne.NewPos(left+pad, y+line/2), fyne.NewPos(left+pad+gap, y+line/2)
		row.sample.Show()
		row.sample.Refresh()
		place(row.name, left+pad+gap+6, y, nameWidth)
		place(row.value, left+width-pad-valueWidth, y, valueWidth)
	}
}
