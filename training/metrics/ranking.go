package metrics

import (
	"math"

	"viewfinder/storage/domain"
)

// ranking are yes decisions on one concept, highest score first, so that what holds at a threshold is found by a binary search.
type ranking struct {
	scores []float32 // descending
	hits   []int32   // how many of the first k+1 are right
	total  int       // true occurrences
}

// points calls yield with the number of decisions and of right ones at each score that occurs, the highest first.
func (r *ranking) points(yield func(score float64, yes, right int)) {
	for k, s := range r.scores {
		if k+1 < len(r.scores) && r.scores[k+1] == s {
			continue
		}
		yield(float64(s), k+1, int(r.hits[k]))
	}
}

// rank sorts decisions. The order of equal scores is that of the samples.
func rank(scores []float32, right []bool, total int) *ranking {
	order := descending(scores)
	r := &ranking{scores: make([]float32, len(order)), hits: make([]int32, len(order)), total: total}
	hits := int32(0)
	for k, i := range order {
		if right[i] {
			hits++
		}
		r.scores[k], r.hits[k] = scores[i], hits
	}
	return r
}

// descending returns the indices of scores in falling order, equal ones in their own order: a radix sort, since a hundred thousand of them are
// sorted for each concept.
func descending(scores []float32) []uint32 {
	n := len(scores)
	keys, order := make([]uint32, n), make([]uint32, n)
	for i, s := range scores {
		bits := math.Float32bits(s)
		if bits>>31 == 0 { // rising order of the keys is falling order of the scores
			bits = ^bits &^ (1 << 31)
		}
		keys[i], order[i] = bits, uint32(i)
	}
	keys2, order2 := make([]uint32, n), make([]uint32, n)
	for shift := 0; shift < 32; shift += 11 {
		var start [1 << 11]int
		for _, k := range keys {
			start[k>>shift&(1<<11-1)]++
		}
		sum := 0
		for d, count := range start {
			start[d], sum = sum, sum+count
		}
		for i, k := range keys {
			d := k >> shift & (1<<11 - 1)
			keys2[start[d]], order2[start[d]] = k, order[i]
			start[d]++
		}
		keys, keys2, order, order2 = keys2, keys, order2, order
	}
	return order
}

// decidedRanking are the decisions for a concept as the settings let them through: in classification the samples whose most probable concept
// it is, in tagging all samples, in detection the found boxes, right where matched at the overlap. concept None: those of all concepts.
func (j *Judge) decidedRanking(concept int, iou float64) *ranking {
	if !j.in.Task.HasBoxes() {
		iou = 0
	} else {
		iou = orIoU(iou)
	}
	return j.decided.get(rankKey{concept, iou}, func() *ranking {
		if concept == None {
			return j.pooled(iou)
		}
		switch j.in.Task {
		case domain.Classification:
			return j.rankDecided(concept)
		case domain.Detection:
			return j.matching(iou).ranking(j, concept)
		}
		return j.againstAll(concept)
	})
}

func (j *Judge) rankDecided(concept int) *ranking {
	var scores []float32
	var right []bool
	total := 0
	for i, top := range j.top {
		truth := int(j.in.Labels[i][0])
		if truth == concept {
			total++
		}
		if int(top) == concept {
			scores, right = append(scores, j.in.Scores[i*j.in.Concepts+concept]), append(right, truth == concept)
		}
	}
	return rank(scores, right, total)
}

// pooled are the decisions on all concepts.
func (j *Judge) pooled(iou float64) *ranking {
	var scores []float32
	var right []bool
	total := 0
	for c := range j.in.Concepts {
		r := j.decidedRanking(c, iou)
		before := int32(0)
		for k, s := range r.scores {
			scores, right = append(scores, s), append(right, r.hits[k] > before)
			before = r.hits[k]
		}
		total += r.total
	}
	return rank(scores, right, total)
}

// againstAll ranks every sample by its score of one concept; in detection it is decidedRanking.
func (j *Judge) againstAll(concept int) *ranking {
	return j.against.get(rankKey{concept: concept}, func() *ranking {
		scores, right := make([]float32, j.n), make([]bool, j.n)
		total := 0
		for i := range j.n {
			scores[i] = j.in.Scores[i*j.in.Concepts+concept]
			if j.has(i, concept) {
				right[i] = true
				total++
			}
		}
		return rank(scores, right, total)
	})
}
