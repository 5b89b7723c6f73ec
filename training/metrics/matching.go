package metrics

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// matching pairs found boxes with true ones of their own concept at one overlap. It holds for every threshold at once: the box of the highest score chooses
// first, so that what is below a threshold takes nothing from what is above.
type matching struct {
	iou   float64
	order [][]int32 // of each sample its found boxes, highest score first
	pair  [][]int32 // of each sample and found box the true one it is paired with, or -1
}

// matching is kept for each overlap.
func (j *Judge) matching(iou float64) *matching {
	return j.matches.get(iou, func() *matching {
		m := &matching{iou: iou, order: make([][]int32, j.n), pair: make([][]int32, j.n)}
		parallel.Parts(j.n, func(from, to int) {
			var taken []bool
			for i := from; i < to; i++ {
				taken = append(taken[:0], make([]bool, len(j.in.Truth[i]))...)
				m.order[i] = byScore(j.in.Found[i])
				m.pair[i] = pairSame(j.in.Found[i], j.in.Truth[i], m.order[i], taken, iou)
			}
		})
		return m
	})
}

func byScore(found []domain.ScoredBox) []int32 {
	order := make([]int32, len(found))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch x, y := found[a].Score, found[b].Score; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return order
}

// pairSame pairs each found box with the free true one of its concept that it overlaps most, as COCO's evaluation does; of equal overlaps
// with the last.
func pairSame(found, truth []domain.ScoredBox, order []int32, taken []bool, iou float64) []int32 {
	pair := make([]int32, len(found))
	for _, k := range order {
		best, at := leastOverlap(iou), -1
		for t := range truth {
			if taken[t] || truth[t].Class != found[k].Class {
				continue
			}
			if v := found[k].IoU(truth[t].Box); v >= best {
				best, at = v, t
			}
		}
		pair[k] = int32(at)
		if at >= 0 {
			taken[at] = true
		}
	}
	return pair
}

// leastOverlap allows for rounding at an overlap of 1.
func leastOverlap(iou float64) float64 { return min(iou, 1-1e-10) }

// ranking are the found boxes of a concept over all samples.
func (m *matching) ranking(j *Judge, concept int) *ranking {
	var scores []float32
	var right []bool
	total := 0
	for i := range j.n {
		for _, t := range j.in.Truth[i] {
			if t.Class == concept {
				total++
			}
		}
		for _, k := range m.order[i] {
			if f := j.in.Found[i][k]; f.Class == concept {
				scores, right = append(scores, float32(f.Score)), append(right, m.pair[i][k] >= 0)
			}
		}
	}
	return rank(scores, right, total)
}

// area101 is the area under the curve as COCO takes it: the mean, at 101 recalls, of the best precision at that recall or a higher one. Equal
// scores are taken one after the other.
func (r *ranking) area101() float64 {
	if r.total == 0 {
		return 0
	}
	curve := make([]float64, len(r.hits))
	recall := make([]float64, len(r.hits))
	for k, hits := range r.hits {
		curve[k], recall[k] = float64(hits)/(float64(k+1)+epsilon), float64(hits)/float64(r.total)
	}
	return meanPrecision(curve, recall)
}
