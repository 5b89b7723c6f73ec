package metrics

import "sort"

// PR is one point of a precision-recall curve: what holds when the threshold is Score.
type PR struct{ Score, Precision, Recall float64 }

// Curve returns the points of the precision-recall curve, the highest threshold first; equal scores are one point.
func Curve(scores []float64, truth []bool) []PR {
	order := make([]int, len(scores))
	positives := 0
	for i := range order {
		order[i] = i
		if truth[i] {
			positives++
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return scores[order[a]] > scores[order[b]] })
	var points []PR
	hits := 0
	for k, i := range order {
		if truth[i] {
			hits++
		}
		if k+1 < len(order) && scores[order[k+1]] == scores[i] {
			continue
		}
		points = append(points, PR{Score: scores[i], Precision: float64(hits) / float64(k+1), Recall: ratio(hits, positives)})
	}
	return points
}

// AveragePrecision is the sum over the curve of precision times the step in recall, as scikit-learn's average_precision_score; 0 where
// nothing is true.
func AveragePrecision(scores []float64, truth []bool) float64 {
	sum, before := 0.0, 0.0
	for _, p := range Curve(scores, truth) {
		sum += p.Precision * (p.Recall - before)
		before = p.Recall
	}
	return sum
}
