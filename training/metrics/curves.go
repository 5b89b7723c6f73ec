package metrics

// PR is one point of a precision-recall curve: what holds when the threshold is Score.
type PR struct{ Score, Precision, Recall float64 }

// PRCurve returns the points of a concept's precision-recall curve, the highest threshold first. In classification and tagging each sample
// counts with its score of the concept against all others, as in scikit-learn's precision_recall_curve; in detection each found box, right
// where it is matched at an overlap of at least iou (0 = 0.5). Concept None pools the decisions on all concepts.
func (j *Judge) PRCurve(concept int, iou float64) []PR {
	r := j.curveRanking(concept, iou)
	var points []PR
	r.points(func(score float64, yes, right int) {
		points = append(points, PR{Score: score, Precision: ratio(right, yes), Recall: ratio(right, r.total)})
	})
	return points
}

func (j *Judge) curveRanking(concept int, iou float64) *ranking {
	if j.in.Task.HasBoxes() || concept == None {
		return j.decidedRanking(concept, iou)
	}
	return j.againstAll(concept)
}

// averagePrecision is the area under PRCurve: as scikit-learn's average_precision_score, in detection as COCO's; 0 where nothing is true.
func (j *Judge) averagePrecision(concept int, iou float64) float64 {
	if !j.in.Task.HasBoxes() {
		iou = 0
	}
	return j.areas.get(rankKey{concept, iou}, func() float64 {
		r := j.curveRanking(concept, iou)
		if j.in.Task.HasBoxes() {
			return r.area101()
		}
		return r.area()
	})
}

// area is the sum over the curve of precision times the step in recall.
func (r *ranking) area() float64 {
	sum, before := 0.0, 0.0
	r.points(func(_ float64, yes, right int) {
		recall := ratio(right, r.total)
		sum += ratio(right, yes) * (recall - before)
		before = recall
	})
	return sum
}

// F1Point is the F1 of a concept's decisions at a threshold.
type F1Point struct{ Threshold, F1 float64 }

// F1Curve returns F1 at every threshold at which it changes, the highest first, of the decisions as Figures counts them. Concept None: of all
// decisions, with one threshold for all concepts.
func (j *Judge) F1Curve(concept int, iou float64) []F1Point {
	r := j.decidedRanking(concept, iou)
	var points []F1Point
	r.points(func(score float64, yes, right int) {
		points = append(points, F1Point{score, ratio(2*right, yes+r.total)})
	})
	return points
}

// Choice is a threshold with what it leads to.
type Choice struct{ Threshold, Precision, Recall, F1 float64 }

// BestF1 is the threshold of the highest F1; of several, the highest threshold. It is false where the concept never truly occurs.
func (j *Judge) BestF1(concept int, iou float64) (Choice, bool) {
	best, ok := Choice{}, false
	j.choices(concept, iou, func(c Choice) {
		if c.F1 > best.F1 {
			best, ok = c, true
		}
	})
	return best, ok
}

// PrecisionAtLeast is the threshold of the highest recall among those whose precision is at least p; false where there is none.
func (j *Judge) PrecisionAtLeast(concept int, p, iou float64) (Choice, bool) {
	best, ok := Choice{}, false
	j.choices(concept, iou, func(c Choice) {
		if c.Precision >= p && c.Recall > best.Recall {
			best, ok = c, true
		}
	})
	return best, ok
}

func (j *Judge) choices(concept int, iou float64, yield func(Choice)) {
	r := j.decidedRanking(concept, iou)
	r.points(func(score float64, yes, right int) {
		yield(Choice{Threshold: score, Precision: ratio(right, yes), Recall: ratio(right, r.total), F1: ratio(2*right, yes+r.total)})
	})
}
