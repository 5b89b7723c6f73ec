// Package plot draws line charts with go-chart: the curves of a training, as the window shows them and as the commands write them.
//
// It knows nothing of windows. A [Chart] says what is to be seen, [Render] draws it at device pixels into an image (safe to call
// from any goroutine), [WritePNG] and [WriteSVG] write it to a file, [WriteCSV] writes the numbers behind it. go-chart supplies the
// chart, its renderers and its embedded font; this package supplies the axes, the thinning and the clipping, because go-chart's
// own axes have margins in fixed pixels, its coordinates are whole pixels and its lines leave the canvas when one zooms.
//
// Everything a colour shows is shown by a dash or a marker too. Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/).
package plot

import "image/color"

// Curve is one line of a chart. X and Y have one length, X never falls. A Y that is NaN or infinite is a gap in the line, never a point.
type Curve struct {
	Name   string    // as the legend says it, e.g. "Total loss (val set)"
	X, Y   []float64 // X in the chart's units (iterations); read while the chart is drawn, so only ever append to them
	Style  Style     // zero value: chosen by its place (see StyleAt)
	Hidden bool      // switched off in the legend: neither drawn nor counted for the axes
	Smooth bool      // draw it light, with its running mean (Chart.Smoothing) on top
}

// Style is how a curve is told from the others, with and without colour.
type Style struct {
	Ink    Ink       // which colour of the theme
	Dash   []float64 // lengths of strokes and gaps in dp; nil is a solid line
	Marker Marker    // drawn at every point, unless they stand too close
	Width  float64   // of the line in dp; 0 is 1.75
}

// Marker is the shape drawn at each point of a curve.
type Marker int

// The markers, all about 7 dp wide.
const (
	NoMarker Marker = iota
	Circle
	Square
	Triangle
	Diamond
)

// Band shades the chart between two values of x, e.g. where a network overfits.
type Band struct {
	From, To float64
	Label    string // drawn at its top, where it fits
}

// Mark is a vertical line at one value of x, e.g. the best iteration.
type Mark struct {
	X     float64
	Label string
}

// Bar is a filled rectangle under the curves, as in a histogram.
type Bar struct {
	From, To  float64 // on the x axis
	Low, High float64 // on the y axis
	Ink       Ink
	Faint     bool // mixed with the background, and outlined: what should be rather than what is
}

// Dot is a point of its own over the curves: where one stands on them now.
type Dot struct {
	X, Y   float64
	Ink    Ink
	Marker Marker
	Of     string // the curve it stands on; it goes with it when that is switched off
}

// Span is a closed range of values; the zero Span means "find it from the data".
type Span struct{ Min, Max float64 }

// IsZero reports whether the range is to be found from the data.
func (s Span) IsZero() bool { return s == Span{} }

// Format turns a value into words; step is the distance between two labels of the axis (0: as exact as a person wants it).
type Format func(value, step float64) string

// Chart is what is to be seen.
type Chart struct {
	Title     string  // small, at the top left; "" leaves no room for it
	XName     string  // "" is "Iteration", "-" leaves the labels of the x axis out
	Curves    []Curve // drawn in this order
	Bands     []Band
	Marks     []Mark
	Bars      []Bar
	Dots      []Dot
	X, Y      Span    // what is shown; zero: everything, rounded to readable numbers
	YBounds   Span    // values that the y axis may not leave when found from the data, e.g. 0..1 for fractions
	LogY      bool    // logarithmic y axis; values of 0 and less are gaps
	Smoothing float64 // 0 (none) to 1 (exclusive) for curves with Smooth; see Smooth
	YFormat   Format  // nil is Number
	XFormat   Format  // nil: x counts something, and is labelled in whole numbers
	Legend    bool    // draw the legend into the image (the window has its own, with switches)
	Empty     string  // what is written when there is nothing to draw; "" is "No values yet"
}

// Theme holds the colours of a chart.
type Theme struct {
	Background, Text, Muted, Axis, Grid, Band color.NRGBA
	Palette                                   [8]color.NRGBA // by Ink
}

// Ink names a colour of the palette.
type Ink int

// The inks. Their values differ a little between light and dark, so that each stands out from the background.
const (
	Blue Ink = iota
	Vermillion
	Green
	Purple
	Orange
	Sky
	Yellow
	Black // the text's colour
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// Light is the theme for light windows and for paper.
func Light() Theme {
	return Theme{
		Background: rgb(0xFFFFFF), Text: rgb(0x23282F), Muted: rgb(0x5C6670), Axis: rgb(0xA9B1BA), Grid: rgb(0xE6E9ED), Band: rgb(0xFBEBDD),
		Palette: [8]color.NRGBA{rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73), rgb(0xB8629A), rgb(0xE69F00), rgb(0x3A9BD5), rgb(0xC9B800), rgb(0x23282F)},
	}
}

// Dark is the theme for dark windows.
func Dark() Theme {
	return Theme{
		Background: rgb(0x1B1E22), Text: rgb(0xE8EAED), Muted: rgb(0x9AA4AF), Axis: rgb(0x59626C), Grid: rgb(0x2D3238), Band: rgb(0x3A2A1C),
		Palette: [8]color.NRGBA{rgb(0x56B4E9), rgb(0xF0803C), rgb(0x1FBF8F), rgb(0xD893BC), rgb(0xE69F00), rgb(0x8CCBF0), rgb(0xF0E442), rgb(0xE8EAED)},
	}
}

// mix returns a and b mixed, t (0..1) of b.
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x)*(1-t) + float64(y)*t + 0.5) }
	return color.NRGBA{R: f(a.R, b.R), G: f(a.G, b.G), B: f(a.B, b.B), A: 255}
}
