package widgets

import (
	"image"
	"image/color"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/widgets/look"
)

// quickFrom is how many screen pixels make it worth drawing roughly while the image moves.
const quickFrom = 600_000

// CreateRenderer implements fyne.Widget.
func (a *Annotator) CreateRenderer() fyne.WidgetRenderer {
	r := &annotatorRenderer{a: a}
	r.raster = canvas.NewRaster(r.paint)
	r.raster.ScaleMode = canvas.ImageScalePixels
	r.note = canvas.NewText("", color.Black)
	r.note.Alignment = fyne.TextAlignCenter
	r.over = container.NewWithoutLayout()
	r.clip = container.NewClip(r.over)
	r.focus = canvas.NewRectangle(color.Transparent)
	for range 4 {
		l := canvas.NewRectangle(color.Transparent)
		r.guides = append(r.guides, l)
	}
	r.band = newBoxView()
	for range handles {
		h := canvas.NewRectangle(color.White)
		h.StrokeWidth = 1.5
		h.CornerRadius = 2
		r.handles = append(r.handles, h)
	}
	r.collect()
	r.objects = []fyne.CanvasObject{r.raster, r.note, r.clip, r.focus}
	r.dark = look.IsDark()
	a.renderer = r
	return r
}

type annotatorRenderer struct {
	a         *Annotator
	objects   []fyne.CanvasObject
	raster    *canvas.Raster
	note      *canvas.Text
	clip      *container.Clip
	over      *fyne.Container
	boxes     []*boxView
	tags      []*labelView
	proposals []*labelView
	band      *boxView
	guides    []*canvas.Rectangle
	handles   []*canvas.Rectangle
	focus     *canvas.Rectangle
	frame     *image.RGBA
	dark      bool
}

// redraw has the image itself drawn again; [Annotator.Refresh] draws only what lies over it.
func (a *Annotator) redraw() {
	if a.renderer != nil {
		a.renderer.raster.Refresh()
	}
	a.Refresh()
}

// paint makes the image's pixels: all of the widget, or as much as fits a texture.
func (r *annotatorRenderer) paint(w, h int) image.Image {
	a := r.a
	if r.frame == nil || r.frame.Rect.Dx() != w || r.frame.Rect.Dy() != h {
		r.frame = image.NewRGBA(image.Rect(0, 0, w, h))
	}
	k := 1.0
	if s := r.raster.Size().Width; s > 0 {
		k = float64(w) / float64(s)
	}
	c := look.Color(look.ColorCanvas)
	quick := w*h > quickFrom && time.Since(a.lastMove) < 100*time.Millisecond
	a.picture.drawInto(r.frame, a.view.x*k, a.view.y*k, a.view.scale*k, [4]uint8{c.R, c.G, c.B, 0xff}, a.tone, quick)
	r.paintSuggestions(k)
	return r.frame
}

func (r *annotatorRenderer) Layout(size fyne.Size) {
	for _, o := range []fyne.CanvasObject{r.raster, r.clip, r.over} {
		o.Resize(size)
	}
	r.focus.Move(fyne.NewPos(1, 1))
	r.focus.Resize(size.SubtractWidthHeight(2, 2))
	r.a.view.resize(float64(size.Width), float64(size.Height))
	r.arrange()
	r.a.tellZoom()
}

func (r *annotatorRenderer) MinSize() fyne.Size           { return r.a.MinSize() }
func (r *annotatorRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *annotatorRenderer) Destroy()                     {}

func (r *annotatorRenderer) Refresh() {
	if r.dark != look.IsDark() {
		r.dark = !r.dark
		r.raster.Refresh()
	}
	r.arrange()
	canvas.Refresh(r.over)
}

// collect puts the overlay's objects in their order: regions, what is selected above them, handles, guides.
func (r *annotatorRenderer) collect() {
	objects := make([]fyne.CanvasObject, 0, 4*len(r.boxes)+32)
	for _, b := range r.boxes {
		objects = append(objects, b.outer, b.inner)
	}
	for _, b := range r.boxes {
		objects = append(objects, b.label.back, b.label.text)
	}
	for _, t := range r.tags {
		objects = append(objects, t.back, t.text)
	}
	for _, p := range r.proposals {
		objects = append(objects, p.back, p.text)
	}
	for _, g := range r.guides {
		objects = append(objects, g)
	}
	objects = append(objects, r.band.outer, r.band.inner)
	for _, h := range r.handles {
		objects = append(objects, h)
	}
	r.over.Objects = objects
}

