package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// legendEntry is one curve in a chart's legend: a piece of its line and its name. A click, or space, switches the curve.
type legendEntry struct {
	widget.BaseWidget
	name             string
	kind             plot.Style
	off              bool
	hovered, focused bool
	onToggle         func(off bool)
}

var (
	_ desktop.Hoverable  = (*legendEntry)(nil)
	_ desktop.Cursorable = (*legendEntry)(nil)
	_ fyne.Focusable     = (*legendEntry)(nil)
)

func newLegendEntry(name string, kind plot.Style, onToggle func(off bool)) *legendEntry {
	e := &legendEntry{name: name, kind: kind, onToggle: onToggle}
	e.ExtendBaseWidget(e)
	return e
}

func (e *legendEntry) setOff(off bool) {
	if e.off != off {
		e.off = off
		e.Refresh()
	}
}

func (e *legendEntry) toggle() { e.onToggle(!e.off) }

// Tapped implements fyne.Tappable.
func (e *legendEntry) Tapped(*fyne.PointEvent) { e.toggle() }

// MouseIn implements desktop.Hoverable.
func (e *legendEntry) MouseIn(*desktop.MouseEvent) { e.hovered = true; e.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (e *legendEntry) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (e *legendEntry) MouseOut() { e.hovered = false; e.Refresh() }

// Cursor implements desktop.Cursorable.
func (e *legendEntry) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (e *legendEntry) FocusGained() { e.focused = true; e.Refresh() }

// FocusLost implements fyne.Focusable.
func (e *legendEntry) FocusLost() { e.focused = false; e.Refresh() }

// TypedRune implements fyne.Focusable.
func (e *legendEntry) TypedRune(r rune) {
	if r == ' ' {
		e.toggle()
	}
}

// TypedKey implements fyne.Focusable.
func (e *legendEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		e.toggle()
	}
}

// CreateRenderer implements fyne.Widget.
func (e *legendEntry) CreateRenderer() fyne.WidgetRenderer {
	r := &legendRenderer{e: e, back: canvas.NewRectangle(nil), text: canvas.NewText(e.name, nil), strike: canvas.NewLine(nil)}
	r.sample = canvas.NewRaster(func(w, h int) image.Image {
		if img := plot.RenderSample(e.kind, w, h, float64(w)/legendSample, chartTheme(), e.off); img != nil {
			return img
		}
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	})
	r.apply()
	return r
}

const legendSample = 24

type legendRenderer struct {
	e      *legendEntry
	back   *canvas.Rectangle
	sample *canvas.Raster
	text   *canvas.Text
	strike *canvas.Line // through the name of a curve that is off, so that it needn't be told by colour
}

func (r *legendRenderer) apply() {
	r.text.TextSize = look.TextSmall
	r.text.Color = look.Color(theme.ColorNameForeground)
	r.strike.Hidden = !r.e.off
	r.strike.StrokeWidth, r.strike.StrokeColor = 1, look.Color(look.ColorMuted)
	if r.e.off {
		r.text.Color = look.Color(look.ColorMuted)
	}
	r.back.CornerRadius = 4
	r.back.FillColor = nil
	r.back.StrokeWidth = 0
	if r.e.hovered {
		r.back.FillColor = look.Color(theme.ColorNameHover)
	}
	if r.e.focused {
		r.back.StrokeColor, r.back.StrokeWidth = bandColour(0xa0), 1.5
	}
}

func (r *legendRenderer) MinSize() fyne.Size {
	m := r.text.MinSize()
	return fyne.NewSize(m.Width+legendSample+6+8, 20)
}

func (r *legendRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.sample.Move(fyne.NewPos(4, (s.Height-14)/2))
	r.sample.Resize(fyne.NewSize(legendSample, 14))
	m := r.text.MinSize()
	r.text.Move(fyne.NewPos(4+legendSample+6, (s.Height-m.Height)/2))
	r.text.Resize(m)
	r.strike.Position1, r.strike.Position2 = fyne.NewPos(4+legendSample+6, s.Height/2+1), fyne.NewPos(4+legendSample+6+m.Width, s.Height/2+1)
}

func (r *legendRenderer) Refresh() {
	r.apply()
	r.Layout(r.e.Size())
	canvas.Refresh(r.back)
	r.sample.Refresh()
	r.text.Refresh()
	r.strike.Refresh()
}

func (r *legendRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.sample, r.text, r.strike}
}
func (r *legendRenderer) Destroy() {}
