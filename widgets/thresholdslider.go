package widgets

import (
	"image/color"
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// SliderMark is a value worth going to, drawn as a small flag over the track.
type SliderMark struct {
	Value float64
	Label string
}

// ThresholdSlider chooses a value from 0 to 1 and shows marks to go to: a click near one takes exactly its value. Left and right move by
// a hundredth (with page up and down by ten), Home and End go to the ends.
type ThresholdSlider struct {
	widget.BaseWidget
	OnChanged func(v float64) // while it moves

	low, high float64
	value     float64
	marks     []SliderMark
	hovered   bool
	focused   bool
	disabled  bool
}

var (
	_ fyne.Draggable    = (*ThresholdSlider)(nil)
	_ fyne.Focusable    = (*ThresholdSlider)(nil)
	_ desktop.Hoverable = (*ThresholdSlider)(nil)
)

// NewThresholdSlider makes a slider from low to high.
func NewThresholdSlider(low, high float64, changed func(v float64)) *ThresholdSlider {
	s := &ThresholdSlider{low: low, high: high, value: low, OnChanged: changed}
	s.ExtendBaseWidget(s)
	return s
}

// Value is where it stands.
func (s *ThresholdSlider) Value() float64 { return s.value }

// SetValue moves it without telling OnChanged.
func (s *ThresholdSlider) SetValue(v float64) {
	v = clampFloat(v, s.low, s.high)
	if v != s.value {
		s.value = v
		s.Refresh()
	}
}

// SetMarks shows other marks.
func (s *ThresholdSlider) SetMarks(marks []SliderMark) {
	s.marks = marks
	s.Refresh()
}

// SetEnabled lets it be moved, or not.
func (s *ThresholdSlider) SetEnabled(on bool) {
	if s.disabled == on {
		s.disabled = !on
		s.Refresh()
	}
}

func (s *ThresholdSlider) move(v float64) {
	v = clampFloat(v, s.low, s.high)
	if s.disabled || v == s.value {
		return
	}
	s.value = v
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(v)
	}
}

const (
	sliderInset = 9  // of the track's ends
	sliderTrack = 26 // from the top to the track
	sliderHigh  = 38
	sliderCatch = 7 // as near to a mark a click takes its value
)

func (s *ThresholdSlider) x(v float64) float32 {
	return sliderInset + float32((v-s.low)/(s.high-s.low))*(s.Size().Width-2*sliderInset)
}

func (s *ThresholdSlider) at(x float32) float64 {
	width := s.Size().Width - 2*sliderInset
	if width <= 0 {
		return s.value
	}
	v := s.low + (s.high-s.low)*float64((x-sliderInset)/width)
	return math.Round(v*1000) / 1000
}

// Tapped implements fyne.Tappable.
func (s *ThresholdSlider) Tapped(e *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil {
		c.Focus(s)
	}
	v, near := s.at(e.Position.X), float32(sliderCatch)
	for _, m := range s.marks {
		if d := float32(math.Abs(float64(s.x(m.Value) - e.Position.X))); d <= near {
			v, near = m.Value, d
		}
	}
	s.move(v)
}

// Dragged implements fyne.Draggable.
func (s *ThresholdSlider) Dragged(e *fyne.DragEvent) { s.move(s.at(e.Position.X)) }

// DragEnd implements fyne.Draggable.
func (s *ThresholdSlider) DragEnd() {}

// MouseIn implements desktop.Hoverable.
func (s *ThresholdSlider) MouseIn(*desktop.MouseEvent) { s.hovered = true; s.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (s *ThresholdSlider) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *ThresholdSlider) MouseOut() { s.hovered = false; s.Refresh() }

// FocusGained implements fyne.Focusable.
func (s *ThresholdSlider) FocusGained() { s.focused = true; s.Refresh() }

// FocusLost implements fyne.Focusable.
func (s *ThresholdSlider) FocusLost() { s.focused = false; s.Refresh() }

// TypedRune implements fyne.Focusable.
func (s *ThresholdSlider) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (s *ThresholdSlider) TypedKey(e *fyne.KeyEvent) {
	step := func(d float64) { s.move(math.Round((s.value+d)*100) / 100) }
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		step(-0.01)
	case fyne.KeyRight, fyne.KeyUp:
		step(0.01)
	case fyne.KeyPageDown:
		step(-0.1)
	case fyne.KeyPageUp:
		step(0.1)
	case fyne.KeyHome:
		s.move(s.low)
	case fyne.KeyEnd:
		s.move(s.high)
	case fyne.KeyEscape:
		if c := fyne.CurrentApp().Driver().CanvasForObject(s); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(e) // the window's
		}
	}
}