func (r *annotatorRenderer) arrange() {
	a := r.a
	size := a.Size()
	r.note.Text = ""
	if a.picture == nil {
		r.note.Text = a.note
	}
	r.note.Color, r.note.TextSize = look.Color(look.ColorMuted), look.Text
	r.note.Resize(fyne.NewSize(size.Width, 20))
	r.note.Move(fyne.NewPos(0, size.Height/2-10))

	grew := false
	for len(r.boxes) < len(a.marks) {
		r.boxes = append(r.boxes, newBoxView())
		grew = true
	}
	for len(r.tags) < len(a.tags) {
		r.tags = append(r.tags, newLabelView())
		grew = true
	}
	for len(r.proposals) < len(a.suggestions) {
		r.proposals = append(r.proposals, newLabelView())
		grew = true
	}
	if grew {
		r.collect()
	}
	shown := !a.hidden && a.picture != nil
	for i, b := range r.boxes {
		if i >= len(a.marks) || !shown {
			b.show(false)
			continue
		}
		r.arrangeBox(b, i)
	}
	r.arrangeTags(shown)
	r.arrangeHandles(shown)
	r.arrangeGuides(size)
	r.arrangeBand()

	r.focus.StrokeWidth = 0
	if a.focused {
		r.focus.StrokeWidth, r.focus.StrokeColor = 1.5, look.Color(theme.ColorNamePrimary)
	}
}

func (r *annotatorRenderer) arrangeBox(b *boxView, i int) {
	a := r.a
	m := a.marks[i]
	selected, hovered := slices.Contains(a.selected, i), a.hovered == i && a.gesture.kind == gestureNone
	x0, y0 := a.place(m.Box.XMin, m.Box.YMin)
	x1, y1 := a.place(m.Box.XMax, m.Box.YMax)
	if x1 < 0 || y1 < 0 || x0 > a.view.w || y0 > a.view.h {
		b.show(false)
		return
	}
	stroke, fill := float32(2), uint8(0)
	switch {
	case selected:
		stroke, fill = 2.5, 0x2e
	case hovered:
		fill = 0x22
	}
	b.put(x0, y0, x1, y1, m.Color, stroke, fill, a.view.w, a.view.h)
	label := m.Label
	small := x1-x0 < 26 || y1-y0 < 18
	if label == "" || small && !selected && !hovered {
		b.label.show(false)
		return
	}
	b.label.over(label, m.Color, x0, y0, y1, a.view.w)
}

func (r *annotatorRenderer) arrangeTags(shown bool) {
	a := r.a
	x, y := a.place(0, 0)
	x, y = math.Max(x, 0)+8, math.Max(y, 0)+8
	for i, t := range r.tags {
		if i >= len(a.tags) || !shown {
			t.show(false)
			continue
		}
		t.at(a.tags[i].Label, a.tags[i].Color, x, y, look.TextTitle)
		x += float64(t.back.Size().Width) + 6
	}
	r.arrangeSuggestions(shown, x, y)
}

func (r *annotatorRenderer) arrangeHandles(shown bool) {
	a := r.a
	show := shown && !a.readOnly && len(a.selected) == 1 && a.selected[0] < len(a.marks) && a.gesture.kind != gestureMove
	for i, h := range r.handles {
		if !show {
			h.Hide()
			continue
		}
		m := a.marks[a.selected[0]]
		x, y := a.place(handles[i].at(m.Box))
		x0, y0 := a.place(m.Box.XMin, m.Box.YMin)
		x1, y1 := a.place(m.Box.XMax, m.Box.YMax)
		if handles[i].dx == 0 && x1-x0 < 28 || handles[i].dy == 0 && y1-y0 < 28 {
			h.Hide() // a small box has its corners only
			continue
		}
		h.StrokeColor = dark(m.Color)
		h.Resize(fyne.NewSize(9, 9))
		h.Move(fyne.NewPos(float32(x)-4.5, float32(y)-4.5))
		h.Show()
	}
}

// arrangeGuides draws lines through the pointer, light beside dark so that they show on anything.
func (r *annotatorRenderer) arrangeGuides(size fyne.Size) {
	a := r.a
	if !a.crosshair() {
		for _, g := range r.guides {
			g.Hide()
		}
		return
	}
	px, py := float32(math.Round(float64(a.pointer.X))), float32(math.Round(float64(a.pointer.Y)))
	for i, g := range r.guides {
		g.FillColor = color.NRGBA{0xff, 0xff, 0xff, 0xb0}
		off := float32(0)
		if i >= 2 {
			g.FillColor = color.NRGBA{0, 0, 0, 0x90}
			off = 1
		}
		if i%2 == 0 {
			g.Move(fyne.NewPos(px+off, 0))
			g.Resize(fyne.NewSize(1, size.Height))
		} else {
			g.Move(fyne.NewPos(0, py+off))
			g.Resize(fyne.NewSize(size.Width, 1))
		}
		g.Show()
	}
}

