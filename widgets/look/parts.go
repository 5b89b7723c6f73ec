package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Styled is one line of text in a size, style and theme colour of its own, without the padding of a label. It is cut
// with an ellipsis where the room is too small, when [Styled.Ellipsis] is set.
type Styled struct {
	widget.BaseWidget
	text     string
	size     float32
	style    fyne.TextStyle
	align    fyne.TextAlign
	color    fyne.ThemeColorName
	Ellipsis bool
}

// NewStyled makes a line of text.
func NewStyled(text string, size float32, bold bool, name fyne.ThemeColorName) *Styled {
	s := &Styled{text: text, size: size, style: fyne.TextStyle{Bold: bold}, color: name}
	s.ExtendBaseWidget(s)
	return s
}

// Small is secondary text in the small size.
func Small(text string) *Styled { return NewStyled(text, TextSmall, false, ColorMuted) }

// Plain is text in the normal size.
func Plain(text string) *Styled { return NewStyled(text, Text, false, theme.ColorNameForeground) }

// Strong is bold text in the normal size.
func Strong(text string) *Styled { return NewStyled(text, Text, true, theme.ColorNameForeground) }

// Title heads a panel.
func Title(text string) *Styled { return NewStyled(text, TextTitle, true, theme.ColorNameForeground) }

// Heading heads a page.
func Heading(text string) *Styled {
	return NewStyled(text, TextHeading, true, theme.ColorNameForeground)
}

// Section heads a part of a panel: small, bold, muted.
func Section(text string) *Styled { return NewStyled(text, TextSmall, true, ColorMuted) }

// Text is what it shows.
func (s *Styled) Text() string { return s.text }

// SetText changes what it shows.
func (s *Styled) SetText(text string) {
	if s.text != text {
		s.text = text
		s.Refresh()
	}
}

// SetColor changes its colour.
func (s *Styled) SetColor(name fyne.ThemeColorName) {
	if s.color != name {
		s.color = name
		s.Refresh()
	}
}

// Natural is the width in which the text is not cut, in density-independent pixels.
func (s *Styled) Natural() float32 { return whole(s.text, s.size, s.style) }

// Align sets the alignment and returns s.
func (s *Styled) Align(a fyne.TextAlign) *Styled {
	s.align = a
	return s
}

// Cut sets Ellipsis and returns s.
func (s *Styled) Cut() *Styled {
	s.Ellipsis = true
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *Styled) CreateRenderer() fyne.WidgetRenderer {
	t := canvas.NewText(s.text, Color(s.color))
	r := &styledRenderer{s: s, t: t}
	r.apply()
	return r
}

type styledRenderer struct {
	s *Styled
	t *canvas.Text
}

func (r *styledRenderer) apply() {
	r.t.Text, r.t.TextSize, r.t.TextStyle, r.t.Alignment = r.s.text, r.s.size, r.s.style, r.s.align
	r.t.Color = Color(r.s.color)
}

func (r *styledRenderer) Layout(size fyne.Size) {
	if r.s.Ellipsis {
		r.t.Text = Fit(r.s.text, size.Width, r.s.size, r.s.style)
	}
	h := r.t.MinSize().Height
	r.t.Move(fyne.NewPos(0, (size.Height-h)/2))
	r.t.Resize(fyne.NewSize(size.Width, h))
}

func (r *styledRenderer) MinSize() fyne.Size {
	m := fyne.MeasureText(r.s.text, r.s.size, r.s.style)
	if r.s.Ellipsis {
		m.Width = fyne.Min(m.Width, 24)
	}
	return m
}

func (r *styledRenderer) Refresh() {
	r.apply()
	r.Layout(r.s.Size())
	r.t.Refresh()
}

func (r *styledRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.t} }
func (r *styledRenderer) Destroy()                     {}

// Box is a rectangle that follows the theme.
type Box struct {
	widget.BaseWidget
	fill, stroke fyne.ThemeColorName
	radius       float32
}

// NewBox makes a filled rectangle; stroke may be empty.
func NewBox(fill, stroke fyne.ThemeColorName, radius float32) *Box {
	b := &Box{fill: fill, stroke: stroke, radius: radius}
	b.ExtendBaseWidget(b)
	return b
}

// SetFill changes the colour.
func (b *Box) SetFill(fill fyne.ThemeColorName) {
	if b.fill != fill {
		b.fill = fill
		b.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Box) CreateRenderer() fyne.WidgetRenderer {
	r := &boxRenderer{b: b, rect: canvas.NewRectangle(color.Transparent)}
	r.apply()
	return r
}

type boxRenderer struct {
	b    *Box
	rect *canvas.Rectangle
}

func (r *boxRenderer) apply() {
	r.rect.FillColor = color.Transparent
	if r.b.fill != "" {
		r.rect.FillColor = Color(r.b.fill)
	}
	r.rect.CornerRadius = r.b.radius
	if r.b.stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = Color(r.b.stroke), 1
	}
}

