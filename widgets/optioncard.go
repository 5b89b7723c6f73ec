package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// OptionCard is one of several things to choose from, with a title, a line of facts and a sentence. The chosen one has the
// accent's border and a tick. A click, space or Return chooses it.
type OptionCard struct {
	widget.BaseWidget
	OnChosen         func()
	title, facts     *look.Styled
	text             *Paragraph
	chosen           bool
	hovered, focused bool
}

var (
	_ desktop.Hoverable  = (*OptionCard)(nil)
	_ desktop.Cursorable = (*OptionCard)(nil)
	_ fyne.Focusable     = (*OptionCard)(nil)
)

// NewOptionCard makes a card.
func NewOptionCard(title, facts, text string, chosen func()) *OptionCard {
	c := &OptionCard{OnChosen: chosen, title: look.Strong(title).Cut(), facts: look.Small(facts).Cut(), text: NewParagraph(text, theme.SizeNameCaptionText, look.ColorMuted)}
	c.ExtendBaseWidget(c)
	return c
}

// SetChosen marks the card as the chosen one, or not.
func (c *OptionCard) SetChosen(chosen bool) {
	if c.chosen != chosen {
		c.chosen = chosen
		c.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (c *OptionCard) Tapped(*fyne.PointEvent) {
	if c.OnChosen != nil {
		c.OnChosen()
	}
}

// MouseIn implements desktop.Hoverable.
func (c *OptionCard) MouseIn(*desktop.MouseEvent) { c.hovered = true; c.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (c *OptionCard) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *OptionCard) MouseOut() { c.hovered = false; c.Refresh() }

// Cursor implements desktop.Cursorable.
func (c *OptionCard) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained implements fyne.Focusable.
func (c *OptionCard) FocusGained() { c.focused = true; c.Refresh() }

// FocusLost implements fyne.Focusable.
func (c *OptionCard) FocusLost() { c.focused = false; c.Refresh() }

// TypedRune implements fyne.Focusable.
func (c *OptionCard) TypedRune(r rune) {
	if r == ' ' {
		c.Tapped(nil)
	}
}

// TypedKey implements fyne.Focusable.
func (c *OptionCard) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter {
		c.Tapped(nil)
	}
}

// CreateRenderer implements fyne.Widget.
func (c *OptionCard) CreateRenderer() fyne.WidgetRenderer {
	tick := widget.NewIcon(theme.NewPrimaryThemedResource(icons.Check))
	head := container.NewBorder(nil, nil, nil, tick, c.title)
	body := container.New(&overlapLayout{}, look.PadXY(10, 8, container.NewVBox(head, c.facts)), c.text)
	r := &cardRenderer{c: c, back: canvas.NewRectangle(color.Transparent), tick: tick, body: body}
	r.apply()
	return r
}

// overlapLayout puts a label, which has padding of its own, under a head without the head's bottom padding.
type overlapLayout struct{}

func (l *overlapLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(fyne.Max(a.Width, 120), a.Height-8+b.Height)
}

func (l *overlapLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	a := o[0].MinSize().Height
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(s.Width, a))
	o[1].Move(fyne.NewPos(4, a-12))
	o[1].Resize(fyne.NewSize(s.Width-8, s.Height-a+12))
}

type cardRenderer struct {
	c    *OptionCard
	back *canvas.Rectangle
	tick *widget.Icon
	body *fyne.Container
}

func (r *cardRenderer) apply() {
	r.back.CornerRadius = look.Radius
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = look.Color(look.ColorPanel), look.Color(theme.ColorNameInputBorder), 1
	if r.c.hovered {
		r.back.StrokeColor = look.Color(look.ColorMuted)
	}
	if r.c.chosen {
		r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = look.Color(look.ColorAccentSoft), look.Color(look.ColorAccent), 1.5
	}
	if r.c.focused {
		r.back.StrokeColor, r.back.StrokeWidth = look.Color(look.ColorAccent), 2.5
	}
	r.tick.Hidden = !r.c.chosen
}

func (r *cardRenderer) MinSize() fyne.Size { return r.body.MinSize() }
func (r *cardRenderer) Layout(s fyne.Size) {
	r.back.Resize(s)
	r.body.Resize(s)
}

func (r *cardRenderer) Refresh() {
	r.apply()
	r.back.Refresh()
	r.body.Refresh()
}

func (r *cardRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.back, r.body} }
func (r *cardRenderer) Destroy()                     {}
