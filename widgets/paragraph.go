package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Paragraph is text that breaks its lines, in a theme size and colour of its own.
type Paragraph struct {
	widget.RichText
	segment *widget.TextSegment
}

// NewParagraph makes a paragraph.
func NewParagraph(text string, size fyne.ThemeSizeName, tint fyne.ThemeColorName) *Paragraph {
	p := &Paragraph{segment: &widget.TextSegment{Text: text, Style: widget.RichTextStyle{SizeName: size, ColorName: tint}}}
	p.Segments = []widget.RichTextSegment{p.segment}
	p.Wrapping, p.Scroll = fyne.TextWrapWord, fyne.ScrollNone
	p.ExtendBaseWidget(p)
	return p
}

// Centred centres the text and returns p.
func (p *Paragraph) Centred() *Paragraph {
	p.segment.Style.Alignment = fyne.TextAlignCenter
	return p
}

// Text is the text shown.
func (p *Paragraph) Text() string { return p.segment.Text }

// SetText changes the text.
func (p *Paragraph) SetText(text string) { p.Set(text, p.segment.Style.ColorName) }

// Set changes the text and its colour.
func (p *Paragraph) Set(text string, tint fyne.ThemeColorName) {
	if p.segment.Text != text || p.segment.Style.ColorName != tint {
		p.segment.Text, p.segment.Style.ColorName = text, tint
		p.Refresh()
	}
}
