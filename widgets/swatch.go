package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

const (
	swatchSide = 14
	swatchDots = 4 // more than that are drawn as four
)

// ConceptSwatch is a concept's colour as a small square, with dots where there are several concepts of such a colour.
type ConceptSwatch struct {
	widget.BaseWidget
	color color.NRGBA
	dots  int
}

// NewConceptSwatch makes one without a colour.
func NewConceptSwatch() *ConceptSwatch {
	s := &ConceptSwatch{}
	s.ExtendBaseWidget(s)
	return s
}

// Set changes colour and dots.
func (s *ConceptSwatch) Set(c color.NRGBA, dots int) {
	if s.color != c || s.dots != dots {
		s.color, s.dots = c, dots
		s.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (s *ConceptSwatch) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{s: s, ground: canvas.NewRectangle(color.Transparent)}
	r.ground.CornerRadius = 3
	r.objects = []fyne.CanvasObject{r.ground}
	for range swatchDots {
		dot := canvas.NewCircle(color.Transparent)
		dot.Resize(fyne.NewSize(3, 3))
		r.dots = append(r.dots, dot)
		r.objects = append(r.objects, dot)
	}
	r.Refresh()
	return r
}

type swatchRenderer struct {
	s       *ConceptSwatch
	ground  *canvas.Rectangle
	dots    []*canvas.Circle
	objects []fyne.CanvasObject
}

// dotPlaces are where the middles of one, two, three or four dots are, in shares of the square.
var dotPlaces = [][][2]float32{
	{{0.5, 0.5}},
	{{0.28, 0.5}, {0.72, 0.5}},
	{{0.5, 0.28}, {0.28, 0.72}, {0.72, 0.72}},
	{{0.28, 0.28}, {0.72, 0.28}, {0.28, 0.72}, {0.72, 0.72}},
}

func (r *swatchRenderer) Layout(size fyne.Size) {
	side := fyne.Min(fyne.Min(size.Width, size.Height), swatchSide)
	at := fyne.NewPos((size.Width-side)/2, (size.Height-side)/2)
	r.ground.Move(at)
	r.ground.Resize(fyne.NewSquareSize(side))
	n := min(r.s.dots, swatchDots)
	for i, dot := range r.dots {
		if dot.Hidden = i >= n; !dot.Hidden {
			place := dotPlaces[n-1][i]
			dot.Move(at.AddXY(place[0]*side-1.5, place[1]*side-1.5))
		}
	}
}

func (r *swatchRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(swatchSide) }

func (r *swatchRenderer) Refresh() {
	r.ground.FillColor = r.s.color
	r.ground.Refresh()
	r.Layout(r.s.Size())
	for _, dot := range r.dots {
		dot.FillColor = look.Readable(r.s.color)
		dot.Refresh()
	}
}

func (r *swatchRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *swatchRenderer) Destroy()                     {}
