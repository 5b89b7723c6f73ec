package widgets

import (
	"image"
	"image/color"
	"log/slog"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/plot"
)

// chartArea is the drawn part of a LineChart and what the pointer does on it.
type chartArea struct {
	widget.BaseWidget
	chart  *LineChart
	height float32
	raster *canvas.Raster

	// The drawing. w and h are the pixels that the screen last asked for.
	w, h    int
	drawn   *plot.Drawing
	shown   plot.Chart // what drawn shows
	drawing bool
	again   bool // something changed while drawing

	hover   float64 // x of the crosshair
	hovered bool
	pointed bool // by this chart's own pointer
	read    *readout
	focused bool

	from, to fyne.Position // of a drag
	dragging bool
	band     *canvas.Rectangle
}

var (
	_ desktop.Hoverable      = (*chartArea)(nil)
	_ desktop.Cursorable     = (*chartArea)(nil)
	_ fyne.Draggable         = (*chartArea)(nil)
	_ fyne.DoubleTappable    = (*chartArea)(nil)
	_ fyne.Focusable         = (*chartArea)(nil)
	_ fyne.SecondaryTappable = (*chartArea)(nil)
)

func newChartArea(c *LineChart, height float32) *chartArea {
	a := &chartArea{chart: c, height: height, read: newReadout()}
	a.raster = canvas.NewRaster(a.pixels)
	a.raster.ScaleMode = canvas.ImageScaleFastest
	a.band = canvas.NewRectangle(color.Transparent)
	a.band.Hide()
	a.ExtendBaseWidget(a)
	return a
}

