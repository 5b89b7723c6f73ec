package widgets

import (
	"image/color"

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
	Warn       bool // too few
}

// UseBars shows, a row for each concept, its name, a bar (train full, val in outline behind it) and both numbers.
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

// CreateRenderer implements fyne.Widget.
func (u *UseBars) CreateRenderer() fyne.WidgetRenderer {
	r := &useRenderer{u: u}
	r.build()
	return r
}

type useRow struct {
	name, train, val     *canvas.Text
	track, full, outline *canvas.Rectangle
}

type useRenderer struct {
	u                  *UseBars
	rows               []useRow
	headTrain, headVal *canvas.Text
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
	r.headTrain, r.headVal = text(fyne.TextAlignTrailing), text(fyne.TextAlignTrailing)
	for range r.u.bars {
		row := useRow{name: text(fyne.TextAlignLeading), train: text(fyne.TextAlignTrailing), val: text(fyne.TextAlignTrailing),
			track: canvas.NewRectangle(color.Transparent), full: canvas.NewRectangle(color.Transparent), outline: canvas.NewRectangle(color.Transparent)}
		r.objects = append(r.objects, row.track, row.outline, row.full)
		r.rows = append(r.rows, row)
	}
	r.apply()
}

func (r *useRenderer) apply() {
	muted, text := look.Color(look.ColorMuted), look.Color(theme.ColorNameForeground)
	r.headTrain.Text, r.headTrain.Color, r.headVal.Text, r.headVal.Color = "train", muted, "val", muted
	for i, b := range r.u.bars {
		row := &r.rows[i]
		ink := b.Color
		if ink == nil {
			ink = look.Color(look.ColorAccent)
		}
		row.name.Color, row.train.Color, row.val.Color = text, text, muted
		if b.Warn {
			row.train.Color = look.Color(theme.ColorNameWarning)
			row.train.TextStyle.Bold = true
		}
		row.train.Text, row.val.Text = words.Number(b.Train), words.Number(b.Val)
		row.track.FillColor, row.track.CornerRadius = look.Color(look.ColorFaint), 3
		row.full.FillColor, row.full.CornerRadius = ink, 3
		row.outline.FillColor, row.outline.CornerRadius = color.Transparent, 3
		row.outline.StrokeColor, row.outline.StrokeWidth = ink, 1.5
	}
}

func (r *useRenderer) MinSize() fyne.Size {
	return fyne.NewSize(220, 16+useRowHeight*float32(len(r.rows)))
}

func (r *useRenderer) Layout(s fyne.Size) {
	most := 1
	for _, b := range r.u.bars {
		most = max(most, b.Train+b.Val)
	}
	nameWidth := fyne.Min(120, s.Width*0.34)
	left := nameWidth + 8
	barWidth := fyne.Max(10, s.Width-left-2*useNumber-4)
	at := func(t *canvas.Text, x, y, w float32) {
		t.Move(fyne.NewPos(x, y))
		t.Resize(fyne.NewSize(w, t.MinSize().Height))
	}
	at(r.headTrain, s.Width-2*useNumber, 0, useNumber)
	at(r.headVal, s.Width-useNumber, 0, useNumber)
	for i, b := range r.u.bars {
		row := &r.rows[i]
		y := 16 + useRowHeight*float32(i)
		row.name.Text = look.Fit(b.Name, nameWidth, look.TextSmall, row.name.TextStyle)
		at(row.name, 0, y+4, nameWidth)
		at(row.train, s.Width-2*useNumber, y+4, useNumber)
		at(row.val, s.Width-useNumber, y+4, useNumber)
		bar := func(o *canvas.Rectangle, x, w float32) {
			o.Move(fyne.NewPos(x, y+8))
			o.Resize(fyne.NewSize(w, 8))
		}
		train, val := barWidth*float32(b.Train)/float32(most), barWidth*float32(b.Val)/float32(most)
		bar(row.track, left, barWidth)
		bar(row.full, left, fyne.Max(train, 2))
		row.full.Hidden = b.Train == 0
		bar(row.outline, left+train, fyne.Max(val, 3))
		row.outline.Hidden = b.Val == 0
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
