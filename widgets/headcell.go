package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// HeadCell is the title of a table's column; a click sorts by it.
type HeadCell struct {
	widget.BaseWidget
	onTapped func()
	title    string
	text     *look.Styled
}

// NewHeadCell makes a title; right sets it above a column of numbers.
func NewHeadCell(title string, right bool, tapped func()) *HeadCell {
	h := &HeadCell{onTapped: tapped, title: title, text: look.Section(title)}
	if right {
		h.text.Align(fyne.TextAlignTrailing)
	}
	h.ExtendBaseWidget(h)
	return h
}

// SetOrder reports whether the table is sorted by this column, and which way.
func (h *HeadCell) SetOrder(sorted, down bool) {
	text, tint := h.title, look.ColorMuted
	if sorted {
		text, tint = h.title+" ↑", theme.ColorNameForeground
		if down {
			text = h.title + " ↓"
		}
	}
	h.text.SetText(text)
	h.text.SetColor(tint)
}

// Tapped implements fyne.Tappable.
func (h *HeadCell) Tapped(*fyne.PointEvent) {
	if h.onTapped != nil {
		h.onTapped()
	}
}

// Cursor implements desktop.Cursorable.
func (h *HeadCell) Cursor() desktop.Cursor {
	if h.title == "" {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MinSize implements fyne.Widget.
func (h *HeadCell) MinSize() fyne.Size { return fyne.NewSize(20, 24) }

// CreateRenderer implements fyne.Widget.
func (h *HeadCell) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(h.text) }
