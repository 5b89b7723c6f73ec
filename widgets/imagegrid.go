package widgets

import (
	"image"
	"image/color"
	"maps"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// GridItem is what one cell of an [ImageGrid] shows.
type GridItem struct {
	Thumbnail image.Image   // nil while it is on its way
	Failed    bool          // it cannot be read: a broken image is shown
	Icon      fyne.Resource // shown while there is no thumbnail, instead of that of an image
	Name      string
	Chips     []Swatch  // concepts: their colours as bars, their names beneath
	Boxes     []GridBox // drawn over the image
	Note      string    // beneath when there are no chips: "without concept"
	Mark      string    // a short word in the corner: "val"
	Annotated bool
	Reviewed  bool
	Suggested bool
	Guess     string // what Chips and Note say is suggested, and how certain that is: "87%"
}

// GridBox is a region drawn over a cell's image.
type GridBox struct {
	Box       Rect
	Color     color.NRGBA
	Suggested bool
}

// Swatch is a word with its colour.
type Swatch struct {
	Text  string
	Color color.NRGBA
}

// ImageGrid is a gallery: cells of one size in rows, as many as there are items, of which only those in sight exist. It
// scrolls, and selects by click, shift and ctrl, rubber band, and keyboard.
//
// All callbacks are called on the window's thread.
type ImageGrid struct {
	widget.BaseWidget

	// Item says what a cell shows, now. It must be quick: an item without an image is asked for again after
	// [ImageGrid.RefreshItem]. px is the longest side that the image needs, in screen pixels.
	Item func(i, px int) GridItem
	// OnOpen hears of Enter or a double click.
	OnOpen func(i int)
	// OnSelect hears that the selection or the current item changed.
	OnSelect func()
	// OnKey and OnRune get every key first; true keeps it from the grid.
	OnKey  func(key fyne.KeyName, mod fyne.KeyModifier) bool
	OnRune func(r rune) bool
	// OnGesture is called while a person scrolls, for each movement.
	OnGesture func()
	// OnShortcut gets every ctrl+… combination first; true keeps it from the grid.
	OnShortcut func(s fyne.Shortcut) bool
	// OnMenu hears of a secondary click.
	OnMenu func(at fyne.Position)

	scroll   *container.Scroll
	body     *gridBody
	length   int
	cell     float32
	strip    bool // one row that scrolls sideways: a filmstrip
	selected map[int]struct{}
	current  int
	anchor   int
	focused  bool
	mods     fyne.KeyModifier

	lastClick     int
	lastClickTime time.Time
}

var (
	_ fyne.Focusable    = (*ImageGrid)(nil)
	_ fyne.Shortcutable = (*ImageGrid)(nil)
)

// Sizes of a cell's image, in Fyne's pixels.
const (
	GridCellMin     float32 = 72
	GridCellDefault float32 = 136
	GridCellMax     float32 = 320
)

// NewImageGrid makes an empty gallery.
func NewImageGrid() *ImageGrid {
	g := &ImageGrid{cell: GridCellDefault, selected: map[int]struct{}{}, current: -1, anchor: -1, lastClick: -1}
	g.body = newGridBody(g)
	g.scroll = container.NewVScroll(g.body)
	g.scroll.OnScrolled = func(fyne.Position) { g.scrolled() }
	g.ExtendBaseWidget(g)
	return g
}

// NewFilmstrip makes a gallery of one row that scrolls sideways, without words beneath the images.
func NewFilmstrip(cell float32) *ImageGrid {
	g := NewImageGrid()
	g.strip, g.cell = true, cell
	g.scroll = container.NewHScroll(g.body)
	g.scroll.OnScrolled = func(fyne.Position) { g.scrolled() }
	return g
}

// CreateRenderer implements fyne.Widget.
func (g *ImageGrid) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.scroll) }

// MinSize is small: a gallery takes the room it gets.
func (g *ImageGrid) MinSize() fyne.Size {
	if g.strip {
		return fyne.NewSize(100, g.body.cellSize().Height+2*gridEdge+4)
	}
	return fyne.NewSize(g.cell+3*gridGap, g.cell+2*gridGap)
}

// SetLength says how many items there are now. What is selected beyond is forgotten.
func (g *ImageGrid) SetLength(n int) {
	g.length = n
	for i := range g.selected {
		if i >= n {
			delete(g.selected, i)
		}
	}
	g.current = min(g.current, n-1)
	g.anchor = min(g.anchor, n-1)
	g.RefreshAll()
}

// Length is how many items there are.
func (g *ImageGrid) Length() int { return g.length }

// RefreshAll asks for every item in sight again.
func (g *ImageGrid) RefreshAll() {
	g.body.forget()
	g.body.Refresh()
	g.scroll.Refresh()
	g.body.arrange()
}

