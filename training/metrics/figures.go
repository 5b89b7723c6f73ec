package metrics

import (
	"math"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// Figures are the figures of a network's decisions at some settings.
type Figures struct {
	Settings
	Task     domain.Task
	Samples  int
	Boxes    int    // detection: true ones
	Found    int    // detection: those that reach their threshold
	Decided  int    // classification: samples with a decision
	Accuracy Figure // share of right decisions; tagging: of right yes/no decisions over all concepts; detection: none
	// Means over the concepts. Macro: each counts the same, those that occur neither in truth nor in decisions left out (for average precision:
	// those that never truly occur); Weighted: by how often it truly occurs; Micro: all decisions pooled.
	Macro, Weighted, Micro Means
	MAP50, MAP5095         float64       // detection: COCO's; they depend on no setting
	BySize                 []SizeFigures // detection with sizes: small, medium, large
	Concepts               []ConceptFigures
	// Matrix counts [truth][predicted]; its last row and column are None. Tagging has none.
	Matrix [][]int
}

// Means are means over concepts.
type Means struct{ Precision, Recall, F1, AveragePrecision float64 }

// ConceptFigures are the figures of one concept.
type ConceptFigures struct {
	Counts
	Threshold         float64
	Precision, Recall Figure
	F1                float64
	AveragePrecision  float64 // area under PRCurve, at the overlap of the settings
}

// Figures counts the decisions at the settings.
func (j *Judge) Figures(s Settings) *Figures {
	s.IoU = orIoU(s.IoU)
	t := j.tally(s)
	f := &Figures{Settings: s, Task: j.in.Task, Samples: j.n, Concepts: make([]ConceptFigures, j.in.Concepts)}
	parallel.Each(j.in.Concepts, func(c int) {
		k := &f.Concepts[c]
		k.Counts, k.Threshold = t.counts(c, j.n, j.in.Task), s.Of(c)
		k.Precision = share(k.TruePositives, k.TruePositives+k.FalsePositives)
		k.Recall = share(k.TruePositives, k.Support())
		k.F1 = k.Counts.F1()
		k.AveragePrecision = j.averagePrecision(c, s.IoU)
	})
	switch j.in.Task {
	case domain.Classification:
		right := 0
		for _, k := range f.Concepts {
			right += k.TruePositives
			f.Decided += k.TruePositives + k.FalsePositives
		}
		f.Accuracy, f.Matrix = share(right, j.n), t.matrix()
	case domain.Tagging:
		f.Accuracy = clustered(t.right, t.rightSquared, j.n)
	case domain.Detection:
		f.detection(j.coco(), j.in.Sizes != nil)
		f.Matrix = t.matrix()
	}
	f.means(j)
	return f
}

func (f *Figures) detection(c *COCO, sizes bool) {
	f.MAP50, f.MAP5095 = zeroIfNone(c.MAP50), zeroIfNone(c.MAP)
	if sizes {
		for _, s := range c.BySize {
			s.MAP, s.MAP50, s.Recall = zeroIfNone(s.MAP), zeroIfNone(s.MAP50), zeroIfNone(s.Recall)
			f.BySize = append(f.BySize, s)
		}
	}
	for _, k := range f.Concepts {
		f.Boxes += k.Support()
		f.Found += k.TruePositives + k.FalsePositives
	}
}

func zeroIfNone(f float64) float64 {
	if math.IsNaN(f) {
		return 0
	}
	return f
}

func (f *Figures) means(j *Judge) {
	f.Macro, f.Weighted, f.Micro = meansOf(f.Concepts)
	f.Micro.AveragePrecision = j.averagePrecision(None, f.IoU)
}

// meansOf leaves the pooled average precision at 0.
func meansOf(concepts []ConceptFigures) (macro, weighted, micro Means) {
	var pooled Counts
	seen, occurring, support := 0, 0, 0
	for _, c := range concepts {
		p, r := c.Counts.Precision(), c.Counts.Recall()
		n := float64(c.Support())
		weighted.Precision += n * p
		weighted.Recall += n * r
		weighted.F1 += n * c.F1
		weighted.AveragePrecision += n * c.AveragePrecision
		support += c.Support()
		pooled.TruePositives += c.TruePositives
		pooled.FalsePositives += c.FalsePositives
		pooled.FalseNegatives += c.FalseNegatives
		if c.Seen() {
			macro.Precision += p
			macro.Recall += r
			macro.F1 += c.F1
			seen++
		}
		if c.Support() > 0 {
			macro.AveragePrecision += c.AveragePrecision
			occurring++
		}
	}
	divide := func(by int, sums ...*float64) {
		for _, s := range sums {
			if *s /= float64(by); by == 0 {
				*s = 0
			}
		}
	}
	divide(seen, &macro.Precision, &macro.Recall, &macro.F1)
	divide(occurring, &macro.AveragePrecision)
	divide(support, &weighted.Precision, &weighted.Recall, &weighted.F1, &weighted.AveragePrecision)
	return macro, weighted, Means{Precision: pooled.Precision(), Recall: pooled.Recall(), F1: pooled.F1()}
}

// tally are the decisions counted: cells [truth][predicted] with None last, and in tagging the sum, and sum of squares, of each sample's share
// of right decisions.
type tally struct {
	concepts            int
	cells               []int
	right, rightSquared float64
}

func newTally(concepts int) *tally {
	return &tally{concepts: concepts, cells: make([]int, (concepts+1)*(concepts+1))}
}

// cell is the place of a case; None is the last row or column.
func (t *tally) cell(truth, predicted int) int {
	if truth == None {
		truth = t.concepts
	}
	if predicted == None {
		predicted = t.concepts
	}
	return truth*(t.concepts+1) + predicted
}

func (j *Judge) tally(s Settings) *tally {
	parts := parallel.Gather(j.n, func(from, to int) *tally {
		t := newTally(j.in.Concepts)
		wrong, sample := 0, from
		next := func() {
			r := 1 - float64(wrong)/float64(j.in.Concepts)
			t.right += r
			t.rightSquared += r * r
			wrong = 0
		}
		j.each(s, from, to, func(c Case) {
			t.cells[t.cell(c.Truth, c.Predicted)]++
			for ; sample < c.Sample; sample++ {
				next()
			}
			if !c.Right() {
				wrong++
			}
		})
		for ; sample < to; sample++ {
			next()
		}
		return t
	})
	all := parts[0]
	for _, t := range parts[1:] {
		for i, n := range t.cells {
			all.cells[i] += n
		}
		all.right += t.right
		all.rightSquared += t.rightSquared
	}
	return all
}

// counts are those of one concept.
func (t *tally) counts(c, samples int, task domain.Task) Counts {
	var k Counts
	for other := range t.concepts + 1 {
		if other == c {
			k.TruePositives = t.cells[c*(t.concepts+1)+c]
			continue
		}
		k.FalseNegatives += t.cells[c*(t.concepts+1)+other]
		k.FalsePositives += t.cells[other*(t.concepts+1)+c]
	}
	if !task.HasBoxes() { // what is rightly not found cannot be counted
		k.TrueNegatives = samples - k.TruePositives - k.FalsePositives - k.FalseNegatives
	}
	return k
}

func (t *tally) matrix() [][]int {
	m := make([][]int, t.concepts+1)
	for i := range m {
		m[i] = t.cells[i*(t.concepts+1) : (i+1)*(t.concepts+1)]
	}
	return m
}