// MinSize implements fyne.Widget.
func (s *ThresholdSlider) MinSize() fyne.Size { return fyne.NewSize(140, sliderHigh) }

// CreateRenderer implements fyne.Widget.
func (s *ThresholdSlider) CreateRenderer() fyne.WidgetRenderer {
	r := &sliderRenderer{s: s, track: canvas.NewRectangle(nil), part: canvas.NewRectangle(nil), thumb: canvas.NewCircle(nil), ring: canvas.NewCircle(nil), value: canvas.NewText("", nil)}
	r.value.TextSize, r.value.TextStyle.Bold = look.TextSmall, true
	r.Refresh()
	return r
}

type sliderRenderer struct {
	s           *ThresholdSlider
	track, part *canvas.Rectangle
	thumb, ring *canvas.Circle
	value       *canvas.Text
	ticks       []*canvas.Line
	labels      []*canvas.Text
	objects     []fyne.CanvasObject
}

func (r *sliderRenderer) MinSize() fyne.Size { return r.s.MinSize() }

// Layout sets the marks' labels over their ticks; one that would cover its neighbour or the value is left out, its tick stays.
func (r *sliderRenderer) Layout(size fyne.Size) {
	s := r.s
	accent, muted, faint := look.Color(look.ColorAccent), look.Color(look.ColorMuted), look.Color(theme.ColorNameInputBorder)
	if s.disabled {
		accent = look.Color(theme.ColorNameDisabled)
	}
	box := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	x := s.x(s.value)
	r.track.FillColor, r.track.CornerRadius = faint, 2
	r.part.FillColor, r.part.CornerRadius = accent, 2
	box(r.track, sliderInset, sliderTrack-2, size.Width-2*sliderInset, 4)
	box(r.part, sliderInset, sliderTrack-2, fyne.Max(0, x-sliderInset), 4)
	radius := float32(7)
	if s.hovered || s.focused {
		radius = 8
	}
	r.thumb.FillColor, r.thumb.StrokeColor, r.thumb.StrokeWidth = accent, look.Color(look.ColorPanel), 2
	box(r.thumb, x-radius, sliderTrack-radius, 2*radius, 2*radius)
	r.ring.FillColor = color.Transparent
	if s.focused {
		r.ring.FillColor = bandColour(0x50)
	}
	box(r.ring, x-12, sliderTrack-12, 24, 24)
	h := look.LineHeight(look.TextSmall)
	r.value.Text, r.value.Color = strconv.FormatFloat(s.value, 'f', 2, 64), look.Color(theme.ColorNameForeground)
	w := r.value.MinSize().Width
	vx := fyne.Max(0, fyne.Min(size.Width-w, x-w/2))
	box(r.value, vx, 0, w, h)
	r.objects = append(r.objects[:0], r.track, r.part)
	taken := [][2]float32{{vx - 6, vx + w + 6}}
	for len(r.ticks) < len(s.marks) {
		r.ticks = append(r.ticks, canvas.NewLine(nil))
		r.labels = append(r.labels, matrixText())
	}
	for i, m := range s.marks {
		mx := s.x(clampFloat(m.Value, s.low, s.high))
		tick := r.ticks[i]
		tick.StrokeColor, tick.StrokeWidth = look.Curve(1), 2
		tick.Position1, tick.Position2 = fyne.NewPos(mx, sliderTrack-9), fyne.NewPos(mx, sliderTrack+5)
		r.objects = append(r.objects, tick)
		label := r.labels[i]
		label.Text, label.Color = m.Label, muted
		lw := label.MinSize().Width
		lx := fyne.Max(0, fyne.Min(size.Width-lw, mx-lw/2))
		free := true
		for _, t := range taken {
			free = free && (lx > t[1] || lx+lw < t[0])
		}
		if free {
			taken = append(taken, [2]float32{lx - 6, lx + lw + 6})
			box(label, lx, 0, lw, h)
			r.objects = append(r.objects, label)
		}
	}
	r.objects = append(r.objects, r.ring, r.thumb, r.value)
}

func (r *sliderRenderer) Refresh() {
	r.Layout(r.s.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(r.s)
}

func (r *sliderRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *sliderRenderer) Destroy()                     {}