func (r *annotatorRenderer) arrangeBand() {
	g := r.a.gesture
	if (g.kind != gestureDraw && g.kind != gestureBand) || !g.moved {
		r.band.show(false)
		return
	}
	x0, y0 := r.a.place(g.box.XMin, g.box.YMin)
	x1, y1 := r.a.place(g.box.XMax, g.box.YMax)
	c, fill := r.a.brush.Color, uint8(0x22)
	if g.kind == gestureBand || c.A == 0 {
		c = look.Color(theme.ColorNamePrimary)
	}
	r.band.put(x0, y0, x1, y1, c, 2, fill, r.a.view.w, r.a.view.h)
}

// boxView is one region's objects: a dark line outside and the colour inside, so that it shows on any image.
type boxView struct {
	outer, inner *canvas.Rectangle
	label        *labelView
}

func newBoxView() *boxView {
	b := &boxView{outer: canvas.NewRectangle(color.Transparent), inner: canvas.NewRectangle(color.Transparent), label: newLabelView()}
	b.outer.StrokeColor = color.NRGBA{0, 0, 0, 0x90}
	return b
}

func (b *boxView) show(shown bool) {
	if shown {
		b.outer.Show()
		b.inner.Show()
		return
	}
	b.outer.Hide()
	b.inner.Hide()
	b.label.show(false)
}

// put places the rectangle; what lies far outside the widget is cut off there, since nobody sees it.
func (b *boxView) put(x0, y0, x1, y1 float64, c color.NRGBA, stroke float32, fill uint8, w, h float64) {
	const beyond = 40
	x0, y0 = math.Max(x0, -beyond), math.Max(y0, -beyond)
	x1, y1 = math.Min(x1, w+beyond), math.Min(y1, h+beyond)
	b.inner.StrokeColor, b.inner.StrokeWidth = c, stroke
	b.inner.FillColor = color.Transparent
	if fill > 0 {
		b.inner.FillColor = look.WithAlpha(c, fill)
	}
	b.outer.StrokeWidth = 1
	b.inner.Move(fyne.NewPos(float32(x0), float32(y0)))
	b.inner.Resize(fyne.NewSize(float32(x1-x0), float32(y1-y0)))
	b.outer.Move(fyne.NewPos(float32(x0)-1, float32(y0)-1))
	b.outer.Resize(fyne.NewSize(float32(x1-x0)+2, float32(y1-y0)+2))
	b.show(true)
}

// labelView is a word on a ground of its colour, in black or white, whichever reads better on it.
type labelView struct {
	back *canvas.Rectangle
	text *canvas.Text
}

func newLabelView() *labelView {
	l := &labelView{back: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", color.White)}
	l.back.CornerRadius = 3
	l.text.TextStyle.Bold = true
	return l
}

func (l *labelView) show(shown bool) {
	if shown {
		l.back.Show()
		l.text.Show()
	} else {
		l.back.Hide()
		l.text.Hide()
	}
}

func (l *labelView) at(text string, c color.NRGBA, x, y float64, size float32) {
	l.text.Text, l.text.TextSize, l.text.Color = look.Fit(text, 220, size, l.text.TextStyle), size, look.Readable(c)
	l.back.FillColor = c
	m := l.text.MinSize()
	l.back.Resize(fyne.NewSize(m.Width+10, m.Height+2))
	l.text.Resize(m)
	l.back.Move(fyne.NewPos(float32(x), float32(y)))
	l.text.Move(fyne.NewPos(float32(x)+5, float32(y)+1))
	l.show(true)
}

// over puts the label on a region's upper corner; inside it where there is no room above.
func (l *labelView) over(text string, c color.NRGBA, x0, y0, y1, w float64) {
	l.at(text, c, x0, y0, look.TextSmall)
	s := l.back.Size()
	x, y := float32(x0)-1, float32(y0)-s.Height-1
	if y < 0 {
		y = float32(math.Max(y0, 0))
		if float32(y1-y0) < s.Height+8 {
			y = float32(y1) + 1
		}
	}
	x = fyne.Max(0, fyne.Min(x, float32(w)-s.Width))
	l.back.Move(fyne.NewPos(x, y))
	l.text.Move(fyne.NewPos(x+5, y+1))
}

func dark(c color.NRGBA) color.NRGBA {
	return color.NRGBA{uint8(int(c.R) * 3 / 5), uint8(int(c.G) * 3 / 5), uint8(int(c.B) * 3 / 5), 0xff}
}

// Frame draws the image as it stands in a widget of this many screen pixels, without what lies over it, for measurements.
// The result is overwritten by the next frame.
func (a *Annotator) Frame(w, h int) image.Image {
	if a.renderer == nil {
		return nil
	}
	return a.renderer.paint(w, h)
}
