package nn

import (
	"cmp"
	"math"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/kernels"
)

// What the decoder keeps: of all local maxima so many of the highest score, and of boxes of one class that overlap by more than
// this intersection over union the one of the highest score.
const (
	maxPeaks = 300
	// Overlap is that intersection over union.
	Overlap = 0.65
)

// MaxFound and ScoreFloor are what is reported of one picture, wherever predictions are kept or written: at most so many boxes, of at least this score.
const (
	MaxFound   = 100
	ScoreFloor = 0.01
)

// decoder turns a detector's joint map into boxes: the local maxima of each class's heatmap in a 3x3 window, of the
// coordinates that the map gives at that cell, then non-maximum suppression within each class.
type decoder struct {
	m     detectionMap
	peaks []peak
}

type peak struct {
	logit       float32
	cell, class int
}

func newDecoder(m detectionMap) *decoder { return &decoder{m: m} }

// decode finds at most limit boxes of a score of at least threshold in one image's map [h][w][classes+4].
func (d *decoder) decode(image []float32, threshold float32, limit int) []domain.Box32 {
	d.findPeaks(image, threshold)
	slices.SortFunc(d.peaks, func(a, b peak) int {
		return cmp.Or(cmp.Compare(b.logit, a.logit), cmp.Compare(a.class, b.class), cmp.Compare(a.cell, b.cell))
	})
	var boxes []domain.Box32
	for _, p := range d.peaks[:min(len(d.peaks), maxPeaks)] {
		if len(boxes) >= limit {
			break
		}
		b, ok := d.box(image, p)
		if ok && !slices.ContainsFunc(boxes, func(o domain.Box32) bool { return o.Class == b.Class && overlap(o, b) > Overlap }) {
			boxes = append(boxes, b)
		}
	}
	return boxes
}

// findPeaks collects the cells that no neighbour exceeds.
func (d *decoder) findPeaks(image []float32, threshold float32) {
	size := d.m.classes + boxValues
	d.peaks = d.peaks[:0]
	for cell := range d.m.h * d.m.w {
		y, x := cell/d.m.w, cell%d.m.w
		for class := range d.m.classes {
			v := image[cell*size+class]
			if !(float32(kernels.Sigmoid(float64(v))) >= threshold) {
				continue
			}
			top := true
			for ny := max(0, y-1); ny <= min(d.m.h-1, y+1) && top; ny++ {
				for nx := max(0, x-1); nx <= min(d.m.w-1, x+1); nx++ {
					if image[(ny*d.m.w+nx)*size+class] > v {
						top = false
						break
					}
				}
			}
			if top {
				d.peaks = append(d.peaks, peak{v, cell, class})
			}
		}
	}
}

// box is the box at a peak, cut to the picture; not ok if nothing of it is left.
func (d *decoder) box(image []float32, p peak) (domain.Box32, bool) {
	size := d.m.classes + boxValues
	values := image[p.cell*size+d.m.classes:][:boxValues]
	width, height := kernels.Softplus(float64(values[0])), kernels.Softplus(float64(values[1]))
	cx, cy := float64(p.cell%d.m.w)+float64(values[2]), float64(p.cell/d.m.w)+float64(values[3])
	fraction := func(v float64, cells int) float32 { return float32(math.Min(math.Max(v/float64(cells), 0), 1)) }
	b := domain.Box32{
		XMin: fraction(cx-width/2, d.m.w), YMin: fraction(cy-height/2, d.m.h),
		XMax: fraction(cx+width/2, d.m.w), YMax: fraction(cy+height/2, d.m.h),
		Class: p.class, Score: float32(kernels.Sigmoid(float64(p.logit))),
	}
	return b, b.XMax > b.XMin && b.YMax > b.YMin
}

// overlap is the intersection over union of two boxes.
func overlap(a, b domain.Box32) float32 {
	width := min(a.XMax, b.XMax) - max(a.XMin, b.XMin)
	height := min(a.YMax, b.YMax) - max(a.YMin, b.YMin)
	if width <= 0 || height <= 0 {
		return 0
	}
	inner := width * height
	return inner / ((a.XMax-a.XMin)*(a.YMax-a.YMin) + (b.XMax-b.XMin)*(b.YMax-b.YMin) - inner)
}