// RefreshItem asks for one item again, if it is in sight.
func (g *ImageGrid) RefreshItem(i int) { g.body.refreshItem(i) }

// InSight is the items that can be seen now, to not included.
func (g *ImageGrid) InSight() (from, to int) { return g.body.inSight() }

// CellSize is the side of a cell's image.
func (g *ImageGrid) CellSize() float32 { return g.cell }

// SetCellSize changes the side of a cell's image; what stood at the top left stays in sight.
func (g *ImageGrid) SetCellSize(side float32) {
	side = fyne.Max(GridCellMin, fyne.Min(GridCellMax, side))
	if side == g.cell {
		return
	}
	first, _ := g.body.inSight()
	if g.current >= first && g.current >= 0 {
		if _, to := g.body.inSight(); g.current < to {
			first = g.current
		}
	}
	g.cell = side
	g.RefreshAll()
	g.ScrollTo(first)
}

// Open opens the current item, as Enter does.
func (g *ImageGrid) Open() { g.open(g.current) }

// Current is the item that keys act on, -1 for none.
func (g *ImageGrid) Current() int { return g.current }

// Selected is what is selected, in order.
func (g *ImageGrid) Selected() []int { return slices.Sorted(maps.Keys(g.selected)) }

// SelectedCount is how many items are selected.
func (g *ImageGrid) SelectedCount() int { return len(g.selected) }

// SelectOnly selects one item, makes it the current one and brings it into sight; -1 selects nothing.
func (g *ImageGrid) SelectOnly(i int) {
	g.choose(i)
	g.ScrollTo(i)
}

func (g *ImageGrid) choose(i int) {
	clear(g.selected)
	if i >= g.length {
		i = -1
	}
	if i >= 0 {
		g.selected[i] = struct{}{}
	}
	g.current, g.anchor = i, i
	g.changed()
}

// SelectAll selects everything.
func (g *ImageGrid) SelectAll() {
	for i := range g.length {
		g.selected[i] = struct{}{}
	}
	if g.current < 0 && g.length > 0 {
		g.current, g.anchor = 0, 0
	}
	g.changed()
}

// SetSelected selects these items; the current one stays when it is among them.
func (g *ImageGrid) SetSelected(items []int) {
	clear(g.selected)
	for _, i := range items {
		if i >= 0 && i < g.length {
			g.selected[i] = struct{}{}
		}
	}
	if _, ok := g.selected[g.current]; !ok {
		g.current = -1
		if len(items) > 0 {
			g.current = items[0]
		}
		g.anchor = g.current
	}
	g.changed()
}

func (g *ImageGrid) changed() {
	g.body.restyle()
	if g.OnSelect != nil {
		g.OnSelect()
	}
}

// ScrollTo brings an item into sight, moving as little as needed.
func (g *ImageGrid) ScrollTo(i int) {
	if i < 0 || i >= g.length || g.body.columns() == 0 {
		return
	}
	at, size := g.body.place(i), g.body.cellSize()
	off := g.scroll.Offset
	view := g.scroll.Size()
	if g.strip { // the current image stands in the middle of a filmstrip
		off.X = fyne.Max(0, fyne.Min(at.X+size.Width/2-view.Width/2, g.body.MinSize().Width-view.Width))
	} else {
		if at.Y-gridGap < off.Y {
			off.Y = at.Y - gridGap
		}
		if low := at.Y + size.Height + gridGap - view.Height; low > off.Y {
			off.Y = low
		}
		off.Y = fyne.Max(0, fyne.Min(off.Y, g.body.MinSize().Height-view.Height))
	}
	if off != g.scroll.Offset {
		g.scroll.ScrollToOffset(off)
	}
	g.body.arrange()
}

// Offset is how far it is scrolled, to come back to.
func (g *ImageGrid) Offset() float32 {
	if g.strip {
		return g.scroll.Offset.X
	}
	return g.scroll.Offset.Y
}

// SetOffset scrolls to a place that Offset gave.
func (g *ImageGrid) SetOffset(to float32) {
	if g.strip {
		g.scroll.ScrollToOffset(fyne.NewPos(to, 0))
	} else {
		g.scroll.ScrollToOffset(fyne.NewPos(0, to))
	}
	g.scrolled()
}

func (g *ImageGrid) scrolled() {
	if g.OnGesture != nil {
		g.OnGesture()
	}
	g.body.arrange()
}

// Cells is how many cells exist now, for tests and measurements.
func (g *ImageGrid) Cells() int { return len(g.body.cells) }

// Pending is how many items in sight have no image yet, for tests and measurements.
func (g *ImageGrid) Pending() int {
	n := 0
	from, to := g.InSight()
	for i := from; i < to; i++ {
		if item := g.body.ask(i, g.body.pixels()); item.Thumbnail == nil && !item.Failed {
			n++
		}
	}
	return n
}
