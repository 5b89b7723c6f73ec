package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// Pressable is anything that can be clicked, or focused and pressed by Enter or space: a row of a list, a chip, an icon.
// It lights up under the pointer and when selected.
type Pressable struct {
	widget.BaseWidget
	Content  fyne.CanvasObject
	OnPress  func()
	OnMenu   func(at fyne.Position) // secondary click; at is in the window
	Hint     string                 // what it does: see [Hints]
	selected bool
	disabled bool
	hovered  bool
	focused  bool
	ahead    bool
	radius   float32
}

// NewPressable makes content pressable.
func NewPressable(content fyne.CanvasObject, press func()) *Pressable {
	p := &Pressable{Content: content, OnPress: press, radius: look.Radius - 1}
	p.ExtendBaseWidget(p)
	return p
}

// NewIconButton is an icon that can be pressed; hint describes what it does, with the key that does the same.
func NewIconButton(icon fyne.Resource, hint string, press func()) *Pressable {
	img := canvas.NewImageFromResource(icon)
	img.FillMode = canvas.ImageFillContain
	img.SetMinSize(fyne.NewSize(18, 18))
	p := NewPressable(container.NewCenter(look.Pad(6, img)), press)
	p.Hint = hint
	return p
}

// SetIcon changes the picture of an icon button.
func (p *Pressable) SetIcon(icon fyne.Resource) {
	eachImage(p.Content, func(img *canvas.Image) {
		img.Resource = icon
		img.Refresh()
	})
}

func eachImage(o fyne.CanvasObject, f func(*canvas.Image)) {
	switch o := o.(type) {
	case *canvas.Image:
		f(o)
	case *fyne.Container:
		for _, c := range o.Objects {
			eachImage(c, f)
		}
	}
}

// SetSelected lights it up, or not.
func (p *Pressable) SetSelected(selected bool) {
	if p.selected != selected {
		p.selected = selected
		p.Refresh()
	}
}

// SetAhead shows, or not, that a key pressed elsewhere would press it.
func (p *Pressable) SetAhead(ahead bool) {
	if p.ahead != ahead {
		p.ahead = ahead
		p.Refresh()
	}
}

// SetEnabled lets it be pressed, or not.
func (p *Pressable) SetEnabled(enabled bool) {
	if p.disabled == enabled {
		p.disabled = !enabled
		eachImage(p.Content, func(img *canvas.Image) {
			img.Translucency = 0
			if p.disabled {
				img.Translucency = 0.6
			}
			img.Refresh()
		})
		p.Refresh()
	}
}

func (p *Pressable) press() {
	if !p.disabled && p.OnPress != nil {
		p.OnPress()
	}
}

// Tapped implements fyne.Tappable.
func (p *Pressable) Tapped(*fyne.PointEvent) { p.press() }

// TappedSecondary implements fyne.SecondaryTappable.
func (p *Pressable) TappedSecondary(e *fyne.PointEvent) {
	if p.OnMenu != nil && !p.disabled {
		p.OnMenu(e.AbsolutePosition)
	}
}

// MouseIn implements desktop.Hoverable.
func (p *Pressable) MouseIn(*desktop.MouseEvent) {
	p.hovered = true
	p.Refresh()
	hint(p, p.Hint)
}

// MouseMoved implements desktop.Hoverable.
func (p *Pressable) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *Pressable) MouseOut() {
	p.hovered = false
	p.Refresh()
	if p.Hint != "" {
		hint(p, "")
	}
}

// FocusGained implements fyne.Focusable.
func (p *Pressable) FocusGained() {
	p.focused = true
	p.Refresh()
	hint(p, p.Hint)
}

// FocusLost implements fyne.Focusable.
func (p *Pressable) FocusLost() {
	p.focused = false
	p.Refresh()
	if p.Hint != "" {
		hint(p, "")
	}
}

// TypedRune implements fyne.Focusable.
func (p *Pressable) TypedRune(rune) {}

// TypedKey implements fyne.Focusable.
func (p *Pressable) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.press()
	case desktop.KeyMenu:
		if p.OnMenu != nil {
			p.OnMenu(fyne.CurrentApp().Driver().AbsolutePositionForObject(p).AddXY(8, p.Size().Height))
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Pressable) CreateRenderer() fyne.WidgetRenderer {
	r := &pressableRenderer{p: p, ground: canvas.NewRectangle(color.Transparent)}
	r.apply()
	return r
}

type pressableRenderer struct {
	p      *Pressable
	ground *canvas.Rectangle
}

func (r *pressableRenderer) apply() {
	p := r.p
	r.ground.CornerRadius = p.radius
	r.ground.FillColor, r.ground.StrokeWidth, r.ground.StrokeColor = color.Transparent, 0, color.Transparent
	switch {
	case p.selected:
		r.ground.FillColor = look.Color(look.ColorAccentSoft)
	case p.hovered && !p.disabled:
		r.ground.FillColor = look.Color(theme.ColorNameHover)
	}
	if p.focused || p.ahead {
		r.ground.StrokeColor, r.ground.StrokeWidth = look.Color(theme.ColorNamePrimary), 1.5
	}
}

func (r *pressableRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.p.Content.Resize(size)
}
func (r *pressableRenderer) MinSize() fyne.Size { return r.p.Content.MinSize() }
func (r *pressableRenderer) Refresh() {
	r.apply()
	r.ground.Refresh()
	r.p.Content.Refresh()
}
func (r *pressableRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.p.Content}
}
func (r *pressableRenderer) Destroy() {}
