package widgets

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"viewfinder/widgets/look"
)

// Suggestion is a region that was proposed and is neither accepted nor rejected yet: it is not a [Mark], and no key moves or deletes it. It is
// drawn with dashes, with its confidence beside its name.
type Suggestion struct {
	ID         int64
	Box        Rect // all zero: it is about the whole image, and stands with the tags
	Label      string
	Color      color.NRGBA
	Confidence float64 // 0 to 1
}

func (s Suggestion) whole() bool { return s.Box == Rect{} }

// text is "Glass 87%".
func (s Suggestion) text() string {
	return fmt.Sprintf("%s %.0f%%?", s.Label, 100*s.Confidence)
}

// SetSuggestions shows what is proposed; the one that was pointed out stays so while it is there, else it is the first.
func (a *Annotator) SetSuggestions(list []Suggestion) {
	if slices.Equal(list, a.suggestions) {
		return
	}
	id := int64(0)
	if s, ok := a.Suggestion(); ok {
		id = s.ID
	}
	a.suggestions = slices.Clone(list)
	a.proposed = max(0, slices.IndexFunc(list, func(s Suggestion) bool { return s.ID == id }))
	a.redraw()
}

// Suggestion is the one that is pointed out: it was clicked, or it is the next to decide on. False where nothing is proposed.
func (a *Annotator) Suggestion() (Suggestion, bool) {
	if a.proposed < 0 || a.proposed >= len(a.suggestions) {
		return Suggestion{}, false
	}
	return a.suggestions[a.proposed], true
}

// pointOut makes the smallest suggestion under a point the one that is decided on next.
func (a *Annotator) pointOut(at fyne.Position) {
	if a.hidden {
		return
	}
	ix, iy := a.view.toImage(float64(at.X), float64(at.Y))
	best := -1
	for i, s := range a.suggestions {
		if !s.whole() && s.Box.Contains(ix/a.view.imageW, iy/a.view.imageH) && (best < 0 || s.Box.Area() < a.suggestions[best].Box.Area()) {
			best = i
		}
	}
	if best >= 0 && best != a.proposed {
		a.proposed = best
		a.redraw()
	}
}

// paintSuggestions draws the dashed boxes into the frame, k screen pixels to one of Fyne's.
func (r *annotatorRenderer) paintSuggestions(k float64) {
	a := r.a
	if a.hidden || a.picture == nil {
		return
	}
	for i, s := range a.suggestions {
		if s.whole() {
			continue
		}
		x0, y0 := a.place(s.Box.XMin, s.Box.YMin)
		x1, y1 := a.place(s.Box.XMax, s.Box.YMax)
		width := max(1, int(math.Round(1.5*k)))
		if i == a.proposed {
			width = max(2, int(math.Round(3*k)))
		}
		dashes(r.frame, x0*k, y0*k, x1*k, y1*k, width, max(3, int(6*k)), s.Color)
	}
}

// dashes draws a rectangle of dashes in c, with dark ones between them, so that it shows on any image.
func dashes(dst *image.RGBA, x0, y0, x1, y1 float64, width, dash int, c color.NRGBA) {
	b := dst.Rect
	clamp := func(v float64, low, high int) int { return int(math.Round(max(float64(low), min(float64(high), v)))) }
	const out = 64 // what lies further outside is not seen
	left, right := clamp(x0, b.Min.X-out, b.Max.X+out), clamp(x1, b.Min.X-out, b.Max.X+out)
	top, bottom := clamp(y0, b.Min.Y-out, b.Max.Y+out), clamp(y1, b.Min.Y-out, b.Max.Y+out)
	put := func(x, y, along int) {
		if !(image.Point{X: x, Y: y}).In(b) {
			return
		}
		i := dst.PixOffset(x, y)
		if along/dash%2 == 0 {
			dst.Pix[i], dst.Pix[i+1], dst.Pix[i+2] = c.R, c.G, c.B
		} else {
			dst.Pix[i], dst.Pix[i+1], dst.Pix[i+2] = dst.Pix[i]/3, dst.Pix[i+1]/3, dst.Pix[i+2]/3
		}
	}
	for w := range min(width, max(1, (right-left)/2), max(1, (bottom-top)/2)) {
		for x := left; x < right; x++ {
			put(x, top+w, x-left)
			put(x, bottom-1-w, x-left)
		}
		for y := top + width; y < bottom-width; y++ {
			put(left+w, y, y-top)
			put(right-1-w, y, y-top)
		}
	}
}

// arrangeSuggestions puts the suggestions' names at their boxes, and those of the whole image after the tags.
func (r *annotatorRenderer) arrangeSuggestions(shown bool, x, y float64) {
	a := r.a
	for i, l := range r.proposals {
		if i >= len(a.suggestions) || !shown {
			l.show(false)
			continue
		}
		s := a.suggestions[i]
		if s.whole() {
			l.at(s.text(), s.Color, x, y, look.TextTitle)
			l.hollow(s.Color, i == a.proposed)
			x += float64(l.back.Size().Width) + 6
			continue
		}
		x0, y0 := a.place(s.Box.XMin, s.Box.YMin)
		x1, y1 := a.place(s.Box.XMax, s.Box.YMax)
		out := x1 < 0 || y1 < 0 || x0 > a.view.w || y0 > a.view.h
		if small := x1-x0 < 26 || y1-y0 < 18; out || small && i != a.proposed {
			l.show(false)
			continue
		}
		l.over(s.text(), s.Color, x0, y0, y1, a.view.w)
		l.hollow(s.Color, i == a.proposed)
	}
}

// hollow draws a label as a rim of its colour around a dark ground: it is not decided yet. The one pointed out is filled.
func (l *labelView) hollow(c color.NRGBA, filled bool) {
	l.back.StrokeColor, l.back.StrokeWidth = c, 1.5
	if !filled {
		l.back.FillColor = color.NRGBA{0x14, 0x16, 0x1a, 0xe0}
		l.text.Color = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	}
}
