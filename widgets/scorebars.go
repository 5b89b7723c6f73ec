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

// ScoreBar is a score from 0 to 1 with its name.
type ScoreBar struct {
	Name  string
	Color color.NRGBA
	Score float64
	Text  string // at the end of the row; "" = the score in percent
	Quiet bool   // below the threshold
}

// ScoreBars shows, a row for each score, its name and number above a bar.
type ScoreBars struct {
	widget.BaseWidget
	bars []ScoreBar
}

// NewScoreBars makes the rows.
func NewScoreBars() *ScoreBars {
	s := &ScoreBars{}
	s.ExtendBaseWidget(s)
	return s
}

// Set shows other rows.
func (s *ScoreBars) Set(bars []ScoreBar) {
	s.bars = append([]ScoreBar(nil), bars...)
	s.Refresh()
}

// Bars is what is shown.
func (s *ScoreBars) Bars() []ScoreBar { return s.bars }

// CreateRenderer implements fyne.Widget.
func (s *ScoreBars) CreateRenderer() fyne.WidgetRenderer {
	r := &scoreRenderer{s: s}
	r.build()
	return r
}

type scoreRow struct {
	name, text  *canvas.Text
	track, full *canvas.Rectangle
}

type scoreRenderer struct {
	s       *ScoreBars
	rows    []scoreRow
	objects []fyne.CanvasObject
}

const (
	scoreRowHeight = 34
	scoreNumber    = 60
)

func (r *scoreRenderer) build() {
	r.rows, r.objects = nil, nil
	for range r.s.bars {
		row := scoreRow{name: canvas.NewText("", nil), text: canvas.NewText("", nil), track: canvas.NewRectangle(nil), full: canvas.NewRectangle(nil)}
		row.name.TextSize, row.text.TextSize, row.text.Alignment = look.Text, look.Text, fyne.TextAlignTrailing
		r.rows = append(r.rows, row)
		r.objects = append(r.objects, row.track, row.full, row.name, row.text)
	}
	r.apply()
}

func (r *scoreRenderer) apply() {
	for i, b := range r.s.bars {
		row := &r.rows[i]
		ink := look.Color(theme.ColorNameForeground)
		row.full.FillColor = b.Color
		if b.Quiet {
			ink, row.full.FillColor = look.Color(look.ColorMuted), look.WithAlpha(b.Color, 0x70)
		}
		row.name.Color, row.text.Color = ink, ink
		row.text.TextStyle.Bold = !b.Quiet
		if row.text.Text = b.Text; b.Text == "" {
			row.text.Text = words.Percent(b.Score)
		}
		row.track.FillColor = look.Color(look.ColorFaint)
		row.track.CornerRadius, row.full.CornerRadius = 3, 3
	}
}

func (r *scoreRenderer) MinSize() fyne.Size {
	return fyne.NewSize(160, scoreRowHeight*float32(len(r.rows)))
}

func (r *scoreRenderer) Layout(s fyne.Size) {
	for i, b := range r.s.bars {
		row := &r.rows[i]
		y := scoreRowHeight * float32(i)
		row.name.Text = look.Fit(b.Name, s.Width-scoreNumber-4, look.Text, row.name.TextStyle)
		row.name.Move(fyne.NewPos(0, y+2))
		row.name.Resize(fyne.NewSize(s.Width-scoreNumber-4, 18))
		row.text.Move(fyne.NewPos(s.Width-scoreNumber, y+2))
		row.text.Resize(fyne.NewSize(scoreNumber, 18))
		row.track.Move(fyne.NewPos(0, y+21))
		row.track.Resize(fyne.NewSize(s.Width, 6))
		width := s.Width * float32(max(0, min(1, b.Score)))
		row.full.Move(fyne.NewPos(0, y+21))
		row.full.Resize(fyne.NewSize(width, 6))
		row.full.Hidden = width < 1
	}
}

func (r *scoreRenderer) Refresh() {
	if len(r.rows) != len(r.s.bars) {
		r.build()
	}
	r.apply()
	r.Layout(r.s.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *scoreRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *scoreRenderer) Destroy()                     {}
