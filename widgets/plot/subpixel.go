package plot

import (
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"github.com/golang/freetype/raster"
	"github.com/golang/freetype/truetype"
	chart "github.com/wcharczuk/go-chart/v2"
	"github.com/wcharczuk/go-chart/v2/drawing"
)

// unit is how many coordinates there are to a pixel. go-chart's renderers take whole numbers; with one to a pixel, curves wobble and thin
// lines blur. So all is drawn in eighths of a pixel: as SVG with a view box eight times as large, as PNG by subpixel.
const unit = 8

// subpixel is go-chart's raster renderer with coordinates, widths and text sizes in units of 1/8 pixel.
type subpixel struct {
	img   *image.RGBA
	gc    *drawing.RasterGraphicContext
	style chart.Style
	// go-chart may turn text; the charts here never do, but the interface has it.
	turned *float64
}

var _ chart.Renderer = (*subpixel)(nil)

// subpixels is a chart.RendererProvider; width and height are in units.
func subpixels(width, height int) (chart.Renderer, error) {
	img := image.NewRGBA(image.Rect(0, 0, width/unit, height/unit))
	return &subpixel{img: img, gc: drawing.NewRasterGraphicContextWithPainter(img, &painter{img: img, slow: raster.NewRGBAPainter(img)})}, nil
}

// painter paints spans into an opaque image: whole pixels of an opaque colour at once, the others as freetype does.
type painter struct {
	img   *image.RGBA
	slow  *raster.RGBAPainter
	pixel [4]uint8
	solid bool
}

// SetColor implements drawing.Painter.
func (p *painter) SetColor(c color.Color) {
	p.slow.SetColor(c)
	r, g, b, a := c.RGBA()
	p.pixel, p.solid = [4]uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), uint8(a >> 8)}, a == 0xffff
}

// Paint implements raster.Painter.
func (p *painter) Paint(spans []raster.Span, done bool) {
	b := p.img.Bounds()
	for i := range spans {
		s := spans[i]
		if !p.solid || s.Alpha != 0xffff || s.X1-s.X0 < 4 {
			p.slow.Paint(spans[i:i+1], false)
			continue
		}
		x0, x1 := max(s.X0, 0), min(s.X1, b.Dx())
		if s.Y < 0 || s.Y >= b.Dy() || x0 >= x1 {
			continue
		}
		row := p.img.Pix[s.Y*p.img.Stride+4*x0 : s.Y*p.img.Stride+4*x1]
		copy(row, p.pixel[:])
		for n := 4; n < len(row); n *= 2 {
			copy(row[n:], row[:n])
		}
	}
}

func px(v int) float64 { return float64(v) / unit }

func (s *subpixel) ResetStyle() {
	s.style = chart.Style{Font: s.style.Font}
	s.ClearTextRotation()
}
func (s *subpixel) GetDPI() float64                   { return s.gc.GetDPI() * unit }
func (s *subpixel) SetDPI(dpi float64)                { s.gc.SetDPI(dpi / unit) }
func (s *subpixel) SetClassName(string)               {}
func (s *subpixel) SetStrokeColor(c drawing.Color)    { s.style.StrokeColor = c }
func (s *subpixel) SetFillColor(c drawing.Color)      { s.style.FillColor = c }
func (s *subpixel) SetStrokeWidth(width float64)      { s.style.StrokeWidth = width }
func (s *subpixel) SetStrokeDashArray(dash []float64) { s.style.StrokeDashArray = dash }
func (s *subpixel) MoveTo(x, y int)                   { s.gc.MoveTo(px(x), px(y)) }
func (s *subpixel) LineTo(x, y int)                   { s.gc.LineTo(px(x), px(y)) }
func (s *subpixel) QuadCurveTo(cx, cy, x, y int)      { s.gc.QuadCurveTo(px(cx), px(cy), px(x), px(y)) }
func (s *subpixel) ArcTo(cx, cy int, rx, ry, start, delta float64) {
	s.gc.ArcTo(px(cx), px(cy), rx/unit, ry/unit, start, delta)
}
func (s *subpixel) Close() { s.gc.Close() }

func (s *subpixel) stroke() {
	s.gc.SetStrokeColor(s.style.StrokeColor)
	s.gc.SetLineWidth(s.style.StrokeWidth / unit)
	dash := make([]float64, len(s.style.StrokeDashArray))
	for i, d := range s.style.StrokeDashArray {
		dash[i] = d / unit
	}
	s.gc.SetLineDash(dash, 0)
}

func (s *subpixel) Stroke() {
	s.stroke()
	s.gc.Stroke()
}

func (s *subpixel) Fill() {
	s.gc.SetFillColor(s.style.FillColor)
	s.gc.Fill()
}

func (s *subpixel) FillStroke() {
	s.stroke()
	s.gc.SetFillColor(s.style.FillColor)
	s.gc.FillStroke()
}

// Circle adds a circle to the path. go-chart's own is four parabolas, which looks square.
func (s *subpixel) Circle(radius float64, x, y int) {
	s.gc.MoveTo(px(x)+radius/unit, px(y))
	s.gc.ArcTo(px(x), px(y), radius/unit, radius/unit, 0, 2*math.Pi)
	s.gc.Close()
}

func (s *subpixel) SetFont(f *truetype.Font)       { s.style.Font = f }
func (s *subpixel) SetFontSize(size float64)       { s.style.FontSize = size }
func (s *subpixel) SetFontColor(c drawing.Color)   { s.style.FontColor = c }
func (s *subpixel) SetTextRotation(radian float64) { s.turned = &radian }
func (s *subpixel) ClearTextRotation() {
	s.gc.SetMatrixTransform(drawing.NewIdentityMatrix())
	s.turned = nil
}

func (s *subpixel) text() {
	s.gc.SetFont(s.style.Font)
	s.gc.SetFontSize(s.style.FontSize)
	s.gc.SetFillColor(s.style.FontColor)
}

func (s *subpixel) Text(body string, x, y int) {
	s.text()
	fx, fy := px(x), px(y)
	if s.turned != nil {
		s.gc.Translate(fx, fy)
		s.gc.Rotate(*s.turned)
		fx, fy = 0, 0
	}
	if _, err := s.gc.CreateStringPath(body, fx, fy); err == nil {
		s.gc.Fill()
	}
}

// MeasureText returns the advance of a text and the height of its capitals.
func (s *subpixel) MeasureText(body string) chart.Box {
	s.text()
	left, top, right, bottom, err := s.gc.GetStringBounds(body)
	if err != nil || right < left {
		return chart.Box{}
	}
	_ = left
	return chart.Box{Right: int(math.Ceil(right * unit)), Bottom: int(math.Ceil((bottom - top) * unit))}
}

func (s *subpixel) Save(w io.Writer) error {
	if c, ok := w.(chart.RGBACollector); ok {
		c.SetRGBA(s.img)
		return nil
	}
	return png.Encode(w, s.img)
}
