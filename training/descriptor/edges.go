package descriptor

import (
	"image"
	"math"
	"slices"

	"viewfinder/training/picture"
)

const (
	scales     = 4 // each half of the one before
	strengths  = 12
	directions = 8
	strongest  = 8.0 // of the logarithm

	edgeSize = scales * 2 * (strengths + directions)
)

// appendEdges appends, at each scale and for brightness and saturation, how strong the edges are (Sobel's gradient) and how they are spread over the
// directions: the shares in falling order, so that a turned picture has the same.
func appendEdges(d []float32, p *planes) []float32 {
	for k := range scales {
		img := picture.Resize(p.grounds, max(3, p.w>>k), max(3, p.h>>k))
		for channel := range 2 {
			d = appendGradients(d, img, channel)
		}
	}
	return d
}

func appendGradients(d []float32, img *image.RGBA, channel int) []float32 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	at := func(x, y int) float64 { return float64(img.Pix[y*img.Stride+4*x+channel]) }
	var counts [strengths]int
	var shares [directions]float64
	sum := 1e-6
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			a, b, c := at(x-1, y-1), at(x, y-1), at(x+1, y-1)
			e, f := at(x-1, y), at(x+1, y)
			g, i, j := at(x-1, y+1), at(x, y+1), at(x+1, y+1)
			gx, gy := c+2*f+j-a-2*e-g, g+2*i+j-a-2*b-c
			m := math.Hypot(gx, gy)
			counts[min(strengths-1, int(math.Log1p(m)/strongest*strengths))]++
			turn := (math.Atan2(gy, gx) + math.Pi) / (2 * math.Pi) * directions
			shares[int(turn)%directions] += m
			sum += m
		}
	}
	d = appendHistogram(d, counts[:])
	slices.Sort(shares[:])
	for k := range shares {
		d = append(d, float32(shares[directions-1-k]/sum))
	}
	return d
}
