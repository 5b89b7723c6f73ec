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

// KeyCapture waits for the next key, whatever it is, while it has the focus: Tab and Escape too.
type KeyCapture struct {
	widget.BaseWidget
	OnKey      func(k fyne.KeyName, held fyne.KeyModifier) // a key; those of characters come as OnRune, too
	OnRune     func(r rune)
	OnShortcut func(s fyne.Shortcut)
	OnLost     func() // the focus went elsewhere

	held fyne.KeyModifier
}

var (
	_ fyne.Tabbable     = (*KeyCapture)(nil)
	_ fyne.Shortcutable = (*KeyCapture)(nil)
	_ desktop.Keyable   = (*KeyCapture)(nil)
)

// NewKeyCapture makes one; it waits from when it is focused on.
func NewKeyCapture() *KeyCapture {
	k := &KeyCapture{}
	k.ExtendBaseWidget(k)
	return k
}

// CreateRenderer implements fyne.Widget.
func (k *KeyCapture) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(color.Transparent)
	ground.CornerRadius = 4
	ground.FillColor, ground.StrokeColor, ground.StrokeWidth = look.Color(look.ColorAccentSoft), look.Color(theme.ColorNamePrimary), 1
	return widget.NewSimpleRenderer(container.NewStack(ground, look.PadXY(8, 3, look.NewStyled("Press a key …", look.TextSmall, true, theme.ColorNamePrimary))))
}

// AcceptsTab implements fyne.Tabbable.
func (k *KeyCapture) AcceptsTab() bool { return true }

// FocusGained implements fyne.Focusable.
func (k *KeyCapture) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (k *KeyCapture) FocusLost() {
	k.held = 0
	if k.OnLost != nil {
		k.OnLost()
	}
}

// KeyDown implements desktop.Keyable.
func (k *KeyCapture) KeyDown(e *fyne.KeyEvent) { k.held |= modifier(e.Name) }

// KeyUp implements desktop.Keyable.
func (k *KeyCapture) KeyUp(e *fyne.KeyEvent) { k.held &^= modifier(e.Name) }

// TypedRune implements fyne.Focusable.
func (k *KeyCapture) TypedRune(r rune) {
	if k.OnRune != nil {
		k.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (k *KeyCapture) TypedKey(e *fyne.KeyEvent) {
	if k.OnKey != nil {
		k.OnKey(e.Name, k.held)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (k *KeyCapture) TypedShortcut(s fyne.Shortcut) {
	if k.OnShortcut != nil {
		k.OnShortcut(s)
	}
}
