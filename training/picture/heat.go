package picture

import (
	"image"
	"math"
)

// Heat lays a map of values over a picture: where they are high it is highlighted, where they are low, zero or less it is darkened, so
// that the rest can be seen on bright and on dark pictures. values are h rows of w, spread over the frame that t leads to; top is the value of the strongest highlight; opacity from 0 to 1
// is what is left of the picture there. Between the values a Catmull-Rom spline runs, so that a map of few cells is smooth.
func Heat(src *image.RGBA, values []float32, h, w int, t Transform, top float32, opacity float64) *image.RGBA {
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, sw, sh))
	if len(values) < h*w || h < 1 || w < 1 || !(top > 0) {
		for y := range sh {
			copy(dst.Pix[y*dst.Stride:][:4*sw], src.Pix[y*src.Stride:])
		}
		return dst
	}
	opacity = math.Max(0, math.Min(1, opacity))
	columns := make([]tap, sw)
	for x := range columns {
		fx, _ := t.ToFrame((float64(x)+0.5)/float64(sw), 0)
		columns[x] = tapAt(fx, w)
	}
	row := make([]float32, w)
	for y := range sh {
		_, fy := t.ToFrame(0, (float64(y)+0.5)/float64(sh))
		down := tapAt(fy, h)
		for x := range row {
			row[x] = 0
			for k, at := range down.at {
				row[x] += down.weight[k] * values[at*w+x]
			}
		}
		in, out := src.Pix[y*src.Stride:][:4*sw], dst.Pix[y*dst.Stride:][:4*sw]
		for x, c := range columns {
			v := c.weight[0]*row[c.at[0]] + c.weight[1]*row[c.at[1]] + c.weight[2]*row[c.at[2]] + c.weight[3]*row[c.at[3]]
			highlight(out[4*x:4*x+4], in[4*x:4*x+4], v/top, opacity)
		}
	}
	return dst
}

// tap is the four cells of a row that a place lies between, and their weights.
type tap struct {
	at     [4]int
	weight [4]float32
}

// tapAt is the tap at a fraction of n cells; beyond the border the last cell goes on.
func tapAt(fraction float64, n int) tap {
	u := fraction*float64(n) - 0.5
	f := math.Floor(u)
	s := u - f
	t := tap{weight: [4]float32{
		float32(s * (-0.5 + s*(1-0.5*s))),
		float32(1 + s*s*(-2.5+1.5*s)),
		float32(s * (0.5 + s*(2-1.5*s))),
		float32(s * s * (-0.5 + 0.5*s)),
	}}
	for k := range t.at {
		t.at[k] = min(max(int(f)-1+k, 0), n-1)
	}
	return t
}

// heatRamp is a ramp from dark over violet and orange to light yellow: rising in lightness, so that it reads the same for people
// who distinguish fewer colours (after matplotlib's "inferno").
var heatRamp = [][3]float64{{0, 0, 4}, {40, 11, 84}, {101, 21, 110}, {159, 42, 99}, {212, 72, 66}, {245, 125, 21}, {250, 193, 39}, {252, 255, 164}}

func highlight(out, in []uint8, v float32, opacity float64) {
	out[3] = 255
	s := math.Max(0, math.Min(1, float64(v)))
	at := s * float64(len(heatRamp)-1)
	i := min(int(at), len(heatRamp)-2)
	part := at - float64(i)
	alpha := opacity * (0.6 + 0.4*s)
	for c := range 3 {
		tint := heatRamp[i][c]*(1-part) + heatRamp[i+1][c]*part
		out[c] = uint8(math.Round(float64(in[c])*(1-alpha) + tint*alpha))
	}
}
