package metrics

import (
	"fmt"
	"math"
	"sync"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// None stands in the place of a concept for "nothing": no box there (detection), no tag (tagging), or no decision, since the most probable
// concept is below its threshold (classification).
const None = -1

// Input are raw predictions beside truths. Concepts are numbers from 0.
type Input struct {
	Task     domain.Task
	Concepts int
	Scores   []float32            // classification, tagging: [samples][concepts], 0 to 1
	Labels   [][]int32            // classification, tagging: the true concepts of each sample; classification: exactly one
	Found    [][]domain.ScoredBox // detection: what was found on each sample
	Truth    [][]domain.ScoredBox // detection: what truly is there
	Sizes    [][2]float64         // detection: width and height of each sample in the units of areas, for figures by box size; nil: there are none
}

// Judge works out figures, curves and cases from raw predictions, again and again as thresholds move, without a network. What does not depend
// on thresholds is computed once. It may be used by several goroutines.
type Judge struct {
	in Input
	n  int

	top    []int32   // classification: each sample's most probable concept
	second []float32 // classification: the score of the next one

	decided keeper[rankKey, *ranking]
	against keeper[rankKey, *ranking]
	matches keeper[float64, *matching]
	areas   keeper[rankKey, float64]
	coco    func() *COCO
	at50    func() Figure // mAP@0.5 with its interval
}

type rankKey struct {
	concept int
	iou     float64
}

// NewJudge takes an input, which must not change afterwards. The error names what does not fit together in it.
func NewJudge(in Input) (*Judge, error) {
	j := &Judge{in: in, n: len(in.Labels)}
	if in.Task.HasBoxes() {
		j.n = len(in.Truth)
	}
	if err := in.check(j.n); err != nil {
		return nil, err
	}
	j.coco = sync.OnceValue(func() *COCO { return EvaluateCOCO(in.Found, in.Truth, in.Sizes, in.Concepts) })
	j.at50 = sync.OnceValue(func() Figure { at50, _ := j.mapIntervals(1); return at50 })
	if in.Task.ExactlyOne() {
		j.top, j.second = make([]int32, j.n), make([]float32, j.n)
		parallel.Parts(j.n, func(from, to int) {
			for i := from; i < to; i++ {
				j.top[i], j.second[i] = highest(j.scores(i))
			}
		})
	}
	return j, nil
}

// highest returns the index of the largest score (the first of equals) and the largest of the others.
func highest(scores []float32) (int32, float32) {
	best, next := 0, float32(0)
	for c, s := range scores[1:] {
		switch {
		case s > scores[best]:
			best, next = c+1, scores[best]
		case s > next:
			next = s
		}
	}
	return int32(best), next
}

func (in Input) check(n int) error {
	if in.Concepts < 1 {
		return fmt.Errorf("predictions of %d concepts cannot be judged", in.Concepts)
	}
	switch in.Task {
	case domain.Detection:
		if len(in.Found) != n || in.Sizes != nil && len(in.Sizes) != n {
			return fmt.Errorf("%d lists of found boxes and %d sizes for %d samples", len(in.Found), len(in.Sizes), n)
		}
		for i := range n {
			for _, list := range [][]domain.ScoredBox{in.Found[i], in.Truth[i]} {
				for _, b := range list {
					if b.Class < 0 || b.Class >= in.Concepts {
						return fmt.Errorf("sample %d has a box of concept %d of %d", i, b.Class, in.Concepts)
					}
				}
			}
		}
	case domain.Classification, domain.Tagging:
		if len(in.Scores) != n*in.Concepts {
			return fmt.Errorf("%d scores for %d samples and %d concepts", len(in.Scores), n, in.Concepts)
		}
		for i, labels := range in.Labels {
			if in.Task.ExactlyOne() && len(labels) != 1 {
				return fmt.Errorf("sample %d has %d concepts instead of one", i, len(labels))
			}
			for _, l := range labels {
				if l < 0 || int(l) >= in.Concepts {
					return fmt.Errorf("sample %d has concept %d of %d", i, l, in.Concepts)
				}
			}
		}
	default:
		return fmt.Errorf("%q is none of classification, tagging, detection", in.Task)
	}
	return nil
}

// Input returns the input that the judge was made from.
func (j *Judge) Input() Input { return j.in }

// Task returns the task of the predictions.
func (j *Judge) Task() domain.Task { return j.in.Task }

// Samples is how many samples were predicted.
func (j *Judge) Samples() int { return j.n }

// Concepts is how many concepts there are.
func (j *Judge) Concepts() int { return j.in.Concepts }

// scores are those of sample i.
func (j *Judge) scores(i int) []float32 {
	return j.in.Scores[i*j.in.Concepts : (i+1)*j.in.Concepts]
}

// has reports whether sample i truly has the concept.
func (j *Judge) has(i, concept int) bool {
	for _, l := range j.in.Labels[i] {
		if int(l) == concept {
			return true
		}
	}
	return false
}

// Settings are the thresholds by which predictions become decisions.
type Settings struct {
	// Threshold is the least score of a yes. In classification the most probable concept is the decision if it reaches the threshold; 0 always
	// decides.
	Threshold float64
	Concepts  map[int]float64 // thresholds of single concepts, in place of Threshold; may be nil
	IoU       float64         // detection: the least overlap of a found box with a true one to count as it; 0 = 0.5
}

// DefaultSettings are the settings of a task before anybody changes them.
func DefaultSettings(task domain.Task) Settings {
	switch task {
	case domain.Classification:
		return Settings{IoU: DefaultIoU}
	case domain.Detection:
		return Settings{Threshold: 0.3, IoU: DefaultIoU}
	}
	return Settings{Threshold: 0.5, IoU: DefaultIoU}
}

// DefaultIoU is the overlap from which a found box counts as the true one.
const DefaultIoU = 0.5

// Of is the threshold of a concept.
func (s Settings) Of(concept int) float64 {
	if t, own := s.Concepts[concept]; own {
		return t
	}
	return s.Threshold
}

// thresholds lists those of all concepts, as the least float32 that reaches them: scores are compared as they are kept.
func (s Settings) thresholds(concepts int) []float64 {
	list := make([]float64, concepts)
	for c := range list {
		list[c] = s.Of(c)
	}
	return list
}

func orIoU(iou float64) float64 {
	if iou == 0 || math.IsNaN(iou) {
		return DefaultIoU
	}
	return iou
}
