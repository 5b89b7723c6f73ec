package metrics

import (
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// COCO are the figures of the COCO challenge (Lin et al. 2014) on boxes, as its published evaluation computes them: greedy matching by score
// within a concept and a sample, at most 100 boxes of each, precision made monotone and read at 101 recalls. NaN where nothing of that size is true.
type COCO struct {
	MAP, MAP50, MAP75 float64 // mean over concepts and overlaps 0.5, 0.55 … 0.95; at 0.5; at 0.75
	BySize            [3]SizeFigures
	Recall            float64   // mean over concepts and overlaps of the share of true boxes that are found at all
	Recall1, Recall10 float64   // the same with only the 1 and 10 boxes of the highest score of each concept on each sample
	AP, AP50          []float64 // of each concept
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

// areas are the ranges of areas that are distinguished: all, small, medium, large.
var areas = [4][2]float64{{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}

// EvaluateCOCO computes them. sizes are the pictures' widths and heights in pixels, by which boxes (in fractions) are small or large; nil: boxes
// are in pixels already.
func EvaluateCOCO(found, truth [][]domain.ScoredBox, sizes [][2]float64, concepts int) *COCO {
	type result struct {
		ap     [4][overlaps]float64
		recall [4][overlaps]float64
		few    [2][overlaps]float64 // recall with 1 and 10 boxes
		boxes  [4]int
	}
	results := make([]result, concepts)
	parallel.Each(concepts, func(c int) {
		boxes := ofConcept(found, truth, sizes, c)
		for a := range areas {
			r := &results[c]
			for t := range overlaps {
				iou := linear(0.5, 0.95, overlaps, t)
				r.ap[a][t], r.recall[a][t], r.boxes[a] = boxes.accumulate(areas[a], iou, maxPerClass)
				if a == 0 {
					_, r.few[0][t], _ = boxes.accumulate(areas[a], iou, 1)
					_, r.few[1][t], _ = boxes.accumulate(areas[a], iou, 10)
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

// classBoxes are the boxes of one concept over all samples.
type classBoxes struct {
	found  []classBox
	order  []uint32  // of found, highest score first
	truths []float64 // areas of the true boxes, those of one sample beside each other
	taken  []bool    // room for matching
	right  []int8    // of each found one: 1 right, 0 wrong, -1 not counted
	curve  [2][]float64
}

// classBox is a found box.
type classBox struct {
	area float64
	rank int         // among those of its sample
	near []candidate // true boxes it overlaps by half or more, in their order
}

type candidate struct {
	truth   int
	overlap float64
}

func ofConcept(found, truth [][]domain.ScoredBox, sizes [][2]float64, concept int) *classBoxes {
	all := &classBoxes{}
	var scores []float32
	for i := range truth {
		area := func(b domain.ScoredBox) float64 {
			if sizes == nil {
				return (b.XMax - b.XMin) * (b.YMax - b.YMin)
			}
			return (b.XMax - b.XMin) * sizes[i][0] * ((b.YMax - b.YMin) * sizes[i][1])
		}
		first := len(all.truths)
		var is []domain.ScoredBox
		for _, t := range truth[i] {
			if t.Class == concept {
				is = append(is, t)
				all.truths = append(all.truths, area(t))
			}
		}
		rank := 0
		for _, k := range byScore(found[i]) {
			f := found[i][k]
			if f.Class != concept || rank == maxPerClass {
				continue
			}
			b := classBox{area: area(f), rank: rank}
			for t := range is {
				if v := f.IoU(is[t].Box); v >= 0.5 {
					b.near = append(b.near, candidate{first + t, v})
				}
			}
			all.found, scores = append(all.found, b), append(scores, float32(f.Score))
			rank++
		}
	}
	all.order = descending(scores)
	all.taken, all.right = make([]bool, len(all.truths)), make([]int8, len(all.found))
	return all
}

// accumulate computes average precision and recall of one concept at one overlap (at least 0.5), from the true boxes within a range of areas and
// at most limit found ones on each sample. A true box outside the range may be found or not, and a found box outside it may find nothing,
// without counting.
func (c *classBoxes) accumulate(within [2]float64, iou float64, limit int) (ap, recall float64, boxes int) {
	outside := func(area float64) bool { return area < within[0] || area > within[1] }
	for _, a := range c.truths {
		if !outside(a) {
			boxes++
		}
	}
	if boxes == 0 {
		return 0, 0, 0
	}
	clear(c.taken)
	for d := range c.found {
		f := &c.found[d]
		at := None
		if f.rank < limit {
			at = c.choose(f.near, outside, leastOverlap(iou))
		}
		switch {
		case f.rank >= limit, at >= 0 && outside(c.truths[at]), at < 0 && outside(f.area):
			c.right[d] = -1
		case at >= 0:
			c.right[d] = 1
		default:
			c.right[d] = 0
		}
		if at >= 0 {
			c.taken[at] = true
		}
	}
	precision, recalls := c.curve[0][:0], c.curve[1][:0]
	hits, all := 0, 0
	for _, d := range c.order {
		if c.right[d] < 0 {
			continue
		}
		all++
		hits += int(c.right[d])
		precision, recalls = append(precision, float64(hits)/(float64(all)+epsilon)), append(recalls, float64(hits)/float64(boxes))
	}
	c.curve = [2][]float64{precision, recalls}
	return meanPrecision(precision, recalls), float64(hits) / float64(boxes), boxes
}

// choose finds the free true box that is overlapped most; one within the range of areas goes before any outside it.
func (c *classBoxes) choose(near []candidate, outside func(float64) bool, least float64) int {
	for _, ignored := range []bool{false, true} {
		best, at := least, None
		for _, n := range near {
			if n.overlap >= best && !c.taken[n.truth] && outside(c.truths[n.truth]) == ignored {
				best, at = n.overlap, n.truth
			}
		}
		if at >= 0 {
			return at
		}
	}
	return None
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
