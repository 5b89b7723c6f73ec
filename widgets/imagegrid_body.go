package widgets

import (
	"image/color"
	"maps"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

const (
	gridGap  float32 = 8
	gridEdge float32 = 3 // between a cell's rim and its image
	gridFoot float32 = 20
)

// gridBody is what an ImageGrid scrolls: as large as all items would be, with cells only where they can be seen.
type gridBody struct {
	widget.BaseWidget
	grid  *ImageGrid
	cells map[int]*gridCell
	spare []*gridCell
	band  *canvas.Rectangle
	dark  bool

	pressed bool
	banding bool
	start   fyne.Position
	mods    fyne.KeyModifier
	before  map[int]struct{}
	hovered int
}

func newGridBody(g *ImageGrid) *gridBody {
	b := &gridBody{grid: g, cells: map[int]*gridCell{}, band: canvas.NewRectangle(color.Transparent), hovered: -1}
	b.band.Hide()
	b.ExtendBaseWidget(b)
	return b
}

var (
	_ desktop.Mouseable = (*gridBody)(nil)
	_ desktop.Hoverable = (*gridBody)(nil)
	_ fyne.Draggable    = (*gridBody)(nil)
)

func (b *gridBody) cellSize() fyne.Size {
	side := b.grid.cell + 2*gridEdge
	if b.grid.strip {
		return fyne.NewSize(side, side)
	}
	return fyne.NewSize(side, side+gridFoot)
}

// pitch is from one cell to the next.
func (b *gridBody) pitch() fyne.Size {
	s := b.cellSize()
	if b.grid.strip {
		return fyne.NewSize(s.Width+2, s.Height)
	}
	return s.AddWidthHeight(gridGap, gridGap)
}

func (b *gridBody) columns() int {
	if b.grid.strip {
		return max(1, b.grid.length)
	}
	w := b.grid.scroll.Size().Width
	return max(1, int((w-gridGap)/b.pitch().Width))
}

// place is where an item stands. Columns share what is left of the width, so that the rows look even.
func (b *gridBody) place(i int) fyne.Position {
	p := b.pitch()
	if b.grid.strip {
		return fyne.NewPos(float32(i)*p.Width+2, 2)
	}
	n := b.columns()
	left := (b.grid.scroll.Size().Width - gridGap - float32(n)*p.Width) / float32(n)
	return fyne.NewPos(gridGap+float32(i%n)*(p.Width+fyne.Max(0, left)), gridGap+float32(i/n)*p.Height)
}

func (b *gridBody) MinSize() fyne.Size {
	p := b.pitch()
	if b.grid.strip {
		return fyne.NewSize(float32(b.grid.length)*p.Width+4, p.Height)
	}
	n := b.columns()
	rows := (b.grid.length + n - 1) / n
	return fyne.NewSize(p.Width, gridGap+float32(rows)*p.Height)
}

func (b *gridBody) inSight() (from, to int) {
	view, off, p := b.grid.scroll.Size(), b.grid.scroll.Offset, b.pitch()
	if view.Width <= 0 || view.Height <= 0 || b.grid.length == 0 {
		return 0, 0
	}
	if b.grid.strip {
		from = int(off.X / p.Width)
		to = int(math.Ceil(float64((off.X + view.Width) / p.Width)))
	} else {
		n := b.columns()
		from = int((off.Y-gridGap)/p.Height) * n
		to = int(math.Ceil(float64((off.Y+view.Height)/p.Height))) * n
	}
	return max(0, min(from, b.grid.length)), max(0, min(to, b.grid.length))
}

// forget has every cell ask for its item anew.
func (b *gridBody) forget() {
	for _, c := range b.cells {
		c.stale = true
	}
}

// arrange gives what is in sight a cell, and takes the others'.
func (b *gridBody) arrange() {
	from, to := b.inSight()
	for i, c := range b.cells {
		if i < from || i >= to {
			c.box.Hide()
			delete(b.cells, i)
			b.spare = append(b.spare, c)
		}
	}
	px := b.pixels()
	size := b.cellSize()
	added := false
	for i := from; i < to; i++ {
		c := b.cells[i]
		if c == nil {
			if n := len(b.spare); n > 0 {
				c, b.spare = b.spare[n-1], b.spare[:n-1]
			} else {
				c = newGridCell(b.grid.strip)
				added = true
			}
			c.stale = true
			b.cells[i] = c
			c.box.Show()
		}
		if c.stale || c.side != b.grid.cell || c.dark != look.IsDark() {
			c.show(b.ask(i, px), b.grid.cell)
			c.stale = false
		}
		c.style(b.isSelected(i), b.grid.current == i, b.grid.focused, b.hovered == i)
		c.box.Resize(size)
		c.box.Move(b.place(i))
	}
	if added {
		b.BaseWidget.Refresh()
	}
}

func (b *gridBody) ask(i, px int) GridItem {
	if b.grid.Item == nil {
		return GridItem{}
	}
	return b.grid.Item(i, px)
}

// pixels is the longest side that an image needs on the screen, in steps so that a slider does not ask for each size.
func (b *gridBody) pixels() int {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(b.grid); c != nil {
		scale = c.Scale()
	}
	need := int(b.grid.cell * scale)
	for _, step := range []int{96, 144, 192, 256, 384} {
		if need <= step {
			return step
		}
	}
	return 640
}

func (b *gridBody) refreshItem(i int) {
	c := b.cells[i]
	if c == nil {
		return
	}
	c.show(b.ask(i, b.pixels()), b.grid.cell)
	c.style(b.isSelected(i), b.grid.current == i, b.grid.focused, b.hovered == i)
}

// restyle draws selection, focus and pointer anew.
func (b *gridBody) restyle() {
	for i, c := range b.cells {
		c.style(b.isSelected(i), b.grid.current == i, b.grid.focused, b.hovered == i)
	}
}

func (b *gridBody) isSelected(i int) bool {
	_, ok := b.grid.selected[i]
	return ok
}

// at is the item under a point, -1 for none.
func (b *gridBody) at(p fyne.Position) int {
	for i := range b.cells {
		o := b.cells[i].box
		q, s := o.Position(), o.Size()
		if p.X >= q.X && p.Y >= q.Y && p.X < q.X+s.Width && p.Y < q.Y+s.Height {
			return i
		}
	}
	return -1
}

// MouseDown implements desktop.Mouseable.
func (b *gridBody) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b.grid); c != nil {
		c.Focus(b.grid)
	}
	i := b.at(e.Position)
	if e.Button == desktop.MouseButtonSecondary {
		if i >= 0 && !b.isSelected(i) {
			b.grid.choose(i)
		}
		if b.grid.OnMenu != nil {
			b.grid.OnMenu(e.AbsolutePosition)
		}
		return
	}
	if e.Button == desktop.MouseButtonPrimary {
		b.pressed, b.start, b.mods = true, e.Position, e.Modifier
	}
}

