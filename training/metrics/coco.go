package metrics

import "math"

// COCO are the figures of the COCO challenge (Lin et al. 2014) on boxes, as its published evaluation computes them: greedy matching by score
// within a concept and a sample, at most 100 boxes of each, precision made monotone and read at 101 recalls. NaN where nothing of that size is true.
type COCO struct {
	MAP, MAP50, MAP75 float64 // mean over concepts and overlaps 0.5, 0.55 … 0.95; at 0.5; at 0.75
	BySize            [3]SizeFigures
	Recall            float64     // mean over concepts and overlaps of the share of true boxes that are found at all
	Recall1, Recall10 float64     // the same with only the surest 1 and 10 boxes of each concept on each sample
	AP, AP50          []float64   // of each concept
	precision         [][]float64 // [overlap][concept], all sizes
}

// SizeFigures are those of the true boxes within a range of areas; sizes as COCO draws the lines: 32 and 96 pixels squared.
type SizeFigures struct {
	Name               string // small, medium, large
	Boxes              int    // true ones
	MAP, MAP50, Recall float64
}

const (
	overlaps    = 10
	recalls     = 101
	maxPerClass = 100
	epsilon     = 2.220446049250313e-16
)

// linear is the k-th of n numbers from 'from' to 'to', rounded as numpy's linspace rounds.
func linear(from, to float64, n, k int) float64 {
	if k == n-1 {
		return to
	}
	return from + float64(k)*((to-from)/float64(n-1))
}

