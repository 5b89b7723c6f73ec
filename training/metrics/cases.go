package metrics

import (
	"cmp"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// Case is one decision with what is true of it.
type Case struct {
	Sample           int
	Found, True      int     // detection: the found and the true box of the sample, by index; None where there is none
	Truth, Predicted int     // concepts, or None
	Confidence       float64 // score of what was predicted; where nothing was, of the truth (detection: 0)
	TruthScore       float64 // score of the true concept; detection: overlap with the true box
	Margin           float64 // classification: to the next concept's score
}

// Right reports whether the decision is right.
func (c Case) Right() bool { return c.Truth == c.Predicted }

// each calls yield with every decision on samples from..to, in their order, except the true negatives of tagging.
func (j *Judge) each(s Settings, from, to int, yield func(Case)) {
	thresholds := s.thresholds(j.in.Concepts)
	switch j.in.Task {
	case domain.Classification:
		for i := from; i < to; i++ {
			yield(j.classified(i, thresholds))
		}
	case domain.Tagging:
		for i := from; i < to; i++ {
			j.tagged(i, thresholds, yield)
		}
	case domain.Detection:
		m := j.matching(orIoU(s.IoU))
		var room pairing
		for i := from; i < to; i++ {
			room.detected(j, m, i, thresholds, yield)
		}
	}
}

func (j *Judge) classified(i int, thresholds []float64) Case {
	scores, top, truth := j.scores(i), int(j.top[i]), int(j.in.Labels[i][0])
	c := Case{Sample: i, Found: None, True: None, Truth: truth, Predicted: top, Confidence: float64(scores[top]), TruthScore: float64(scores[truth])}
	c.Margin = float64(scores[top] - j.second[i])
	if !domain.Reaches(c.Confidence, thresholds[top]) {
		c.Predicted, c.Confidence = None, c.TruthScore
	}
	return c
}

func (j *Judge) tagged(i int, thresholds []float64, yield func(Case)) {
	for k, score := range j.scores(i) {
		yes, is := domain.Reaches(float64(score), thresholds[k]), j.has(i, k)
		if !yes && !is {
			continue
		}
		c := Case{Sample: i, Found: None, True: None, Truth: None, Predicted: None, Confidence: float64(score), TruthScore: float64(score)}
		if yes {
			c.Predicted = k
		}
		if is {
			c.Truth = k
		}
		yield(c)
	}
}

// pairing is the room in which one sample's boxes are paired.
type pairing struct {
	found, truth []bool // what is settled
}

// detected pairs those found boxes that reach their threshold: first with true ones of their concept, then what is left with each other, the
// highest score first; the rest is found where nothing is, or missed.
func (p *pairing) detected(j *Judge, m *matching, i int, thresholds []float64, yield func(Case)) {
	found, truth := j.in.Found[i], j.in.Truth[i]
	p.found = append(p.found[:0], make([]bool, len(found))...)
	p.truth = append(p.truth[:0], make([]bool, len(truth))...)
	emit := func(k, t int) {
		c := Case{Sample: i, Found: k, True: t, Truth: None, Predicted: None}
		if k != None {
			p.found[k] = true
			c.Predicted, c.Confidence = found[k].Class, found[k].Score
		}
		if t != None {
			p.truth[t] = true
			c.Truth = truth[t].Class
		}
		if k != None && t != None {
			c.TruthScore = found[k].IoU(truth[t].Box)
		}
		yield(c)
	}
	for _, k := range m.order[i] {
		if !domain.Reaches(found[k].Score, thresholds[found[k].Class]) {
			p.found[k] = true
		} else if t := m.pair[i][k]; t >= 0 {
			emit(int(k), int(t))
		}
	}
	for _, k := range m.order[i] {
		if p.found[k] {
			continue
		}
		best, at := leastOverlap(m.iou), None
		for t := range truth {
			if p.truth[t] {
				continue
			}
			if v := found[k].IoU(truth[t].Box); v >= best {
				best, at = v, t
			}
		}
		emit(int(k), at)
	}
	for t := range truth {
		if !p.truth[t] {
			emit(None, t)
		}
	}
}

// collect lists the decisions that satisfy want, in the order of the samples.
func (j *Judge) collect(s Settings, want func(Case) bool) []Case {
	parts := parallel.Gather(j.n, func(from, to int) []Case {
		var cases []Case
		j.each(s, from, to, func(c Case) {
			if want(c) {
				cases = append(cases, c)
			}
		})
		return cases
	})
	return slices.Concat(parts...)
}

// Cell lists what stands behind a cell of the confusion matrix; None is its last row or column. In tagging a missed tag is (concept, None) and
// a wrong one (None, concept).
func (j *Judge) Cell(s Settings, truth, predicted int) []Case {
	return j.collect(s, func(c Case) bool { return c.Truth == truth && c.Predicted == predicted })
}

// Outcome is the result of a yes/no decision on one concept.
type Outcome int

// The outcomes that have cases. True negatives have none.
const (
	TruePositive Outcome = iota
	FalsePositive
	FalseNegative
)

// Outcome lists the decisions on a concept that have the outcome.
func (j *Judge) Outcome(s Settings, concept int, o Outcome) []Case {
	return j.collect(s, func(c Case) bool { return c.outcome(concept, o) })
}

// outcome reports whether the decision has the outcome; concept None: for any concept.
func (c Case) outcome(concept int, o Outcome) bool {
	switch o {
	case TruePositive:
		return c.Right() && (concept == None || c.Truth == concept)
	case FalsePositive:
		return !c.Right() && c.Predicted != None && (concept == None || c.Predicted == concept)
	}
	return !c.Right() && c.Truth != None && (concept == None || c.Truth == concept)
}

// ErrorKind is a gallery of decisions that are worth reviewing.
type ErrorKind string

// The galleries.
const (
	FalsePositives  ErrorKind = "false_positives"
	FalseNegatives  ErrorKind = "false_negatives"
	ConfidentErrors ErrorKind = "confident_mistakes" // wrong, with a high confidence
	UncertainRight  ErrorKind = "uncertain_right"    // right, with a low confidence or margin
)

// ErrorKinds lists the galleries.
func ErrorKinds() []ErrorKind {
	return []ErrorKind{FalsePositives, FalseNegatives, ConfidentErrors, UncertainRight}
}

// Order is an order of cases.
type Order string

// The orders. OrderDefault is that of the kind: what is most worth reviewing first.
const (
	OrderDefault   Order = ""
	OrderConfident Order = "confident" // the highest confidence first
	OrderUncertain Order = "uncertain" // the lowest first
	OrderSample    Order = "sample"    // as the samples came
)

// errorConfidence is the confidence of a wrong decision: of what was predicted, or, where nothing was, 1 less the score of the true concept.
func (c Case) errorConfidence() float64 {
	if c.Predicted == None {
		return 1 - c.TruthScore
	}
	return c.Confidence
}

// ErrorCases lists the cases of a gallery. With a concept other than None: false positives and right ones of that concept as predicted, false negatives as
// true, confident errors as either. Boxes that were missed are not confident errors: nothing was predicted for them.
func (j *Judge) ErrorCases(s Settings, kind ErrorKind, concept int, order Order) []Case {
	detection := j.in.Task.HasBoxes()
	want, by := func(Case) bool { return false }, func(c Case) float64 { return -c.Confidence }
	switch kind {
	case FalsePositives:
		want = func(c Case) bool { return c.outcome(concept, FalsePositive) }
	case FalseNegatives:
		want, by = func(c Case) bool { return c.outcome(concept, FalseNegative) }, func(c Case) float64 { return c.TruthScore }
	case ConfidentErrors:
		want = func(c Case) bool {
			return !c.Right() && !(detection && c.Predicted == None) && (concept == None || c.Truth == concept || c.Predicted == concept)
		}
		by = func(c Case) float64 { return -c.errorConfidence() }
	case UncertainRight:
		want, by = func(c Case) bool { return c.outcome(concept, TruePositive) }, func(c Case) float64 { return c.Confidence }
		if j.in.Task.ExactlyOne() {
			by = func(c Case) float64 { return c.Margin }
		}
	}
	cases := j.collect(s, want)
	switch order {
	case OrderConfident:
		by = func(c Case) float64 { return -c.Confidence }
	case OrderUncertain:
		by = func(c Case) float64 { return c.Confidence }
	case OrderSample:
		return cases
	}
	slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Compare(by(a), by(b)) })
	return cases
}
