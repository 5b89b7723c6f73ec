package widgets

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"viewfinder/widgets/look"
)

const (
	matrixHead = 96 // for the rows' names
	matrixTop  = 78 // for the columns'
	matrixFoot = 28
)

// cell is how large a cell is in a widget of a size.
func (m *ConfusionMatrix) cell(s fyne.Size) float32 {
	nr, nc := float32(max(len(m.rows), 1)), float32(max(len(m.cols), 1))
	return fyne.Max(10, fyne.Min(72, fyne.Min((s.Width-matrixHead)/nc, (s.Height-matrixTop-matrixFoot)/nr)))
}

func (m *ConfusionMatrix) cellAt(p fyne.Position) (truth, predicted int, ok bool) {
	c := m.cell(m.Size())
	x, y := (p.X-matrixHead)/c, (p.Y-matrixTop)/c
	if x < 0 || y < 0 || int(x) >= len(m.cols) || int(y) >= len(m.rows) {
		return 0, 0, false
	}
	return int(y), int(x), true
}

// fill is a cell's colour.
func (m *ConfusionMatrix) fill(t, p int, base, right, wrong color.NRGBA) color.NRGBA {
	if m.count(t, p) == 0 {
		return base
	}
	ink := wrong
	if m.right(t, p) {
		ink = right
	}
	return mixed(base, ink, 0.12+0.78*math.Sqrt(m.share(t, p)))
}

// mixed is a with t (0..1) of b.
func mixed(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{R: f(a.R, b.R), G: f(a.G, b.G), B: f(a.B, b.B), A: 255}
}

// CreateRenderer implements fyne.Widget.
func (m *ConfusionMatrix) CreateRenderer() fyne.WidgetRenderer {
	r := &matrixRenderer{m: m}
	r.cells = canvas.NewRaster(r.paint)
	r.over, r.chosen = canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
	r.foot, r.truth, r.predicted = matrixText(), matrixText(), matrixText()
	r.apply()
	return r
}

func matrixText() *canvas.Text {
	t := canvas.NewText("", nil)
	t.TextSize = look.TextSmall
	return t
}

// matrixRenderer paints the cells as one image, since a hundred concepts have ten thousand of them; only numbers that have room are objects.
type matrixRenderer struct {
	m          *ConfusionMatrix
	cells      *canvas.Raster
	numbers    []*canvas.Text
	rows, cols []*canvas.Text
	over       *canvas.Rectangle
	chosen     *canvas.Rectangle
	foot       *canvas.Text
	truth      *canvas.Text
	predicted  *canvas.Text
	objects    []fyne.CanvasObject
	sentence   string        // the foot, before it is fitted
	fills      []color.NRGBA // as painted, row by row
	line       color.NRGBA
	ground     color.NRGBA
	wide       int // cells in a row of fills
}