// MouseUp implements desktop.Mouseable.
func (b *gridBody) MouseUp(e *desktop.MouseEvent) {
	if b.pressed && !b.banding && e.Button == desktop.MouseButtonPrimary {
		b.grid.clicked(b.at(b.start), b.mods)
	}
	b.pressed = false
}

// Dragged implements fyne.Draggable: a rubber band. With shift or ctrl it adds to what was selected.
func (b *gridBody) Dragged(e *fyne.DragEvent) {
	if !b.pressed || b.grid.strip {
		return
	}
	if !b.banding {
		b.banding = true
		b.before = map[int]struct{}{}
		if b.mods != 0 {
			b.before = maps.Clone(b.grid.selected)
		}
	}
	x0, x1 := min(b.start.X, e.Position.X), max(b.start.X, e.Position.X)
	y0, y1 := min(b.start.Y, e.Position.Y), max(b.start.Y, e.Position.Y)
	b.band.FillColor = look.Color(look.ColorAccentSoft)
	b.band.StrokeColor, b.band.StrokeWidth = look.Color(theme.ColorNamePrimary), 1
	b.band.Move(fyne.NewPos(x0, y0))
	b.band.Resize(fyne.NewSize(x1-x0, y1-y0))
	b.band.Show()
	b.selectBand(x0, y0, x1, y1)
	// Near the edge the gallery scrolls along.
	view, off := b.grid.scroll.Size().Height, b.grid.scroll.Offset.Y
	if y := e.Position.Y - off; y > view-16 {
		b.grid.SetOffset(fyne.Min(off+24, fyne.Max(0, b.MinSize().Height-view)))
	} else if y < 16 {
		b.grid.SetOffset(fyne.Max(0, off-24))
	}
}

// selectBand selects what the band touches, by arithmetic: most of it may be out of sight.
func (b *gridBody) selectBand(x0, y0, x1, y1 float32) {
	g := b.grid
	g.selected = maps.Clone(b.before)
	p, s, n := b.pitch(), b.cellSize(), b.columns()
	first := max(0, int((y0-gridGap)/p.Height))
	last := int((y1 - gridGap) / p.Height)
	for row := first; row <= last; row++ {
		for col := range n {
			i := row*n + col
			if i >= g.length {
				break
			}
			at := b.place(i)
			if at.X < x1 && at.X+s.Width > x0 && at.Y < y1 && at.Y+s.Height > y0 {
				g.selected[i] = struct{}{}
				g.current, g.anchor = i, i
			}
		}
	}
	b.restyle()
}

// DragEnd implements fyne.Draggable.
func (b *gridBody) DragEnd() {
	if b.banding {
		b.banding, b.pressed = false, false
		b.band.Hide()
		b.grid.changed()
	}
}

// MouseIn implements desktop.Hoverable.
func (b *gridBody) MouseIn(e *desktop.MouseEvent) { b.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (b *gridBody) MouseMoved(e *desktop.MouseEvent) {
	if i := b.at(e.Position); i != b.hovered {
		b.hovered = i
		b.restyle()
	}
}

// MouseOut implements desktop.Hoverable.
func (b *gridBody) MouseOut() {
	b.hovered = -1
	b.restyle()
}

// CreateRenderer implements fyne.Widget.
func (b *gridBody) CreateRenderer() fyne.WidgetRenderer { return &gridBodyRenderer{b} }

type gridBodyRenderer struct{ b *gridBody }

func (r *gridBodyRenderer) Layout(fyne.Size)   { r.b.arrange() }
func (r *gridBodyRenderer) MinSize() fyne.Size { return r.b.MinSize() }
func (r *gridBodyRenderer) Destroy()           {}

func (r *gridBodyRenderer) Refresh() {
	if r.b.dark != look.IsDark() {
		r.b.dark = look.IsDark()
		r.b.forget()
		r.b.arrange()
	}
	canvas.Refresh(r.b)
}

func (r *gridBodyRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.b.cells)+len(r.b.spare)+1)
	for _, c := range r.b.cells {
		objects = append(objects, c.box)
	}
	for _, c := range r.b.spare {
		objects = append(objects, c.box)
	}
	return append(objects, r.b.band)
}
