package assist

import (
	"context"
	"fmt"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/linear"
)

// Suggestions begin with so many annotated datapoints, of two outcomes at least twice each.
const (
	firstAnnotations = 10
	firstOfEach      = 2
)

// mostLearned bounds the annotated datapoints that a head learns from; of more, they are taken evenly.
const mostLearned = 5000

// knownRow is an annotated datapoint as a head learns from it.
type knownRow struct {
	id       int64
	concepts []int64
}

// judged is what a head of all other annotated datapoints predicts of one.
type judged struct {
	confidence float64
	right      bool
}

// head is what was learnt.
type head struct {
	quick      *linear.Quick
	kind       domain.Task
	concepts   []int64 // of its classes
	left       []judged
	right      int
	generation int // of the table that it was learnt on
}

// guess is what a head predicts of a datapoint.
type guess struct {
	classes    []int32
	confidence float32 // that all of it is right
}

// learn fits a head to annotated datapoints, of which each has features.
func learn(ctx context.Context, kind domain.Task, known []knownRow, features func(id int64) []float32) (*head, error) {
	h := &head{kind: kind}
	class := map[int64]int{}
	for _, k := range known {
		for _, c := range k.concepts {
			if _, ok := class[c]; !ok {
				class[c] = 0
				h.concepts = append(h.concepts, c)
			}
		}
	}
	slices.Sort(h.concepts)
	for i, c := range h.concepts {
		class[c] = i
	}
	p := linear.Problem{Classes: len(h.concepts), Exclusive: kind.ExactlyOne()}
	for _, k := range known {
		labels := make([]int, len(k.concepts))
		for i, c := range k.concepts {
			labels[i] = class[c]
		}
		p.X, p.Labels = append(p.X, features(k.id)), append(p.Labels, labels)
	}
	var left [][]float32
	var err error
	if h.quick, left, err = linear.FitQuick(ctx, p); err != nil {
		return nil, err
	}
	h.left = make([]judged, len(left))
	for i, row := range left {
		g := h.decide(row)
		slices.Sort(p.Labels[i])
		j := judged{confidence: float64(g.confidence), right: len(g.classes) == len(p.Labels[i])}
		for k, c := range g.classes {
			j.right = j.right && p.Labels[i][k] == int(c)
		}
		h.left[i] = j
		if j.right {
			h.right++
		}
	}
	return h, nil
}

// decide makes a prediction of probabilities: of a classification the most probable concept; of tags those more probable than not, as certain as the least decided one.
func (h *head) decide(probabilities []float32) guess {
	if h.kind.ExactlyOne() {
		best := 0
		for c, v := range probabilities {
			if v > probabilities[best] {
				best = c
			}
		}
		return guess{[]int32{int32(best)}, probabilities[best]}
	}
	g := guess{confidence: 1}
	for c, v := range probabilities {
		if v >= 0.5 {
			g.classes = append(g.classes, int32(c))
		}
		g.confidence = min(g.confidence, max(v, 1-v))
	}
	return g
}

// guess predicts a datapoint of its features; room has as many places as there are classes.
func (h *head) guess(x, room []float32) guess {
	h.quick.Probabilities(room, x)
	return h.decide(room)
}

// conceptsOf are the concepts of a guess.
func (h *head) conceptsOf(g guess) []int64 {
	list := make([]int64, len(g.classes))
	for i, c := range g.classes {
		list[i] = h.concepts[c]
	}
	return list
}

// estimate counts the annotated datapoints that are predicted with at least a confidence, and those of them that are predicted wrongly.
func (h *head) estimate(confidence float64) (e Estimate) {
	for _, j := range h.left {
		if domain.Reaches(j.confidence, confidence) {
			e.Of++
			if !j.right {
				e.Wrong++
			}
		}
	}
	return e
}

// missing says in words what is annotated too seldom to begin with; "" where it is enough. Tags have one outcome more: without concept.
func missing(kind domain.Task, known []knownRow) string {
	outcomes := map[int64]int{}
	for _, k := range known {
		for _, c := range k.concepts {
			outcomes[c]++
		}
		if kind.AnyNumber() && len(k.concepts) == 0 {
			outcomes[0]++
		}
	}
	enough := 0
	for c, n := range outcomes {
		// A tag that every image has teaches nothing.
		if n >= firstOfEach && (c == 0 || !kind.AnyNumber() || len(known)-n >= firstOfEach) {
			enough++
		}
	}
	switch {
	case len(known) < firstAnnotations:
		return begins(len(known))
	case kind.AnyNumber() && enough < 1 || !kind.AnyNumber() && enough < 2:
		return "Suggests once two concepts have two annotated images each"
	}
	return ""
}

// begins says from when on there are suggestions.
func begins(annotated int) string {
	return fmt.Sprintf("Suggests from the %dth annotation on (%d so far)", firstAnnotations, annotated)
}
