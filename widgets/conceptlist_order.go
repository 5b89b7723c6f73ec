package widgets

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/widgets/look"
)

// conceptItem is a row of a [ConceptList]: it can be pressed, and dragged to another place.
type conceptItem struct {
	Pressable
	list    *ConceptList
	part    *conceptPart
	dragged float32 // how far down
}

var (
	_ fyne.Draggable     = (*conceptItem)(nil)
	_ fyne.Shortcutable  = (*conceptItem)(nil)
	_ desktop.Cursorable = (*conceptItem)(nil)
)

// by is how many rows further down one that was dragged so far belongs.
func (i *conceptItem) by(far float32) int {
	place := slices.Index(i.list.parts, i.part)
	pitch := i.Size().Height + conceptGap
	if place < 0 || pitch <= conceptGap {
		return 0
	}
	return min(max(-place, int(math.Round(float64(far/pitch)))), len(i.list.parts)-1-place)
}

// Cursor implements desktop.Cursorable.
func (i *conceptItem) Cursor() desktop.Cursor {
	if i.dragged != 0 {
		return desktop.VResizeCursor
	}
	return desktop.DefaultCursor
}

// Dragged shows where the concept would go.
func (i *conceptItem) Dragged(e *fyne.DragEvent) {
	if i.list.OnMove == nil {
		return
	}
	i.dragged += e.Dragged.DY
	by := i.by(i.dragged)
	y := i.Position().Y + float32(by)*(i.Size().Height+conceptGap) - conceptGap
	if by > 0 {
		y += i.Size().Height + conceptGap // below it
	}
	drop := i.list.drop
	drop.FillColor = look.Color(look.ColorAccent)
	drop.Move(fyne.NewPos(2, y-0.5))
	drop.Resize(fyne.NewSize(i.Size().Width-4, 2))
	drop.Hidden = by == 0
	drop.Refresh()
}

// DragEnd puts it there.
func (i *conceptItem) DragEnd() {
	by := i.by(i.dragged)
	i.dragged = 0
	i.list.drop.Hide()
	i.list.drop.Refresh()
	i.move(by)
}

// TypedShortcut moves it by Alt+Up and Alt+Down; the window gets the rest, which Fyne gives to what has the focus alone.
func (i *conceptItem) TypedShortcut(s fyne.Shortcut) {
	if c, ok := s.(*desktop.CustomShortcut); ok && c.Modifier == fyne.KeyModifierAlt {
		switch c.KeyName {
		case fyne.KeyUp:
			i.move(i.by(-i.Size().Height))
			return
		case fyne.KeyDown:
			i.move(i.by(i.Size().Height))
			return
		}
	}
	HandOn(i, s)
}

func (i *conceptItem) move(by int) {
	if by != 0 && i.list.OnMove != nil {
		i.list.OnMove(i.part.row.ID, by)
	}
}
