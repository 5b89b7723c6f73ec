package interchange

import "math"

// turnedAtCorner is the box around a box that is turned about its upper left
// corner, by degrees clockwise; all in per cent of an image of width x height.
func turnedAtCorner(x, y, w, h, degrees, width, height float64) [4]float64 {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	px, py := w*width/100, h*height/100
	c := [4]float64{0, 0, 0, 0}
	for _, p := range [][2]float64{{px, 0}, {0, py}, {px, py}} {
		dx, dy := p[0]*cos-p[1]*sin, p[0]*sin+p[1]*cos
		c = [4]float64{min(c[0], dx), min(c[1], dy), max(c[2], dx), max(c[3], dy)}
	}
	return [4]float64{x + c[0]*100/width, y + c[1]*100/height, x + c[2]*100/width, y + c[3]*100/height}
}