// pixels is asked by the painter, with the size in the screen's own pixels.
func (a *chartArea) pixels(w, h int) image.Image {
	if w != a.w || h != a.h {
		a.w, a.h = w, h
		a.changed()
	}
	if a.drawn == nil {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	if b := a.drawn.Image.Bounds(); b.Dx() != w || b.Dy() != h {
		// A frame or two until the new drawing is there.
		return stretched(a.drawn.Image, w, h)
	}
	return a.drawn.Image
}

// stretched resizes without care.
func stretched(src *image.RGBA, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	b := src.Bounds()
	for y := range out.Bounds().Dy() {
		from := src.Pix[y*b.Dy()/out.Bounds().Dy()*src.Stride:]
		to := out.Pix[y*out.Stride:]
		for x := range out.Bounds().Dx() {
			i := x * b.Dx() / out.Bounds().Dx() * 4
			copy(to[x*4:x*4+4], from[i:i+4])
		}
	}
	return out
}

// changed has the chart drawn again: now, or once more when the drawing under way is done.
func (a *chartArea) changed() {
	width := a.Size().Width
	if a.w < 1 || a.h < 1 || width < 1 {
		return // never shown yet
	}
	if a.drawing {
		a.again = true
		return
	}
	a.drawing, a.again = true, false
	c, w, h, scale, colours := a.chart.Chart(), a.w, a.h, float64(a.w)/float64(width), chartTheme()
	c.Title = "" // stands in the head
	go func() {
		p, err := plot.Render(c, w, h, scale, colours)
		fyne.Do(func() {
			a.drawing = false
			if err != nil {
				slog.Error("chart not drawn", "error", err)
			} else {
				a.drawn, a.shown = p, c
				a.raster.Refresh()
				a.placeHover()
			}
			if a.again {
				a.changed()
			}
		})
	}()
}

// plotted returns where the curves are, in Fyne's pixels; ok is false while there are none.
func (a *chartArea) plotted() (left, top, right, bottom float32, ok bool) {
	if a.drawn == nil || a.drawn.Area.Empty() || a.Size().Width < 1 {
		return 0, 0, 0, 0, false
	}
	b := a.drawn.Image.Bounds()
	sx, sy := a.Size().Width/float32(b.Dx()), a.Size().Height/float32(b.Dy())
	r := a.drawn.Area
	return float32(r.Min.X) * sx, float32(r.Min.Y) * sy, float32(r.Max.X) * sx, float32(r.Max.Y) * sy, true
}

// value returns what x and y stand at a position.
func (a *chartArea) value(p fyne.Position) (x, y float64, ok bool) {
	left, top, right, bottom, ok := a.plotted()
	if !ok || right <= left || bottom <= top {
		return 0, 0, false
	}
	fx := clampFloat(float64((p.X-left)/(right-left)), 0, 1)
	fy := clampFloat(float64((bottom-p.Y)/(bottom-top)), 0, 1)
	return a.drawn.X.Value(fx), a.drawn.Y.Value(fy), true
}

func clampFloat(v, low, high float64) float64 { return math.Max(low, math.Min(high, v)) }

// MouseIn implements desktop.Hoverable.
func (a *chartArea) MouseIn(e *desktop.MouseEvent) { a.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (a *chartArea) MouseMoved(e *desktop.MouseEvent) {
	if x, _, ok := a.value(e.Position); ok {
		a.setHover(x, true, true)
	}
}

// MouseOut implements desktop.Hoverable.
func (a *chartArea) MouseOut() { a.setHover(0, false, true) }

// Cursor implements desktop.Cursorable.
func (a *chartArea) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

// setHover moves the crosshair; own says that it is this chart's pointer that moved it.
func (a *chartArea) setHover(x float64, on, own bool) {
	a.hover, a.hovered, a.pointed = x, on, own
	a.placeHover()
	if own && a.chart.OnHover != nil {
		a.chart.OnHover(x, on)
	}
}

func (a *chartArea) placeHover() {
	left, top, right, bottom, ok := a.plotted()
	if !ok || !a.hovered || a.dragging || a.hover < a.drawn.X.Min || a.hover > a.drawn.X.Max {
		a.read.hide()
		return
	}
	at := func(x, y float64) fyne.Position {
		return fyne.NewPos(left+float32(a.drawn.X.At(x))*(right-left), bottom-float32(a.drawn.Y.At(y))*(bottom-top))
	}
	a.read.show(a.shown, a.hover, fyne.NewPos(left, top), fyne.NewPos(right, bottom), at, a.Size(), a.pointed)
}

// Dragged implements fyne.Draggable: it spans what is to be zoomed into.
func (a *chartArea) Dragged(e *fyne.DragEvent) {
	left, top, right, bottom, ok := a.plotted()
	if !ok {
		return
	}
	clamp := func(p fyne.Position) fyne.Position {
		return fyne.NewPos(fyne.Max(left, fyne.Min(right, p.X)), fyne.Max(top, fyne.Min(bottom, p.Y)))
	}
	if !a.dragging {
		a.dragging = true
		a.from = clamp(fyne.NewPos(e.Position.X-e.Dragged.DX, e.Position.Y-e.Dragged.DY))
		a.read.hide()
	}
	a.to = clamp(e.Position)
	x0, y0, x1, y1 := a.spanned()
	if x1 == x0 { // whole width or height where only the other one is spanned
		x0, x1 = left, right
	}
	if y1 == y0 {
		y0, y1 = top, bottom
	}
	a.band.FillColor, a.band.StrokeColor, a.band.StrokeWidth = bandColour(0x30), bandColour(0xc0), 1
	a.band.Move(fyne.NewPos(x0, y0))
	a.band.Resize(fyne.NewSize(x1-x0, y1-y0))
	a.band.Show()
	a.band.Refresh()
}

// A drag of less than this in one direction leaves that direction as it is.
const dragLeast = 16

// spanned returns the dragged rectangle; without extent in a direction that isn't to be zoomed.
func (a *chartArea) spanned() (x0, y0, x1, y1 float32) {
	x0, x1 = fyne.Min(a.from.X, a.to.X), fyne.Max(a.from.X, a.to.X)
	y0, y1 = fyne.Min(a.from.Y, a.to.Y), fyne.Max(a.from.Y, a.to.Y)
	if x1-x0 < dragLeast {
		x1 = x0
	}
	if y1-y0 < dragLeast {
		y1 = y0
	}
	return x0, y0, x1, y1
}

// DragEnd implements fyne.Draggable.
func (a *chartArea) DragEnd() {
	if !a.dragging {
		return
	}
	a.dragging = false
	a.band.Hide()
	x0, y0, x1, y1 := a.spanned()
	vx0, vy0, ok := a.value(fyne.NewPos(x0, y1))
	vx1, vy1, _ := a.value(fyne.NewPos(x1, y0))
	if !ok || x0 == x1 && y0 == y1 {
		return
	}
	zx, zy := a.chart.zoomX, a.chart.zoomY
	if x0 != x1 && vx1 > vx0 {
		zx = plot.Span{Min: vx0, Max: vx1}
	}
	if y0 != y1 && vy1 > vy0 {
		zy = plot.Span{Min: vy0, Max: vy1}
	}
	a.chart.zoom(zx, zy)
}

// DoubleTapped implements fyne.DoubleTappable: everything is shown again.
func (a *chartArea) DoubleTapped(*fyne.PointEvent) { a.chart.zoom(plot.Span{}, plot.Span{}) }

// TappedSecondary implements fyne.SecondaryTappable.
func (a *chartArea) TappedSecondary(e *fyne.PointEvent) { a.chart.showMenu(e.AbsolutePosition) }

// FocusGained implements fyne.Focusable.
func (a *chartArea) FocusGained() { a.focused = true; a.Refresh() }

// FocusLost implements fyne.Focusable.
func (a *chartArea) FocusLost() { a.focused = false; a.setHover(0, false, true); a.Refresh() }

// TypedRune implements fyne.Focusable.
func (a *chartArea) TypedRune(r rune) {
	switch r {
	case '+':
		a.zoomBy(0.5)
	case '-':
		a.zoomBy(2)
	}
}

// TypedKey implements fyne.Focusable: the arrows move the crosshair, + and - zoom, Escape shows all.
func (a *chartArea) TypedKey(e *fyne.KeyEvent) {
	if a.drawn == nil || a.drawn.Area.Empty() {
		return
	}
	span := a.drawn.X.Span
	step := math.Max((span.Max-span.Min)/100, math.Min(1, span.Max-span.Min))
	x := a.hover
	if !a.hovered {
		x = (span.Min + span.Max) / 2
	}
	switch e.Name {
	case fyne.KeyLeft:
		x -= step
	case fyne.KeyRight:
		x += step
	case fyne.KeyHome:
		x = span.Min
	case fyne.KeyEnd:
		x = span.Max
	case fyne.KeyEscape:
		a.chart.zoom(plot.Span{}, plot.Span{})
		return
	default:
		return
	}
	a.setHover(clampFloat(x, span.Min, span.Max), true, true)
}

func (a *chartArea) zoomBy(factor float64) {
	if a.drawn == nil || a.drawn.Area.Empty() {
		return
	}
	span := a.drawn.X.Span
	middle := (span.Min + span.Max) / 2
	if a.hovered {
		middle = a.hover
	}
	zoomed := plot.Span{Min: middle - (middle-span.Min)*factor, Max: middle + (span.Max-middle)*factor}
	all := a.chart.data
	if !all.X.IsZero() {
		zoomed.Min, zoomed.Max = math.Max(zoomed.Min, all.X.Min), math.Min(zoomed.Max, all.X.Max)
		if zoomed == all.X {
			zoomed = plot.Span{}
		}
	}
	if zoomed.IsZero() || zoomed.Max-zoomed.Min > 1e-9*math.Abs(zoomed.Max) {
		a.chart.zoom(zoomed, a.chart.zoomY)
	}
}

// MinSize implements fyne.Widget.
func (a *chartArea) MinSize() fyne.Size { return fyne.NewSize(160, a.height) }

// CreateRenderer implements fyne.Widget.
func (a *chartArea) CreateRenderer() fyne.WidgetRenderer {
	return &chartAreaRenderer{a: a, ring: canvas.NewRectangle(color.Transparent)}
}

type chartAreaRenderer struct {
	a       *chartArea
	ring    *canvas.Rectangle // focus
	objects []fyne.CanvasObject
}

func (r *chartAreaRenderer) Layout(s fyne.Size) {
	r.a.raster.Resize(s)
	r.ring.Resize(s)
	r.a.placeHover()
}

func (r *chartAreaRenderer) MinSize() fyne.Size { return r.a.MinSize() }

func (r *chartAreaRenderer) Refresh() {
	r.ring.StrokeWidth, r.ring.StrokeColor, r.ring.CornerRadius = 0, bandColour(0), 4
	if r.a.focused {
		r.ring.StrokeWidth, r.ring.StrokeColor = 1.5, bandColour(0x80)
	}
	r.ring.Refresh()
	r.a.changed()
	r.a.raster.Refresh()
	r.a.read.refresh()
}

func (r *chartAreaRenderer) Objects() []fyne.CanvasObject {
	if r.objects == nil {
		r.objects = append([]fyne.CanvasObject{r.a.raster, r.a.band, r.ring}, r.a.read.objects()...)
	}
	return r.objects
}

func (r *chartAreaRenderer) Destroy() {}
