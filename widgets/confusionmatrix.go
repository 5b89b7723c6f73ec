package widgets

import (
	"fmt"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// ConfusionMatrix shows how often each concept (row) was taken for each (column): the number in each cell, and its share of the row
// as the depth of its colour. Right decisions stand on the diagonal in the accent, mistakes in orange. A click on a cell tells which it was.
type ConfusionMatrix struct {
	widget.BaseWidget
	OnTapped func(truth, predicted int) // nil: cells aren't links
	names    []string
	counts   [][]int
	at       [2]int // the cell under the pointer
	over     bool
}

var (
	_ desktop.Hoverable  = (*ConfusionMatrix)(nil)
	_ desktop.Cursorable = (*ConfusionMatrix)(nil)
)

// NewConfusionMatrix makes an empty matrix.
func NewConfusionMatrix() *ConfusionMatrix {
	m := &ConfusionMatrix{}
	m.ExtendBaseWidget(m)
	return m
}

// Set shows counts[truth][predicted]; names are of both rows and columns. Rows that are too short count as zeros.
func (m *ConfusionMatrix) Set(names []string, counts [][]int) {
	m.names, m.counts, m.over = names, counts, false
	m.Refresh()
}

func (m *ConfusionMatrix) count(truth, predicted int) int {
	if truth < len(m.counts) && predicted < len(m.counts[truth]) {
		return m.counts[truth][predicted]
	}
	return 0
}

const (
	matrixHead = 92 // for the rows' names
	matrixTop  = 78 // for the columns'
	matrixFoot = 26
)

// cell is how large a cell is in a widget of a size.
func (m *ConfusionMatrix) cell(s fyne.Size) float32 {
	n := float32(max(len(m.names), 1))
	return fyne.Max(14, fyne.Min(58, fyne.Min((s.Width-matrixHead)/n, (s.Height-matrixTop-matrixFoot)/n)))
}

func (m *ConfusionMatrix) cellAt(p fyne.Position) (truth, predicted int, ok bool) {
	c := m.cell(m.Size())
	x, y := (p.X-matrixHead)/c, (p.Y-matrixTop)/c
	if x < 0 || y < 0 || int(x) >= len(m.names) || int(y) >= len(m.names) {
		return 0, 0, false
	}
	return int(y), int(x), true
}

// sentence says a cell in words.
func (m *ConfusionMatrix) sentence(truth, predicted int) string {
	n, all := m.count(truth, predicted), 0
	for p := range m.names {
		all += m.count(truth, p)
	}
	if truth == predicted {
		return fmt.Sprintf("%s: %s of %s recognised", m.names[truth], look.Count(n), look.Count(all))
	}
	return fmt.Sprintf("%s taken for %s: %s of %s", m.names[truth], m.names[predicted], look.Count(n), look.Count(all))
}

// Tapped implements fyne.Tappable.
func (m *ConfusionMatrix) Tapped(e *fyne.PointEvent) {
	if t, p, ok := m.cellAt(e.Position); ok && m.OnTapped != nil && m.count(t, p) > 0 {
		m.OnTapped(t, p)
	}
}

// MouseIn implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseMoved(e *desktop.MouseEvent) {
	t, p, ok := m.cellAt(e.Position)
	if ok != m.over || ok && m.at != [2]int{t, p} {
		m.over, m.at = ok, [2]int{t, p}
		m.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseOut() {
	if m.over {
		m.over = false
		m.Refresh()
	}
}

// Cursor implements desktop.Cursorable.
func (m *ConfusionMatrix) Cursor() desktop.Cursor {
	if m.over && m.OnTapped != nil && m.count(m.at[0], m.at[1]) > 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// CreateRenderer implements fyne.Widget.
func (m *ConfusionMatrix) CreateRenderer() fyne.WidgetRenderer {
	r := &matrixRenderer{m: m}
	r.build()
	return r
}

type matrixRenderer struct {
	m          *ConfusionMatrix
	n          int
	cells      []*canvas.Rectangle
	numbers    []*canvas.Text
	rows, cols []*canvas.Text
	foot       *canvas.Text
	truth      *canvas.Text
	predicted  *canvas.Text
	objects    []fyne.CanvasObject
}

func (r *matrixRenderer) build() {
	r.n = len(r.m.names)
	r.cells, r.numbers, r.rows, r.cols, r.objects = nil, nil, nil, nil, nil
	text := func() *canvas.Text {
		t := canvas.NewText("", nil)
		t.TextSize = look.TextSmall
		return t
	}
	for range r.n * r.n {
		r.cells = append(r.cells, canvas.NewRectangle(color.Transparent))
		r.numbers = append(r.numbers, text())
	}
	for range r.n {
		r.rows, r.cols = append(r.rows, text()), append(r.cols, text())
	}
	r.foot, r.truth, r.predicted = text(), text(), text()
	for i := range r.cells {
		r.objects = append(r.objects, r.cells[i], r.numbers[i])
	}
	for i := range r.rows {
		r.objects = append(r.objects, r.rows[i], r.cols[i])
	}
	r.objects = append(r.objects, r.foot, r.truth, r.predicted)
	r.apply()
}

func (r *matrixRenderer) apply() {
	m := r.m
	right, wrong := look.Color(look.ColorAccent), look.Curve(1)
	base, text, muted := look.Color(look.ColorPanel), look.Color(theme.ColorNameForeground), look.Color(look.ColorMuted)
	for t := range r.n {
		all := 0
		for p := range r.n {
			all += m.count(t, p)
		}
		for p := range r.n {
			i, n := t*r.n+p, m.count(t, p)
			ink := wrong
			if t == p {
				ink = right
			}
			depth := 0.0
			if all > 0 && n > 0 {
				depth = 0.12 + 0.78*math.Sqrt(float64(n)/float64(all))
			}
			fill := mixed(base, ink, depth)
			cell := r.cells[i]
			cell.FillColor, cell.CornerRadius = fill, 2
			cell.StrokeWidth, cell.StrokeColor = 1, look.Color(look.ColorFaint)
			if m.over && m.at == [2]int{t, p} {
				cell.StrokeWidth, cell.StrokeColor = 2, text
			}
			r.numbers[i].Text, r.numbers[i].Alignment = look.Count(n), fyne.TextAlignCenter
			r.numbers[i].Color = look.Readable(fill)
			if n == 0 {
				r.numbers[i].Text, r.numbers[i].Color = "·", muted
			}
		}
		r.rows[t].Color, r.cols[t].Color = text, text
		r.rows[t].Alignment = fyne.TextAlignTrailing
	}
	r.truth.Text, r.truth.Color = "true ↓", muted
	r.predicted.Text, r.predicted.Color = "taken for →", muted
	r.foot.Color, r.foot.Text = muted, "Point at a cell to read it"
	if m.OnTapped != nil {
		r.foot.Text += "; a click opens its images"
	}
	if m.over {
		r.foot.Text, r.foot.Color = m.sentence(m.at[0], m.at[1]), text
	}
}

// mixed is a with t (0..1) of b.
func mixed(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{R: f(a.R, b.R), G: f(a.G, b.G), B: f(a.B, b.B), A: 255}
}

func (r *matrixRenderer) MinSize() fyne.Size {
	n := float32(max(r.n, 1))
	least := float32(18)
	switch {
	case r.n <= 8:
		least = 46
	case r.n <= 12:
		least = 34
	case r.n <= 20:
		least = 24
	}
	return fyne.NewSize(matrixHead+n*least, matrixTop+n*least+matrixFoot)
}

func (r *matrixRenderer) Layout(s fyne.Size) {
	m, c := r.m, r.m.cell(s)
	place := func(t *canvas.Text, x, y, w float32) {
		t.Move(fyne.NewPos(x, y))
		t.Resize(fyne.NewSize(w, t.MinSize().Height))
	}
	h := r.foot.MinSize().Height
	for t := range r.n {
		y := matrixTop + c*float32(t)
		r.rows[t].Text = look.Fit(m.names[t], matrixHead-10, look.TextSmall, fyne.TextStyle{})
		place(r.rows[t], 0, y+(c-h)/2, matrixHead-8)
		for p := range r.n {
			i, x := t*r.n+p, matrixHead+c*float32(p)
			r.cells[i].Move(fyne.NewPos(x+1, y+1))
			r.cells[i].Resize(fyne.NewSize(c-2, c-2))
			r.numbers[i].Hidden = c < 18 || fyne.MeasureText(r.numbers[i].Text, look.TextSmall, fyne.TextStyle{}).Width > c
			place(r.numbers[i], x, y+(c-h)/2, c)
		}
	}
	// The columns' names are stairs, since Fyne doesn't turn text.
	steps := int((matrixTop - 20) / (h + 1))
	stairs := false
	for _, name := range m.names {
		stairs = stairs || fyne.MeasureText(name, look.TextSmall, fyne.TextStyle{}).Width > c-4
	}
	for p := range r.n {
		x := matrixHead + c*float32(p)
		step := 0
		if stairs {
			step = p % max(steps, 1)
		}
		room := c*float32(steps) - 4
		if left := s.Width - x; room > left {
			room = left
		}
		r.cols[p].Text = look.Fit(m.names[p], fyne.Max(room, c), look.TextSmall, fyne.TextStyle{})
		place(r.cols[p], x+3, matrixTop-4-h-float32(step)*(h+1), room)
		r.cols[p].Hidden = c < 18 && p%2 == 1
	}
	place(r.truth, 0, matrixTop-4-h, matrixHead-8)
	r.truth.Alignment = fyne.TextAlignTrailing
	place(r.predicted, matrixHead, 0, 120)
	place(r.foot, matrixHead, matrixTop+c*float32(r.n)+8, s.Width-matrixHead)
}

func (r *matrixRenderer) Refresh() {
	if r.n != len(r.m.names) {
		r.build()
	}
	r.apply()
	r.Layout(r.m.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *matrixRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *matrixRenderer) Destroy()                     {}
