package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// LineChart shows a [plot.Chart] and lets a person read it: a legend whose entries switch their curve, a crosshair that follows
// the pointer and reads every curve, zoom by dragging (double click shows all again), images and numbers to save.
//
// It is drawn off the window's thread, at the screen's own pixels, and again whenever data, size, scale or theme change; while a drawing is
// under way the last one is shown. All methods belong to the window's thread.
type LineChart struct {
	widget.BaseWidget

	OnZoom  func(x plot.Span)        // a person zoomed; the zero Span is "all"
	OnHover func(x float64, on bool) // the crosshair moved to x, or went away

	data      plot.Chart // as given
	hidden    map[string]bool
	zoomX     plot.Span
	zoomY     plot.Span
	smoothing float64
	logY      bool

	title *look.Styled
	keys  *fyne.Container
	menu  *widget.Button
	tools *fyne.Container
	area  *chartArea
}

// NewLineChart makes a chart whose curves have at least a height.
func NewLineChart(height float32) *LineChart {
	c := &LineChart{hidden: map[string]bool{}, title: look.Strong("")}
	c.area = newChartArea(c, height)
	c.keys = NewFlow(10)
	c.menu = widget.NewButtonWithIcon("", theme.MoreHorizontalIcon(), c.openMenu)
	c.menu.Importance = widget.LowImportance
	c.tools = container.NewHBox(c.menu)
	c.ExtendBaseWidget(c)
	return c
}

// AddTool puts a control at the right of the chart's head.
func (c *LineChart) AddTool(o fyne.CanvasObject) {
	c.tools.Objects = append([]fyne.CanvasObject{o}, c.tools.Objects...)
	c.tools.Refresh()
}

// SetChart shows other data, or more of it. What a person chose (curves switched off, zoom, smoothing, scale) stays.
func (c *LineChart) SetChart(n plot.Chart) {
	c.data = n
	c.apply()
}

// Chart returns what is shown, with what a person chose.
func (c *LineChart) Chart() plot.Chart {
	n := c.data
	n.Curves = slices.Clone(n.Curves)
	for i := range n.Curves {
		n.Curves[i].Hidden = c.hidden[n.Curves[i].Name]
	}
	n.Smoothing, n.LogY = c.smoothing, c.logY
	if !c.zoomX.IsZero() {
		n.X = c.zoomX
	}
	if !c.zoomY.IsZero() {
		n.Y = c.zoomY
	}
	return n
}

func (c *LineChart) apply() {
	c.title.SetText(c.data.Title)
	c.updateLegend()
	c.area.changed()
}

// SetHidden switches a curve off or on.
func (c *LineChart) SetHidden(curve string, hidden bool) {
	if c.hidden[curve] != hidden {
		c.hidden[curve] = hidden
		c.apply()
	}
}

// SetSmoothing sets how much curves with Smooth are smoothed, 0 to 1.
func (c *LineChart) SetSmoothing(weight float64) {
	if c.smoothing != weight {
		c.smoothing = weight
		c.area.changed()
	}
}

// SetLog chooses a logarithmic (or linear) y axis.
func (c *LineChart) SetLog(on bool) {
	if c.logY != on {
		c.logY, c.zoomY = on, plot.Span{}
		c.area.changed()
	}
}

// SetZoom shows a range of x; the zero Span shows all.
func (c *LineChart) SetZoom(x plot.Span) {
	if c.zoomX != x || !c.zoomY.IsZero() {
		c.zoomX, c.zoomY = x, plot.Span{}
		c.area.changed()
	}
}

// zoom is what the pointer does: as SetZoom, with y too, and told to others.
func (c *LineChart) zoom(x, y plot.Span) {
	changed := c.zoomX != x || c.zoomY != y
	c.zoomX, c.zoomY = x, y
	c.area.changed()
	if changed && c.OnZoom != nil {
		c.OnZoom(x)
	}
}

// SetHover moves the crosshair to a value of x, as another chart's pointer does; on false takes it away.
func (c *LineChart) SetHover(x float64, on bool) { c.area.setHover(x, on, false) }

func (c *LineChart) updateLegend() {
	curves := c.data.Curves
	if len(curves) == 1 && curves[0].Name == c.data.Title {
		curves = nil // the title says it
	}
	same := len(c.keys.Objects) == len(curves)
	for i := 0; same && i < len(curves); i++ {
		same = c.keys.Objects[i].(*legendEntry).name == curves[i].Name
	}
	if !same {
		c.keys.Objects = nil
		for i := range curves {
			name, k := curves[i].Name, curves[i].Style
			if k.Marker == plot.NoMarker && k.Dash == nil && k.Ink == 0 && k.Width == 0 {
				k = plot.StyleAt(i)
			}
			c.keys.Objects = append(c.keys.Objects, newLegendEntry(name, k, func(off bool) { c.SetHidden(name, off) }))
		}
		c.keys.Refresh()
	}
	for _, o := range c.keys.Objects {
		e := o.(*legendEntry)
		e.setOff(c.hidden[e.name])
	}
}

// Refresh implements fyne.Widget; Fyne calls it when the theme changes.
func (c *LineChart) Refresh() {
	c.area.changed()
	c.BaseWidget.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *LineChart) CreateRenderer() fyne.WidgetRenderer {
	head := container.NewBorder(nil, nil, container.NewVBox(look.PadXY(8, 7, c.title)), container.NewVBox(c.tools), look.PadXY(4, 5, c.keys))
	return widget.NewSimpleRenderer(container.NewBorder(head, nil, nil, nil, c.area))
}

// chartTheme returns the charts' colours on a panel of the current theme.
func chartTheme() plot.Theme {
	t := plot.Light()
	if look.IsDark() {
		t = plot.Dark()
	}
	t.Background = look.Color(look.ColorPanel)
	t.Text = look.Color(theme.ColorNameForeground)
	t.Muted = look.Color(look.ColorMuted)
	t.Grid = look.Color(look.ColorFaint)
	return t
}
