package widgets

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/plot"
)

// Sparkline is a curve the size of a word, without axes: its shape between two bounds, its last value as a dot.
type Sparkline struct {
	widget.BaseWidget
	values    []float64
	low, high float64
	kind      plot.Style
	raster    *canvas.Raster
}

// NewSparkline makes a sparkline that has the look of a series.
func NewSparkline(series plot.Series) *Sparkline {
	s := &Sparkline{kind: series.Style()}
	s.kind.Dash = nil
	s.raster = canvas.NewRaster(func(w, h int) image.Image {
		if width := s.Size().Width; width > 0 {
			if img := plot.RenderSparkline(s.values, s.low, s.high, s.kind, w, h, float64(w)/float64(width), chartTheme()); img != nil {
				return img
			}
		}
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	})
	s.ExtendBaseWidget(s)
	return s
}

// Set shows values between low and high; the same bounds on both make the curves of a table comparable.
func (s *Sparkline) Set(values []float64, low, high float64) {
	s.values, s.low, s.high = values, low, high
	s.Refresh()
}

// MinSize implements fyne.Widget.
func (s *Sparkline) MinSize() fyne.Size { return fyne.NewSize(56, 18) }

// Refresh implements fyne.Widget.
func (s *Sparkline) Refresh() { s.raster.Refresh() }

// CreateRenderer implements fyne.Widget.
func (s *Sparkline) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.raster) }
