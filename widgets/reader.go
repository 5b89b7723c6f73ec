package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// Reader shows a text of any length to be read, in letters of one width: only the lines in sight exist. Arrows, Page Up, Page Down, Home and End scroll it,
// Escape closes the dialog that it is in.
type Reader struct {
	widget.BaseWidget
	lines []string
	list  *widget.List
	rim   *canvas.Rectangle // shows the focus
}

// readerColumns is where lines are broken.
const readerColumns = 96

// NewReader makes a reader of a text.
func NewReader(text string) *Reader {
	r := &Reader{lines: breakLines(text, readerColumns), rim: canvas.NewRectangle(nil)}
	r.rim.StrokeWidth, r.rim.CornerRadius = 1, look.Radius
	r.list = widget.NewList(func() int { return len(r.lines) }, newReaderLine, func(i widget.ListItemID, o fyne.CanvasObject) {
		line := o.(*canvas.Text)
		line.Text, line.Color = r.lines[i], look.Color(theme.ColorNameForeground)
		line.Refresh()
	})
	r.list.HideSeparators = true
	r.list.OnSelected = func(widget.ListItemID) { // a click is for the keys that follow
		r.list.UnselectAll()
		if c := canvasOf(r); c != nil {
			c.Focus(r)
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

func newReaderLine() fyne.CanvasObject {
	line := canvas.NewText("", nil)
	line.TextSize, line.TextStyle.Monospace = look.TextSmall, true
	return line
}

// Lines is how many lines the text has as it is shown.
func (r *Reader) Lines() int { return len(r.lines) }

// breakLines splits a text into lines of at most so many characters, between words where that goes; what follows a break is set in as the line itself is.
func breakLines(text string, columns int) []string {
	var lines []string
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		rest := []rune(strings.ReplaceAll(line, "\t", "    "))
		indent := 0
		for indent < len(rest) && rest[indent] == ' ' {
			indent++
		}
		if indent > columns/2 {
			indent = 0
		}
		for len(rest) > columns {
			end := columns // what fits, or up to the last space before
			for i := columns; i > indent; i-- {
				if rest[i] == ' ' {
					end = i
					break
				}
			}
			lines = append(lines, strings.TrimRight(string(rest[:end]), " "))
			next := rest[end:]
			for len(next) > 0 && next[0] == ' ' {
				next = next[1:]
			}
			rest = append([]rune(strings.Repeat(" ", indent)), next...)
			if len(next) == 0 {
				rest = nil
			}
		}
		if rest != nil {
			lines = append(lines, string(rest))
		}
	}
	return lines
}

// scroll moves the text by so many lines.
func (r *Reader) scroll(lines float32) {
	step := newReaderLine().MinSize().Height + theme.Padding()
	end := fyne.Max(0, float32(len(r.lines))*step-theme.Padding()-r.list.Size().Height)
	r.list.ScrollToOffset(fyne.Max(0, fyne.Min(end, r.list.GetScrollOffset()+lines*step)))
}

// page is how many lines are in sight, less one to go on from.
func (r *Reader) page() float32 {
	return fyne.Max(1, float32(int(r.list.Size().Height/(newReaderLine().MinSize().Height+theme.Padding())))-1)
}

// TypedKey implements fyne.Focusable.
func (r *Reader) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyUp:
		r.scroll(-1)
	case fyne.KeyDown:
		r.scroll(1)
	case fyne.KeyPageUp:
		r.scroll(-r.page())
	case fyne.KeyPageDown, fyne.KeySpace:
		r.scroll(r.page())
	case fyne.KeyHome:
		r.list.ScrollToTop()
	case fyne.KeyEnd:
		r.list.ScrollToBottom()
	default:
		escaped(r, e)
	}
}

// TypedRune implements fyne.Focusable.
func (r *Reader) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (r *Reader) FocusGained() { r.outline(look.Color(theme.ColorNamePrimary)) }

// FocusLost implements fyne.Focusable.
func (r *Reader) FocusLost() { r.outline(nil) }

// CreateRenderer implements fyne.Widget.
func (r *Reader) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(look.NewBox(look.ColorPanel, look.ColorFaint, look.Radius), look.Pad(6, r.list), r.rim))
}

// outline shows with a colour that the keys are the text's; nil for none.
func (r *Reader) outline(c color.Color) {
	r.rim.StrokeColor = c
	r.rim.Refresh()
}
