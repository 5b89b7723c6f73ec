package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// Link is a word that does something, in the accent's colour, without the room of a button. It can be reached by keyboard.
type Link struct {
	widget.BaseWidget
	OnTapped         func()
	text             string
	hovered, focused bool
}

var (
	_ desktop.Hoverable  = (*Link)(nil)
	_ desktop.Cursorable = (*Link)(nil)
	_ fyne.Focusable     = (*Link)(nil)
)

// NewLink makes a link.
func NewLink(text string, tapped func()) *Link {
	l := &Link{text: text, OnTapped: tapped}
	l.ExtendBaseWidget(l)
	return l
}

// Set changes the text and the action.
func (l *Link) Set(text string, tapped func()) {
	l.OnTapped = tapped
	if l.text != text {
		l.text = text
		l.Refresh()
	}
}

// Text is the text shown.
func (l *Link) Text() string { return l.text }

// Tapped implements fyne.Tappable.
func (l *Link) Tapped(*fyne.PointEvent) {
	if l.OnTapped != nil {
		l.OnTapped()
	}
}

// MouseIn implements desktop.Hoverable.
func (l *Link) MouseIn(*desktop.MouseEvent) { l.hovered = true; l.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (l *Link) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (l *Link) MouseOut() { l.hovered = false; l.Refresh() }

// Cursor implements desktop.Cursorable.
func (l *Link) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (l *Link) FocusGained() { l.focused = true; l.Refresh() }

// FocusLost implements fyne.Focusable.
func (l *Link) FocusLost() { l.focused = false; l.Refresh() }

// TypedRune implements fyne.Focusable.
func (l *Link) TypedRune(r rune) {
	if r == ' ' {
		l.Tapped(nil)
	}
}

// TypedKey implements fyne.Focusable.
func (l *Link) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		l.Tapped(nil)
	}
}

// CreateRenderer implements fyne.Widget.
func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	r := &linkRenderer{l: l, text: canvas.NewText("", nil), line: canvas.NewRectangle(color.Transparent), ring: canvas.NewRectangle(color.Transparent)}
	r.apply()
	return r
}

type linkRenderer struct {
	l          *Link
	text       *canvas.Text
	line, ring *canvas.Rectangle
}

func (r *linkRenderer) apply() {
	r.text.Text, r.text.TextSize, r.text.Color = r.l.text, look.TextSmall+0.5, look.Color(theme.ColorNameHyperlink)
	r.line.FillColor, r.line.Hidden = look.Color(theme.ColorNameHyperlink), !r.l.hovered
	r.ring.CornerRadius, r.ring.StrokeWidth = 4, 0
	if r.l.focused {
		r.ring.StrokeWidth, r.ring.StrokeColor = 1.5, bandColour(0xa0)
	}
}

func (r *linkRenderer) MinSize() fyne.Size {
	m := fyne.MeasureText(r.l.text, look.TextSmall+0.5, r.text.TextStyle)
	return fyne.NewSize(m.Width+8, 24)
}

func (r *linkRenderer) Layout(s fyne.Size) {
	m := r.text.MinSize()
	y := (s.Height - m.Height) / 2
	r.text.Move(fyne.NewPos(4, y))
	r.text.Resize(m)
	r.line.Move(fyne.NewPos(4, y+m.Height-2))
	r.line.Resize(fyne.NewSize(m.Width, 1))
	r.ring.Resize(s)
}

func (r *linkRenderer) Refresh() {
	r.apply()
	r.Layout(r.l.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *linkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.text, r.line}
}
func (r *linkRenderer) Destroy() {}
