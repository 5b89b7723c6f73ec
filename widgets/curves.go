package widgets

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// Curves shows a training: losses, accuracies and, small, the learning rate, one above another with one scale of iterations. Their
// crosshairs and zooms go together.
type Curves struct {
	widget.BaseWidget
	losses, accuracies, rate *LineChart
	smooth                   *widget.Slider
	amount                   *look.Styled
	log                      *widget.Check
	all                      *Link // ends zooming; shown while zoomed
}

// NewCurves makes the three charts, empty.
func NewCurves() *Curves {
	c := &Curves{losses: NewLineChart(120), accuracies: NewLineChart(90), rate: NewLineChart(64)}
	charts := []*LineChart{c.losses, c.accuracies, c.rate}
	c.all = NewLink("Show all", c.ShowAll)
	c.all.Hide()
	for _, one := range charts {
		one.OnZoom = func(x plot.Span) {
			c.zoomed(charts)
			for _, other := range charts {
				if other != one {
					other.SetZoom(x)
				}
			}
		}
		one.OnHover = func(x float64, on bool) {
			for _, other := range charts {
				if other != one {
					other.SetHover(x, on)
				}
			}
		}
	}
	c.smooth = widget.NewSlider(0, 0.99)
	c.smooth.Step = 0.01
	c.amount = look.Small("")
	c.smooth.OnChanged = func(v float64) {
		c.losses.SetSmoothing(v)
		c.amount.SetText(fmt.Sprintf("%.2f", v))
	}
	c.smooth.SetValue(plot.DefaultSmoothing)
	c.log = widget.NewCheck("Log", c.losses.SetLog)
	c.losses.AddTool(look.Row(4, c.all, look.Small("Smoothing"), container.NewGridWrap(fyne.NewSize(90, 30), c.smooth), look.Width(26, c.amount), c.log))
	c.SetHistory(plot.NewHistory(), "", nil, nil)
	c.ExtendBaseWidget(c)
	return c
}

// SetHistory shows what a training has told so far. measure names the accuracy where it is another figure ("mAP@0.5"); marks and bands
// are drawn over losses and accuracies.
func (c *Curves) SetHistory(h *plot.History, measure string, marks []plot.Mark, bands []plot.Band) {
	losses, accuracies, rate := h.Charts(measure)
	losses.Marks, losses.Bands, accuracies.Bands = marks, bands, bands
	for _, m := range marks {
		m.Label = "" // shown once, above
		accuracies.Marks = append(accuracies.Marks, m)
	}
	c.losses.SetChart(losses)
	c.accuracies.SetChart(accuracies)
	c.rate.SetChart(rate)
}

// ShowAll ends zooming.
func (c *Curves) ShowAll() {
	charts := []*LineChart{c.losses, c.accuracies, c.rate}
	for _, one := range charts {
		one.SetZoom(plot.Span{})
	}
	c.zoomed(charts)
}

// zoomed shows the way back where something is zoomed.
func (c *Curves) zoomed(charts []*LineChart) {
	hidden := true
	for _, one := range charts {
		hidden = hidden && one.zoomX.IsZero() && one.zoomY.IsZero()
	}
	if c.all.Hidden != hidden {
		c.all.Hidden = hidden
		c.losses.tools.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (c *Curves) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(&sharesLayout{shares: []float32{5, 3.4, 1.6}, gap: 4}, c.losses, c.accuracies, c.rate))
}

// sharesLayout lays objects one above another and gives out what is left over their least height in shares.
type sharesLayout struct {
	shares []float32
	gap    float32
}

func (l *sharesLayout) MinSize(objects []fyne.CanvasObject) (m fyne.Size) {
	for i, o := range objects {
		s := o.MinSize()
		m.Width = fyne.Max(m.Width, s.Width)
		m.Height += s.Height
		if i > 0 {
			m.Height += l.gap
		}
	}
	return m
}

func (l *sharesLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	free, all := size.Height-l.MinSize(objects).Height, float32(0)
	for i := range objects {
		all += l.shares[i]
	}
	y := float32(0)
	for i, o := range objects {
		h := o.MinSize().Height
		if free > 0 {
			h += free * l.shares[i] / all
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + l.gap
	}
}
