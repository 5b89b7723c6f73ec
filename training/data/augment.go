package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"viewfinder/storage/domain"
)

// Names of the augmentations.
const (
	FlipHorizontal = "flip_horizontal" // half of the samples, left and right changed
	FlipVertical   = "flip_vertical"   // half of the samples, top and bottom changed
	Zoom           = "zoom"            // 0.8 to 1.25 times as large, about the middle
	Shift          = "shift"           // up to an eighth of the size in both directions
	Rotation       = "rotation"        // up to 15 degrees
	Colour         = "colour"          // brightness, contrast and saturation by up to 25%
	Cutout         = "cutout"          // half of the samples get a grey rectangle of 15 to 40% of each side (DeVries and Taylor, 2017)
)

// Augmentations lists the names.
var Augmentations = []string{FlipHorizontal, FlipVertical, Zoom, Shift, Rotation, Colour, Cutout}

// Bounds of what is drawn.
const (
	zoomMax     = 1.25
	shiftMax    = 0.125
	rotationMax = 15 * math.Pi / 180
	colourMax   = 0.25
	cutoutMin   = 0.15
	cutoutMax   = 0.40
	// boxVisible is the share of a box that must remain for it to be kept.
	boxVisible = 0.4
)

// Augmenter augments training samples at random.
type Augmenter struct {
	flipH, flipV, zoom, shift, rotation, colour, cutout bool
	frame                                               Frame
}

// NewAugmenter makes an Augmenter of the named augmentations, for samples in the frame. The error is for a name that does not exist.
func NewAugmenter(names []string, f Frame) (*Augmenter, error) {
	a := &Augmenter{frame: f}
	for _, n := range names {
		switch n {
		case FlipHorizontal:
			a.flipH = true
		case FlipVertical:
			a.flipV = true
		case Zoom:
			a.zoom = true
		case Shift:
			a.shift = true
		case Rotation:
			a.rotation = true
		case Colour:
			a.colour = true
		case Cutout:
			a.cutout = true
		default:
			return nil, fmt.Errorf("unknown augmentation %q", n)
		}
	}
	return a, nil
}

// Draw is what was drawn for one sample.
type Draw struct {
	flipH, flipV bool
	warp         bool   // zoom, shift or rotation
	backward     affine // from the augmented picture's pixels to the source's, where warp
	forward      affine // from the source to the augmented picture, in fractions, for boxes
	paint        bool   // colour
	matrix       [9]float32
	offset       [3]float32
	cut          bool
	cx0, cy0     int // the rectangle of Cutout, pixels
	cx1, cy1     int
}

// affine maps (x, y) to (a x + b y + c, d x + e y + f).
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) at(x, y float64) (float64, float64) { return m.a*x + m.b*y + m.c, m.d*x + m.e*y + m.f }

func (m affine) invert() affine {
	det := m.a*m.e - m.b*m.d
	r := affine{a: m.e / det, b: -m.b / det, d: -m.d / det, e: m.a / det}
	r.c = -(r.a*m.c + r.b*m.f)
	r.f = -(r.d*m.c + r.e*m.f)
	return r
}

// Draw draws what happens to the sample at the given place of the given iteration: the same for the same three numbers.
func (a *Augmenter) Draw(seed uint64, iteration, index int) Draw {
	return a.draw(stream(seed, forAugmentation, uint64(iteration), uint64(index)))
}

func (a *Augmenter) draw(r *rand.Rand) Draw {
	var d Draw
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
	if a.flipH {
		d.flipH = r.Float64() < 0.5
	}
	if a.flipV {
		d.flipV = r.Float64() < 0.5
	}
	scale, angle, dx, dy := 1.0, 0.0, 0.0, 0.0
	if a.zoom {
		scale = math.Exp(between(-math.Log(zoomMax), math.Log(zoomMax)))
	}
	if a.shift {
		dx, dy = between(-shiftMax, shiftMax), between(-shiftMax, shiftMax)
	}
	if a.rotation {
		angle = between(-rotationMax, rotationMax)
	}
	if a.zoom || a.shift || a.rotation {
		d.warp = true
		d.place(a.frame, scale, angle, dx, dy)
	}
	if a.colour {
		d.paint = true
		d.colours(between(1-colourMax, 1+colourMax), between(1-colourMax, 1+colourMax), between(1-colourMax, 1+colourMax))
	}
	if a.cutout {
		w, h := between(cutoutMin, cutoutMax), between(cutoutMin, cutoutMax)
		x, y := between(0, 1-w), between(0, 1-h)
		if d.cut = r.Float64() < 0.5; d.cut {
			fw, fh := float64(a.frame.Width), float64(a.frame.Height)
			d.cx0, d.cx1 = int(x*fw), int((x+w)*fw)
			d.cy0, d.cy1 = int(y*fh), int((y+h)*fh)
		}
	}
	return d
}