// areas are the ranges of areas that are told apart: all, small, medium, large.
var areas = [4][2]float64{{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}

// EvaluateCOCO computes them. sizes are the pictures' widths and heights in pixels, by which boxes (in fractions) are small or large; nil: boxes
// are in pixels already.
func EvaluateCOCO(found, truth [][]Box, sizes [][2]float64, concepts int) *COCO {
	type result struct {
		ap     [4][overlaps]float64
		recall [4][overlaps]float64
		few    [2][overlaps]float64 // recall with 1 and 10 boxes
		boxes  [4]int
	}
	results := make([]result, concepts)
	forEach(concepts, func(c int) {
		samples := ofConcept(found, truth, sizes, c)
		for a := range areas {
			r := &results[c]
			for t := range overlaps {
				iou := linear(0.5, 0.95, overlaps, t)
				r.ap[a][t], r.recall[a][t], r.boxes[a] = accumulate(samples, areas[a], iou, maxPerClass)
				if a == 0 {
					_, r.few[0][t], _ = accumulate(samples, areas[a], iou, 1)
					_, r.few[1][t], _ = accumulate(samples, areas[a], iou, 10)
				}
			}
		}
	})
	mean := func(from, to int, f func(r *result, t int) float64, a int) float64 {
		sum, n := 0.0, 0
		for c := range results {
			if results[c].boxes[a] == 0 {
				continue
			}
			for t := from; t < to; t++ {
				sum += f(&results[c], t)
				n++
			}
		}
		if n == 0 {
			return math.NaN()
		}
		return sum / float64(n)
	}
	e := &COCO{AP: make([]float64, concepts), AP50: make([]float64, concepts)}
	ap := func(a int) func(r *result, t int) float64 {
		return func(r *result, t int) float64 { return r.ap[a][t] }
	}
	recall := func(a int) func(r *result, t int) float64 {
		return func(r *result, t int) float64 { return r.recall[a][t] }
	}
	e.MAP, e.MAP50, e.MAP75 = mean(0, overlaps, ap(0), 0), mean(0, 1, ap(0), 0), mean(5, 6, ap(0), 0)
	e.Recall = mean(0, overlaps, recall(0), 0)
	e.Recall1 = mean(0, overlaps, func(r *result, t int) float64 { return r.few[0][t] }, 0)
	e.Recall10 = mean(0, overlaps, func(r *result, t int) float64 { return r.few[1][t] }, 0)
	for k, name := range []string{"small", "medium", "large"} {
		s := SizeFigures{Name: name, MAP: mean(0, overlaps, ap(k+1), k+1), MAP50: mean(0, 1, ap(k+1), k+1), Recall: mean(0, overlaps, recall(k+1), k+1)}
		for c := range results {
			s.Boxes += results[c].boxes[k+1]
		}
		e.BySize[k] = s
	}
	for c := range results {
		e.AP50[c] = results[c].ap[0][0]
		for _, v := range results[c].ap[0] {
			e.AP[c] += v / overlaps
		}
	}
	return e
}

// classSample are the boxes of one concept on one sample.
type classSample struct {
	scores     []float64 // of the found ones, the surest first, at most maxPerClass
	areas      []float64 // of the found ones
	truthAreas []float64
	overlap    [][]float64 // [found][true]
}

func ofConcept(found, truth [][]Box, sizes [][2]float64, concept int) []classSample {
	var samples []classSample
	for i := range truth {
		area := func(b Box) float64 {
			if sizes == nil {
				return (b.XMax - b.XMin) * (b.YMax - b.YMin)
			}
			return (b.XMax - b.XMin) * sizes[i][0] * ((b.YMax - b.YMin) * sizes[i][1])
		}
		var s classSample
		var is []Box
		for _, t := range truth[i] {
			if t.Class == concept {
				is = append(is, t)
				s.truthAreas = append(s.truthAreas, area(t))
			}
		}
		for _, k := range surestFirst(found[i]) {
			f := found[i][k]
			if f.Class != concept || len(s.scores) == maxPerClass {
				continue
			}
			row := make([]float64, len(is))
			for t := range is {
				row[t] = IoU(f, is[t])
			}
			s.scores, s.areas, s.overlap = append(s.scores, f.Score), append(s.areas, area(f)), append(s.overlap, row)
		}
		if len(s.scores)+len(is) > 0 {
			samples = append(samples, s)
		}
	}
	return samples
}

// accumulate computes average precision and recall of one concept at one overlap, from the true boxes within a range of areas and at most
// limit found ones on each sample. A true box outside the range may be found or not, and a found box outside it may find nothing, without counting.
func accumulate(samples []classSample, within [2]float64, iou float64, limit int) (ap, recall float64, boxes int) {
	var scores []float32
	var kept []float64
	var right []bool
	outside := func(area float64) bool { return area < within[0] || area > within[1] }
	for i := range samples {
		s := &samples[i]
		for _, a := range s.truthAreas {
			if !outside(a) {
				boxes++
			}
		}
		taken := make([]bool, len(s.truthAreas))
		for d := range min(len(s.scores), limit) {
			at := s.choose(d, taken, outside, leastOverlap(iou))
			ignored := at >= 0 && outside(s.truthAreas[at]) || at < 0 && outside(s.areas[d])
			if at >= 0 {
				taken[at] = true
			}
			if !ignored {
				kept, right = append(kept, s.scores[d]), append(right, at >= 0)
			}
		}
	}
	if boxes == 0 {
		return 0, 0, 0
	}
	for _, s := range kept {
		scores = append(scores, float32(s))
	}
	r := rank(scores, right, boxes)
	if len(r.hits) > 0 {
		recall = float64(r.hits[len(r.hits)-1]) / float64(boxes)
	}
	return r.area101(), recall, boxes
}

// choose finds the free true box that found box d overlaps most; one within the range of areas goes before any outside it.
func (s *classSample) choose(d int, taken []bool, outside func(float64) bool, least float64) int {
	for _, ignored := range []bool{false, true} {
		best, at := least, -1
		for t, v := range s.overlap[d] {
			if !taken[t] && outside(s.truthAreas[t]) == ignored && v >= best {
				best, at = v, t
			}
		}
		if at >= 0 {
			return at
		}
	}
	return -1
}

// meanPrecision is the mean over 101 recalls of the best precision at that recall or a higher one.
func meanPrecision(precision, recall []float64) float64 {
	for k := len(precision) - 2; k >= 0; k-- {
		precision[k] = max(precision[k], precision[k+1])
	}
	sum, k := 0.0, 0
	for r := range recalls {
		at := linear(0, 1, recalls, r)
		for k < len(recall) && recall[k] < at {
			k++
		}
		if k == len(recall) {
			break
		}
		sum += precision[k]
	}
	return sum / recalls
}
