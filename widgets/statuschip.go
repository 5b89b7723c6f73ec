package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// StatusChip is a word in a rounded box: a status with its icon, or a concept with a dot of its colour.
type StatusChip struct {
	widget.BaseWidget
	text string
	icon fyne.Resource
	tint fyne.ThemeColorName // of text, icon and, faintly, the box; "" is muted
	dot  color.Color         // nil: none
}

// NewStatusChip makes a chip of a theme colour; the icon says the same as the colour.
func NewStatusChip(text string, icon fyne.Resource, tint fyne.ThemeColorName) *StatusChip {
	c := &StatusChip{text: text, icon: icon, tint: tint}
	c.ExtendBaseWidget(c)
	return c
}

// NewConceptChip makes a chip for a concept.
func NewConceptChip(name string, dot color.Color) *StatusChip {
	c := &StatusChip{text: name, dot: dot}
	c.ExtendBaseWidget(c)
	return c
}

// Set changes a status chip.
func (c *StatusChip) Set(text string, icon fyne.Resource, tint fyne.ThemeColorName) {
	if c.text != text || c.icon != icon || c.tint != tint {
		c.text, c.icon, c.tint = text, icon, tint
		c.Refresh()
	}
}

// Text is what the chip says.
func (c *StatusChip) Text() string { return c.text }

// CreateRenderer implements fyne.Widget.
func (c *StatusChip) CreateRenderer() fyne.WidgetRenderer {
	r := &statusChipRenderer{c: c, box: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent), icon: canvas.NewImageFromResource(nil), text: canvas.NewText("", nil)}
	r.icon.FillMode = canvas.ImageFillContain
	r.apply()
	return r
}

type statusChipRenderer struct {
	c    *StatusChip
	box  *canvas.Rectangle
	dot  *canvas.Circle
	icon *canvas.Image
	text *canvas.Text
}

// faint is a colour mixed into the panel's, for the box behind words of that colour.
func faint(c color.NRGBA) color.NRGBA {
	c.A = 0x24
	return c
}

func (r *statusChipRenderer) apply() {
	tint := r.c.tint
	if tint == "" {
		tint = look.ColorMuted
	}
	ink := look.Color(tint)
	r.box.CornerRadius = 9
	r.box.FillColor = faint(ink)
	r.text.Text, r.text.TextSize, r.text.Color = r.c.text, look.TextSmall, ink
	r.dot.Hidden, r.icon.Hidden = r.c.dot == nil, r.c.icon == nil
	if r.c.dot != nil {
		r.dot.FillColor = r.c.dot
		r.text.Color = look.Color(theme.ColorNameForeground)
	}
	if r.c.icon != nil {
		r.icon.Resource = theme.NewColoredResource(r.c.icon, tint)
	}
}

func (r *statusChipRenderer) lead() float32 {
	switch {
	case r.c.dot != nil:
		return 13
	case r.c.icon != nil:
		return 17
	}
	return 0
}

func (r *statusChipRenderer) MinSize() fyne.Size {
	return fyne.NewSize(fyne.MeasureText(r.c.text, look.TextSmall, r.text.TextStyle).Width+16+r.lead(), 20)
}

func (r *statusChipRenderer) Layout(s fyne.Size) {
	m := r.MinSize()
	w := fyne.Min(s.Width, m.Width)
	top := (s.Height - 20) / 2
	r.box.Move(fyne.NewPos(0, top))
	r.box.Resize(fyne.NewSize(w, 20))
	r.dot.Move(fyne.NewPos(8, top+6))
	r.dot.Resize(fyne.NewSize(8, 8))
	r.icon.Move(fyne.NewPos(7, top+3.5))
	r.icon.Resize(fyne.NewSize(13, 13))
	r.text.Text = look.Fit(r.c.text, w-16-r.lead()+1, look.TextSmall, r.text.TextStyle)
	h := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(8+r.lead(), top+(20-h)/2))
	r.text.Resize(fyne.NewSize(w, h))
}

func (r *statusChipRenderer) Refresh() {
	r.apply()
	r.Layout(r.c.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *statusChipRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.dot, r.icon, r.text}
}
func (r *statusChipRenderer) Destroy() {}