// paint draws the cells at the screen's own pixels.
func (r *matrixRenderer) paint(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	if r.wide == 0 {
		return img
	}
	high := len(r.fills) / r.wide
	gap := 1
	if w/r.wide < 8 {
		gap = 0
	}
	for y := range h {
		t := y * high / h
		top, bottom := t*h/high, (t+1)*h/high
		for x := range w {
			p := x * r.wide / w
			left, right := p*w/r.wide, (p+1)*w/r.wide
			c := r.fills[t*r.wide+p]
			switch {
			case gap > 0 && (y < top+gap || y >= bottom-gap || x < left+gap || x >= right-gap):
				c = r.ground
			case gap > 0 && (y < top+2*gap || y >= bottom-2*gap || x < left+2*gap || x >= right-2*gap):
				c = mixed(c, r.line, 0.5)
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func (r *matrixRenderer) apply() {
	m := r.m
	right, wrong := look.Color(look.ColorAccent), look.Curve(1)
	r.ground, r.line = look.Color(look.ColorPanel), look.Color(look.ColorFaint)
	text, muted := look.Color(theme.ColorNameForeground), look.Color(look.ColorMuted)
	r.wide, r.fills = len(m.cols), r.fills[:0]
	for t := range m.rows {
		for p := range m.cols {
			r.fills = append(r.fills, m.fill(t, p, r.ground, right, wrong))
		}
	}
	for len(r.rows) < len(m.rows) {
		r.rows = append(r.rows, matrixText())
	}
	for len(r.cols) < len(m.cols) {
		r.cols = append(r.cols, matrixText())
	}
	r.rows, r.cols = r.rows[:len(m.rows)], r.cols[:len(m.cols)]
	for _, t := range r.rows {
		t.Color, t.Alignment = text, fyne.TextAlignTrailing
	}
	for _, t := range r.cols {
		t.Color = text
	}
	r.truth.Text, r.truth.Color, r.truth.Alignment = "true ↓", muted, fyne.TextAlignTrailing
	r.predicted.Text, r.predicted.Color = "predicted →", muted
	r.foot.Color, r.sentence = muted, "Point at a cell for details"
	if m.OnOpen != nil {
		r.sentence += "; arrow keys move, Enter opens its images"
	}
	switch {
	case m.over:
		r.sentence, r.foot.Color = m.sentence(m.at[0], m.at[1]), text
	case m.hasChosen && m.chosen[0] < len(m.rows) && m.chosen[1] < len(m.cols):
		r.sentence, r.foot.Color = m.sentence(m.chosen[0], m.chosen[1]), text
	}
}

func (r *matrixRenderer) MinSize() fyne.Size {
	n := max(len(r.m.rows), len(r.m.cols), 1)
	least := float32(14)
	switch {
	case n <= 8:
		least = 40
	case n <= 12:
		least = 32
	case n <= 20:
		least = 24
	}
	return fyne.NewSize(matrixHead+float32(max(len(r.m.cols), 1))*least, matrixTop+float32(max(len(r.m.rows), 1))*least+matrixFoot)
}

func (r *matrixRenderer) Layout(s fyne.Size) {
	m, c := r.m, r.m.cell(s)
	place := func(t *canvas.Text, x, y, w float32) {
		t.Move(fyne.NewPos(x, y))
		t.Resize(fyne.NewSize(w, t.MinSize().Height))
	}
	h := r.foot.MinSize().Height
	r.cells.Move(fyne.NewPos(matrixHead, matrixTop))
	r.cells.Resize(fyne.NewSize(c*float32(len(m.cols)), c*float32(len(m.rows))))
	r.objects = append(r.objects[:0], r.cells)
	used := 0
	for t := range m.rows {
		y := matrixTop + c*float32(t)
		for p := range m.cols {
			if c < 20 {
				break
			}
			words := m.words(t, p)
			if fyne.MeasureText(words, look.TextSmall, fyne.TextStyle{}).Width > c-2 {
				continue
			}
			if used == len(r.numbers) {
				r.numbers = append(r.numbers, matrixText())
			}
			n := r.numbers[used]
			used++
			n.Text, n.Alignment, n.Color = words, fyne.TextAlignCenter, look.Readable(r.fills[t*r.wide+p])
			if m.count(t, p) == 0 {
				n.Color = look.Color(look.ColorFaint)
			}
			place(n, matrixHead+c*float32(p), y+(c-h)/2, c)
			r.objects = append(r.objects, n)
		}
		if c >= h-3 || t%2 == 0 {
			r.rows[t].Text = look.Fit(m.rows[t], matrixHead-10, look.TextSmall, fyne.TextStyle{})
			place(r.rows[t], 0, y+(c-h)/2, matrixHead-8)
			r.objects = append(r.objects, r.rows[t])
		}
	}
	r.layoutColumns(s, c, h, place)
	place(r.truth, 0, matrixTop-4-h, matrixHead-8)
	place(r.predicted, matrixHead, 0, 120)
	r.foot.Text = look.Fit(r.sentence, s.Width-8, look.TextSmall, fyne.TextStyle{})
	place(r.foot, 8, matrixTop+c*float32(len(m.rows))+8, s.Width-8)
	r.objects = append(r.objects, r.truth, r.predicted, r.foot)
	r.rim(r.over, m.over, m.at, c, look.Color(look.ColorMuted), 1.5)
	width := float32(2)
	if m.focused {
		width = 3
	}
	r.rim(r.chosen, m.hasChosen, m.chosen, c, look.Color(theme.ColorNameForeground), width)
}

// layoutColumns sets the columns' names in stairs where they are wider than a column, since Fyne doesn't turn text.
func (r *matrixRenderer) layoutColumns(s fyne.Size, c, h float32, place func(t *canvas.Text, x, y, w float32)) {
	m := r.m
	steps := int((matrixTop - 20) / (h + 1))
	stairs := false
	for _, name := range m.cols {
		stairs = stairs || fyne.MeasureText(name, look.TextSmall, fyne.TextStyle{}).Width > c-4
	}
	for p := range m.cols {
		if c < 16 && p%2 == 1 {
			continue
		}
		x := matrixHead + c*float32(p)
		step := 0
		if stairs {
			step = p % max(steps, 1)
		}
		room := c*float32(steps) - 4
		if left := s.Width - x; room > left {
			room = left
		}
		r.cols[p].Text = look.Fit(m.cols[p], fyne.Max(room, c), look.TextSmall, fyne.TextStyle{})
		place(r.cols[p], x+3, matrixTop-4-h-float32(step)*(h+1), room)
		r.objects = append(r.objects, r.cols[p])
	}
}

func (r *matrixRenderer) rim(o *canvas.Rectangle, on bool, at [2]int, c float32, stroke color.Color, width float32) {
	if !on || at[0] >= len(r.m.rows) || at[1] >= len(r.m.cols) {
		return
	}
	o.StrokeColor, o.StrokeWidth, o.CornerRadius = stroke, width, 2
	o.Move(fyne.NewPos(matrixHead+c*float32(at[1]), matrixTop+c*float32(at[0])))
	o.Resize(fyne.NewSize(c, c))
	r.objects = append(r.objects, o)
}

func (r *matrixRenderer) Refresh() {
	r.apply()
	r.Layout(r.m.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(r.m)
}

func (r *matrixRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *matrixRenderer) Destroy()                     {}
