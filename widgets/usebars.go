package widgets

import (
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// UseBar is how much there is of one concept in each split.
type UseBar struct {
	Name       string
	Color      color.Color // nil: the accent
	Train, Val int
	Test       int
	Warn       bool // too few
}

// UseBars shows, a row for each concept, its name, a bar (train full, val in outline behind it, test in grey behind that) and the numbers;
// those of test where there are any.
type UseBars struct {
	widget.BaseWidget
	bars []UseBar
}

// NewUseBars makes the rows.
func NewUseBars() *UseBars {
	u := &UseBars{}
	u.ExtendBaseWidget(u)
	return u
}

// Set shows other rows.
func (u *UseBars) Set(bars []UseBar) {
	u.bars = append([]UseBar(nil), bars...)
	u.Refresh()
}

// tested reports whether anything is in test.
func (u *UseBars) tested() bool {
	return slices.ContainsFunc(u.bars, func(b UseBar) bool { return b.Test > 0 })
}

// CreateRenderer implements fyne.Widget.
func (u *UseBars) CreateRenderer() fyne.WidgetRenderer {
	r := &useRenderer{u: u}
	r.build()
	return r
}

type useRow struct {
	name, train, val, test     *canvas.Text
	track, full, outline, last *canvas.Rectangle
}

type useRenderer struct {
	u                  *UseBars
	rows               []useRow
	headTrain, headVal *canvas.Text
	headTest           *canvas.Text
	objects            []fyne.CanvasObject
}

const (
	useRowHeight = 24
	useNumber    = 46
)

func (r *useRenderer) build() {
	r.rows, r.objects = nil, nil
	text := func(align fyne.TextAlign) *canvas.Text {
		t := canvas.NewText("", nil)
		t.TextSize, t.Alignment = look.TextSmall, align
		r.objects = append(r.objects, t)
		return t
	}
	r.headTrain, r.headVal, r.headTest = text(fyne.TextAlignTrailing), text(fyne.TextAlignTrailing), text(fyne.TextAlignTrailing)
	for range r.u.bars {
		row := useRow{name: text(fyne.TextAlignLeading), train: text(fyne.TextAlignTrailing), val: text(fyne.TextAlignTrailing), test: text(fyne.TextAlignTrailing),
			track: canvas.NewRectangle(color.Transparent), full: canvas.NewRectangle(color.Transparent), outline: canvas.NewRectangle(color.Transparent), last: canvas.NewRectangle(color.Transparent)}
		r.objects = append(r.objects, row.track, row.last, row.outline, row.full)
		r.rows = append(r.rows, row)
	}
	r.apply()
}

func (r *useRenderer) apply() {
	muted, text := look.Color(look.ColorMuted), look.Color(theme.ColorNameForeground)
	r.headTrain.Text, r.headTrain.Color, r.headVal.Text, r.headVal.Color = "train", muted, "val", muted
	r.headTest.Text, r.headTest.Color, r.headTest.Hidden = "test", muted, !r.u.tested()
	for i, b := range r.u.bars {
		row := &r.rows[i]
		ink := b.Color
		if ink == nil {
			ink = look.Color(look.ColorAccent)
		}
		row.name.Color, row.train.Color, row.val.Color, row.test.Color = text, text, muted, muted
		if b.Warn {
			row.train.Color = look.Color(theme.ColorNameWarning)
			row.train.TextStyle.Bold = true
		}
		row.train.Text, row.val.Text, row.test.Text = words.Number(b.Train), words.Number(b.Val), words.Number(b.Test)
		row.test.Hidden = r.headTest.Hidden
		row.track.FillColor, row.track.CornerRadius = look.Color(look.ColorFaint), 3
		row.full.FillColor, row.full.CornerRadius = ink, 3
		row.outline.FillColor, row.outline.CornerRadius = color.Transparent, 3
		row.outline.StrokeColor, row.outline.StrokeWidth = ink, 1.5
		row.last.FillColor, row.last.CornerRadius = color.Transparent, 3
		row.last.StrokeColor, row.last.StrokeWidth = muted, 1
	}
}

func (r *useRenderer) MinSize() fyne.Size {
	return fyne.NewSize(220, 16+useRowHeight*float32(len(r.rows)))
}

func (r *useRenderer) Layout(s fyne.Size) {
	most := 1
	for _, b := range r.u.bars {
		most = max(most, b.Train+b.Val+b.Test)
	}
	nameWidth := fyne.Min(120, s.Width*0.34)
	left := nameWidth + 8
	columns := float32(2)
	if r.u.tested() {
		columns = 3
	}
	barWidth := fyne.Max(10, s.Width-left-columns*useNumber-4)
	at := func(t *canvas.Text, x, y, w float32) {
		t.Move(fyne.NewPos(x, y))
		t.Resize(fyne.NewSize(w, t.MinSize().Height))
	}
	at(r.headTrain, s.Width-columns*useNumber, 0, useNumber)
	at(r.headVal, s.Width-(columns-1)*useNumber, 0, useNumber)
	at(r.headTest, s.Width-useNumber, 0, useNumber)
	for i, b := range r.u.bars {
		row := &r.rows[i]
		y := 16 + useRowHeight*float32(i)
		row.name.Text = look.Fit(b.Name, nameWidth, look.TextSmall, row.name.TextStyle)
		at(row.name, 0, y+4, nameWidth)
		at(row.train, s.Width-columns*useNumber, y+4, useNumber)
		at(row.val, s.Width-(columns-1)*useNumber, y+4, useNumber)
		at(row.test, s.Width-useNumber, y+4, useNumber)
		bar := func(o *canvas.Rectangle, x, w float32) {
			o.Move(fyne.NewPos(x, y+8))
			o.Resize(fyne.NewSize(w, 8))
		}
		part := func(n int) float32 { return barWidth * float32(n) / float32(most) }
		train, val, test := part(b.Train), part(b.Val), part(b.Test)
		bar(row.track, left, barWidth)
		bar(row.full, left, fyne.Max(train, 2))
		row.full.Hidden = b.Train == 0
		bar(row.outline, left+train, fyne.Max(val, 3))
		row.outline.Hidden = b.Val == 0
		bar(row.last, left+train+val, fyne.Max(test, 3))
		row.last.Hidden = b.Test == 0
	}
}

func (r *useRenderer) Refresh() {
	if len(r.rows) != len(r.u.bars) {
		r.build()
	}
	r.apply()
	r.Layout(r.u.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *useRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *useRenderer) Destroy()                     {}