func (r *boxRenderer) Layout(size fyne.Size)        { r.rect.Resize(size) }
func (r *boxRenderer) MinSize() fyne.Size           { return fyne.NewSize(1, 1) }
func (r *boxRenderer) Refresh()                     { r.apply(); r.rect.Refresh() }
func (r *boxRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *boxRenderer) Destroy()                     {}

// HLine is a horizontal hairline.
func HLine() fyne.CanvasObject { return NewBox(ColorFaint, "", 0) }

// VLine is a vertical hairline.
func VLine() fyne.CanvasObject { return NewBox(ColorFaint, "", 0) }

// Pad leaves n pixels free on all sides.
func Pad(n float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(n, n, n, n), content)
}

// PadXY leaves x pixels free at the left and right, y above and below.
func PadXY(x, y float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(y, y, x, x), content)
}

// Panel is a card: the panel's colour, a hairline, round corners, 12 pixels of padding.
func Panel(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewBox(ColorPanel, ColorFaint, Radius+2), Pad(12, content))
}

// Outlined puts content into a thin frame.
func Outlined(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewBox("", ColorFaint, Radius), Pad(8, content))
}

// Sheet is the panel's colour without border or padding, for side lists and bars.
func Sheet(content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(NewBox(ColorPanel, "", 0), content)
}

// Wrapped is a paragraph that breaks its lines.
func Wrapped(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// Paragraph is secondary text that breaks its lines.
type Paragraph struct {
	widget.RichText
	segment *widget.TextSegment
}

// MutedWrapped is a paragraph of secondary text.
func MutedWrapped(text string) *Paragraph {
	p := &Paragraph{segment: &widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: ColorMuted, SizeName: theme.SizeNameText}}}
	p.Segments = []widget.RichTextSegment{p.segment}
	p.Wrapping, p.Scroll = fyne.TextWrapWord, fyne.ScrollNone
	p.ExtendBaseWidget(p)
	return p
}

// SetText changes the text.
func (p *Paragraph) SetText(text string) {
	if p.segment.Text != text {
		p.segment.Text = text
		p.Refresh()
	}
}

// Centered aligns the lines in the middle, and returns p.
func (p *Paragraph) Centered() *Paragraph {
	p.segment.Style.Alignment = fyne.TextAlignCenter
	return p
}

// Gap is empty room.
func Gap(w, h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(w, h))
	return r
}

// Width gives content at least a width.
func Width(w float32, content fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(Gap(w, 0), content)
}

// Row lays objects side by side, centred on their height, with a gap between.
func Row(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&rowLayout{gap}, objects...)
}

type rowLayout struct{ gap float32 }

func (l *rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var m fyne.Size
	first := true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		s := o.MinSize()
		if _, ok := o.(layout.SpacerObject); ok {
			s = fyne.Size{}
		}
		if !first {
			m.Width += l.gap
		}
		first = false
		m.Width += s.Width
		m.Height = fyne.Max(m.Height, s.Height)
	}
	return m
}

// Layout gives what is left over to what is made by [UpTo], then to objects that are [Styled] with Ellipsis, else to spacers.
func (l *rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	free, takers := size.Width-l.MinSize(objects).Width, 0
	wish, wished := wishes(objects)
	granted := float32(1)
	if wished > 0 {
		granted = max(0, min(1, free/wished))
		free -= granted * wished
	}
	takes := func(o fyne.CanvasObject, spacer bool) bool {
		if _, ok := o.(layout.SpacerObject); ok {
			return spacer
		}
		s, ok := o.(*Styled)
		return ok && s.Ellipsis && !spacer
	}
	spacers := false
	for _, o := range objects {
		if o.Visible() && takes(o, false) {
			takers++
		}
	}
	if takers == 0 {
		spacers = true
		for _, o := range objects {
			if o.Visible() && takes(o, true) {
				takers++
			}
		}
	}
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if _, ok := o.(layout.SpacerObject); ok {
			m = fyne.Size{}
		}
		w := m.Width + granted*wish[i]
		if takers > 0 && takes(o, spacers) && free > 0 {
			w += free / float32(takers)
		}
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		o.Resize(fyne.NewSize(w, m.Height))
		x += w + l.gap
	}
}
