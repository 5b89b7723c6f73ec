package library

import (
	"fyne.io/fyne/v2"
)

// cardsLayout is a grid of cards in as many columns as fit, all of one height.
type cardsLayout struct{ width float32 }

const cardLeast, cardGap = 186, 8

func (l *cardsLayout) columns(n int, width float32) int {
	return max(1, min(n, int((width+cardGap)/(cardLeast+cardGap))))
}

// MinSize implements fyne.Layout.
func (l *cardsLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	width := l.width
	if width == 0 {
		width = 600
	}
	rows := (len(o) + l.columns(len(o), width) - 1) / max(1, l.columns(len(o), width))
	return fyne.NewSize(cardLeast, float32(rows)*(l.height(o)+cardGap)-cardGap)
}

func (l *cardsLayout) height(o []fyne.CanvasObject) (h float32) {
	for _, c := range o {
		h = fyne.Max(h, c.MinSize().Height)
	}
	return h
}

// Layout implements fyne.Layout.
func (l *cardsLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	n := l.columns(len(o), s.Width)
	w := (s.Width - cardGap*float32(n-1)) / float32(n)
	for i, c := range o { // widths first: heights of wrapped words follow from them
		c.Resize(fyne.NewSize(w, c.Size().Height))
		c.Move(fyne.NewPos(float32(i%n)*(w+cardGap), c.Position().Y))
	}
	h := l.height(o)
	for i, c := range o {
		c.Move(fyne.NewPos(float32(i%n)*(w+cardGap), float32(i/n)*(h+cardGap)))
		c.Resize(fyne.NewSize(w, h))
	}
}