// place sets the mapping: about the middle, turned by angle, scaled, moved by fractions (dx, dy), then flipped.
func (d *Draw) place(f Frame, scale, angle, dx, dy float64) {
	w, h := float64(f.Width), float64(f.Height)
	sin, cos := math.Sincos(angle)
	// forward, in pixels: p' = R s (p - middle) + middle + shift
	forward := affine{a: cos * scale, b: -sin * scale, d: sin * scale, e: cos * scale}
	forward.c = w/2 + dx*w - forward.a*w/2 - forward.b*h/2
	forward.f = h/2 + dy*h - forward.d*w/2 - forward.e*h/2
	if d.flipH {
		forward.a, forward.b, forward.c = -forward.a, -forward.b, w-forward.c
	}
	if d.flipV {
		forward.d, forward.e, forward.f = -forward.d, -forward.e, h-forward.f
	}
	d.backward = forward.invert()
	d.forward = affine{a: forward.a, b: forward.b * h / w, c: forward.c / w, d: forward.d * w / h, e: forward.e, f: forward.f / h}
}

// colours folds brightness, contrast (about middle grey) and saturation (about the pixel's luma, Rec. 601) into one matrix.
func (d *Draw) colours(brightness, contrast, saturation float64) {
	luma := [3]float64{0.299, 0.587, 0.114}
	gain := brightness * contrast
	for i := range 3 {
		for j := range 3 {
			v := (1 - saturation) * luma[j]
			if i == j {
				v += saturation
			}
			d.matrix[3*i+j] = float32(gain * v)
		}
		d.offset[i] = float32(127.5 * (1 - contrast))
	}
}

// Boxes returns where the boxes lie after the draw, in fractions of the frame: what is turned is the rectangle around it. A box of which less
// than boxVisible remains in the picture and uncovered is left out.
func (a *Augmenter) Boxes(d Draw, boxes []domain.Box32) []domain.Box32 {
	out := make([]domain.Box32, 0, len(boxes))
	for _, b := range boxes {
		moved := d.move(b)
		kept := moved
		kept.XMin, kept.YMin = max(0, kept.XMin), max(0, kept.YMin)
		kept.XMax, kept.YMax = min(1, kept.XMax), min(1, kept.YMax)
		visible := kept.Area()
		if d.cut {
			w, h := float32(a.frame.Width), float32(a.frame.Height)
			hidden := domain.Box32{XMin: max(kept.XMin, float32(d.cx0)/w), YMin: max(kept.YMin, float32(d.cy0)/h),
				XMax: min(kept.XMax, float32(d.cx1)/w), YMax: min(kept.YMax, float32(d.cy1)/h)}
			visible -= hidden.Area()
		}
		if kept.Area() > 0 && visible > boxVisible*moved.Area() {
			out = append(out, kept)
		}
	}
	return slices.Clip(out)
}

func (d Draw) move(b domain.Box32) domain.Box32 {
	if !d.warp {
		if d.flipH {
			b.XMin, b.XMax = 1-b.XMax, 1-b.XMin
		}
		if d.flipV {
			b.YMin, b.YMax = 1-b.YMax, 1-b.YMin
		}
		return b
	}
	m := domain.Box32{XMin: math.MaxFloat32, YMin: math.MaxFloat32, XMax: -math.MaxFloat32, YMax: -math.MaxFloat32, Class: b.Class}
	for _, x := range []float32{b.XMin, b.XMax} {
		for _, y := range []float32{b.YMin, b.YMax} {
			px, py := d.forward.at(float64(x), float64(y))
			m.XMin, m.XMax = min(m.XMin, float32(px)), max(m.XMax, float32(px))
			m.YMin, m.YMax = min(m.YMin, float32(py)), max(m.YMax, float32(py))
		}
	}
	return m
}
