package look

import (
	"fyne.io/fyne/v2"
)

// Measuring text in full shapes it, which takes a good part of a millisecond: too long for a gallery that shows fifty new
// names with each turn of the wheel. So the width of a line is taken as the sum of its characters' widths, each measured
// once. Kerning makes a line a little narrower than that; scripts whose letters join, too.
type glyph struct {
	r    rune
	size float32
	bold bool
}

// These are used on the window's thread alone, like all of Fyne's measuring.
var (
	glyphWidths = map[glyph]float32{}
	lineHeights = map[float32]float32{}
)

func glyphWidth(r rune, size float32, style fyne.TextStyle) float32 {
	key := glyph{r, size, style.Bold}
	w, ok := glyphWidths[key]
	if !ok {
		if len(glyphWidths) > 20_000 {
			clear(glyphWidths)
		}
		w = fyne.MeasureText(string(r), size, style).Width
		glyphWidths[key] = w
	}
	return w
}

// LineHeight is the height of a line of text.
func LineHeight(size float32) float32 {
	h, ok := lineHeights[size]
	if !ok {
		h = fyne.MeasureText("Ag", size, fyne.TextStyle{}).Height
		lineHeights[size] = h
	}
	return h
}

// whole is the least width in which Fit leaves text whole.
func whole(text string, size float32, style fyne.TextStyle) (width float32) {
	for _, r := range text {
		width += glyphWidth(r, size, style)
	}
	return width
}

// Fit cuts text so that it is no wider than width, with an ellipsis at the end. Call it on the window's thread.
func Fit(text string, width, size float32, style fyne.TextStyle) string {
	used, end := float32(0), 0
	dots := glyphWidth('…', size, style)
	for at, r := range text {
		used += glyphWidth(r, size, style)
		if used > width {
			return text[:end] + "…"
		}
		if used <= width-dots {
			end = at + len(string(r))
		}
	}
	return text
}
