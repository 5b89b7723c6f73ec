package metrics

import "sort"

// Box is a rectangle of a class, true or found. Coordinates may be in any unit.
type Box struct {
	XMin, YMin, XMax, YMax float64
	Class                  int
	Score                  float64 // of one that was found
}

// IoU is the area that two boxes share over the area that they cover together.
func IoU(a, b Box) float64 {
	w := min(a.XMax, b.XMax) - max(a.XMin, b.XMin)
	h := min(a.YMax, b.YMax) - max(a.YMin, b.YMin)
	if w <= 0 || h <= 0 {
		return 0
	}
	shared := w * h
	return shared / ((a.XMax-a.XMin)*(a.YMax-a.YMin) + (b.XMax-b.XMin)*(b.YMax-b.YMin) - shared)
}

// candidate is a found box with, for its best overlap among the true ones of its class in its image, that overlap and which it is.
type candidate struct {
	score float64
	image int
	best  float64
	truth int
}

// candidates returns the found boxes of the class, the most confident first, and how many true ones there are.
func candidates(found, truth [][]Box, class int) ([]candidate, int) {
	var all []candidate
	total := 0
	for i := range truth {
		for _, t := range truth[i] {
			if t.Class == class {
				total++
			}
		}
		for _, f := range found[i] {
			if f.Class != class {
				continue
			}
			c := candidate{score: f.Score, image: i, truth: -1}
			for k, t := range truth[i] {
				if t.Class != class {
					continue
				}
				if v := IoU(f, t); v > c.best {
					c.best, c.truth = v, k
				}
			}
			all = append(all, c)
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].score > all[b].score })
	return all, total
}

// BoxAveragePrecision is the average precision of one class as in Pascal VOC from 2010 on (Everingham et al.): a found box is right if its best
// overlap among the true boxes of its class is at least iou and no more confident one took that box; the area lies under the curve whose
// precision is made monotone. found and truth have one list an image. 0 where nothing is true.
func BoxAveragePrecision(found, truth [][]Box, class int, iou float64) float64 {
	all, total := candidates(found, truth, class)
	return areaUnder(all, total, iou)
}

func areaUnder(all []candidate, total int, iou float64) float64 {
	if total == 0 {
		return 0
	}
	type key struct{ image, truth int }
	used := map[key]bool{}
	precision, recall := make([]float64, len(all)), make([]float64, len(all))
	hits := 0
	for n, c := range all {
		if c.best >= iou && c.truth >= 0 && !used[key{c.image, c.truth}] {
			used[key{c.image, c.truth}] = true
			hits++
		}
		precision[n], recall[n] = float64(hits)/float64(n+1), float64(hits)/float64(total)
	}
	for n := len(all) - 2; n >= 0; n-- {
		precision[n] = max(precision[n], precision[n+1])
	}
	area, before := 0.0, 0.0
	for n := range all {
		area += precision[n] * (recall[n] - before)
		before = recall[n]
	}
	return area
}

// MeanAveragePrecision returns the mean over the classes that truly occur at IoU 0.5 (map50), at 0.5, 0.55, … 0.95 (map5095), and each class's
// average precision at 0.5.
func MeanAveragePrecision(found, truth [][]Box, classes int) (map50, map5095 float64, perClass []float64) {
	perClass = make([]float64, classes)
	occurring := 0
	for c := range classes {
		all, total := candidates(found, truth, c)
		if total == 0 {
			continue
		}
		occurring++
		for k := range 10 {
			ap := areaUnder(all, total, 0.5+0.05*float64(k))
			if k == 0 {
				perClass[c] = ap
				map50 += ap
			}
			map5095 += ap / 10
		}
	}
	if occurring > 0 {
		map50 /= float64(occurring)
		map5095 /= float64(occurring)
	}
	return map50, map5095, perClass
}

// Match pairs the boxes found with at least the threshold with the true ones: the most confident first, each with the free true box it overlaps
// most, of whatever class, at IoU of at least iou. The matrix is [truth][found] with one more row and column for "nothing there"; the counts
// are those of each class, a box of the wrong class being wrong for both.
func Match(found, truth [][]Box, classes int, threshold, iou float64) (matrix [][]int, counts []Counts) {
	matrix = square(classes + 1)
	for i := range truth {
		pairs, free := Pair(found[i], truth[i], threshold, iou)
		for k, f := range found[i] {
			if f.Score < threshold {
				continue
			}
			t := classes
			if pairs[k] >= 0 {
				t = truth[i][pairs[k]].Class
			}
			matrix[t][f.Class]++
		}
		for _, t := range free {
			matrix[truth[i][t].Class][classes]++
		}
	}
	counts = FromConfusion(matrix)[:classes]
	for c := range counts {
		counts[c].TrueNegatives = 0 // what is rightly not found cannot be counted
	}
	return matrix, counts
}

// Pair returns for each found box the index of the true one it is paired with, -1 for none, and the true ones that are left. Pairs of one
// class come before pairs of different classes.
func Pair(found, truth []Box, threshold, iou float64) (pairs, free []int) {
	order := make([]int, 0, len(found))
	pairs = make([]int, len(found))
	for k := range found {
		pairs[k] = -1
		if found[k].Score >= threshold {
			order = append(order, k)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return found[order[a]].Score > found[order[b]].Score })
	taken := make([]bool, len(truth))
	for _, sameClass := range []bool{true, false} {
		for _, k := range order {
			if pairs[k] >= 0 {
				continue
			}
			best, at := iou, -1
			for t := range truth {
				if taken[t] || sameClass != (truth[t].Class == found[k].Class) {
					continue
				}
				if v := IoU(found[k], truth[t]); v >= best {
					best, at = v, t
				}
			}
			if at >= 0 {
				pairs[k], taken[at] = at, true
			}
		}
	}
	for t := range truth {
		if !taken[t] {
			free = append(free, t)
		}
	}
	return pairs, free
}
