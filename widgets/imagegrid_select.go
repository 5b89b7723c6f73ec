package widgets

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// doubleClick is how close two clicks on an item must follow each other to open it.
const doubleClick = 450 * time.Millisecond

// clicked selects as file managers do.
func (g *ImageGrid) clicked(i int, mod fyne.KeyModifier) {
	switch {
	case i < 0:
		if mod == 0 {
			g.choose(-1)
		}
		return
	case mod&fyne.KeyModifierShift != 0 && g.anchor >= 0:
		g.extend(i)
	case mod&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0:
		if _, ok := g.selected[i]; ok {
			delete(g.selected, i)
		} else {
			g.selected[i] = struct{}{}
		}
		g.current, g.anchor = i, i
		g.changed()
	default:
		g.choose(i)
	}
	now := time.Now()
	if g.lastClick == i && mod == 0 && now.Sub(g.lastClickTime) < doubleClick {
		g.lastClick = -1
		g.open(i)
		return
	}
	g.lastClick, g.lastClickTime = i, now
}

// extend selects from the anchor to i.
func (g *ImageGrid) extend(i int) {
	clear(g.selected)
	for k := min(g.anchor, i); k <= max(g.anchor, i); k++ {
		g.selected[k] = struct{}{}
	}
	g.current = i
	g.changed()
}

func (g *ImageGrid) open(i int) {
	if i >= 0 && i < g.length && g.OnOpen != nil {
		g.OnOpen(i)
	}
}

// FocusGained implements fyne.Focusable.
func (g *ImageGrid) FocusGained() {
	g.focused = true
	g.body.restyle()
}

// FocusLost implements fyne.Focusable.
func (g *ImageGrid) FocusLost() {
	g.focused, g.mods = false, 0
	g.body.restyle()
}

// KeyDown implements desktop.Keyable.
func (g *ImageGrid) KeyDown(e *fyne.KeyEvent) { g.mods |= modifier(e.Name) }

// KeyUp implements desktop.Keyable.
func (g *ImageGrid) KeyUp(e *fyne.KeyEvent) { g.mods &^= modifier(e.Name) }

// TypedRune implements fyne.Focusable.
func (g *ImageGrid) TypedRune(r rune) {
	if g.OnRune != nil {
		g.OnRune(r)
	}
}

// TypedKey implements fyne.Focusable.
func (g *ImageGrid) TypedKey(e *fyne.KeyEvent) {
	if g.OnKey != nil && g.OnKey(e.Name, held(&g.mods)) {
		return
	}
	page := max(1, int(g.scroll.Size().Height/g.body.pitch().Height)) * g.body.columns()
	step := map[fyne.KeyName]int{
		fyne.KeyLeft: -1, fyne.KeyRight: 1,
		fyne.KeyUp: -g.body.columns(), fyne.KeyDown: g.body.columns(),
		fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
		fyne.KeyHome: -g.length, fyne.KeyEnd: g.length,
	}
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		g.open(g.current)
	default:
		if by, ok := step[e.Name]; ok {
			g.walk(by)
		}
	}
}

// walk goes on from the current item; with shift it extends the selection. A step up or down that would leave the gallery
// goes nowhere.
func (g *ImageGrid) walk(by int) {
	if g.length == 0 {
		return
	}
	to := g.current + by
	if g.current < 0 {
		to = 0
	}
	if (to < 0 || to >= g.length) && (by == g.body.columns() || by == -g.body.columns()) && g.current >= 0 {
		last := (g.length - 1) / g.body.columns()
		if by < 0 || g.current/g.body.columns() == last {
			return
		}
	}
	to = max(0, min(g.length-1, to))
	if g.mods&fyne.KeyModifierShift != 0 && g.anchor >= 0 {
		g.extend(to)
	} else {
		g.choose(to)
	}
	g.ScrollTo(to)
}

// TypedShortcut implements fyne.Shortcutable.
func (g *ImageGrid) TypedShortcut(s fyne.Shortcut) {
	if g.OnShortcut != nil && g.OnShortcut(s) {
		return
	}
	if _, ok := s.(*fyne.ShortcutSelectAll); ok && !g.strip {
		g.SelectAll()
		return
	}
	HandOn(g, s)
}

var _ desktop.Keyable = (*ImageGrid)(nil)
