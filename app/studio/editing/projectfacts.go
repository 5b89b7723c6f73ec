package editing

import (
	"context"
	"fmt"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// ViewFacts describes a view on the project page.
type ViewFacts struct {
	ViewNode
	Concepts []ConceptFacts
	Findings []string // what is out of balance or missing, in words
}

// ConceptFacts is a concept with how often it is used.
type ConceptFacts struct {
	domain.Concept
	Train, Val, Test int // datapoints that carry it
}

// All are the datapoints of all splits that carry it.
func (c ConceptFacts) All() int { return c.Train + c.Val + c.Test }

// fewExamples is under how many images of a concept little is learnt of it.
const fewExamples = 20

// ProjectFacts describes every view of the project in the tree's order: counts by split and concept, and what stands out. It costs the same for any
// number of images.
func (e *Editor) ProjectFacts(ctx context.Context) ([]ViewFacts, error) {
	tree, err := e.Tree(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ViewFacts, 0, len(tree))
	for _, node := range tree {
		f := ViewFacts{ViewNode: node}
		concepts, err := e.store.Concepts(ctx, node.ID)
		if err != nil {
			return nil, err
		}
		counts, err := e.store.ConceptCounts(ctx, node.ID)
		if err != nil {
			return nil, err
		}
		used := map[int64]storage.ConceptCount{}
		for _, c := range counts {
			used[c.Concept] = c
		}
		for _, c := range concepts {
			f.Concepts = append(f.Concepts, ConceptFacts{Concept: c, Train: used[c.ID].Train, Val: used[c.ID].Val, Test: used[c.ID].Test})
		}
		f.Findings = findings(f)
		all = append(all, f)
	}
	return all, nil
}

// findings lists what is out of balance or missing in a view.
func findings(f ViewFacts) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	total := f.Counts.Total()
	switch {
	case total.All == 0:
		return nil
	case len(f.Concepts) == 0:
		return []string{"It has no concepts yet: nothing can be annotated."}
	case total.Annotated == 0:
		return []string{"Nothing is annotated yet."}
	}
	if n := total.NotAnnotated(); n > 0 {
		add("%s not annotated (%.0f%%).", areNot(n), 100*float64(n)/float64(total.All))
	}
	if f.Counts.Val.Annotated == 0 {
		add("No annotated image is in val: versions cannot be evaluated. Split the images again.")
	}
	if f.Counts.Train.Annotated == 0 {
		add("No annotated image is in train: nothing can be trained. Split the images again.")
	}
	var most, least *ConceptFacts
	for i := range f.Concepts {
		c := &f.Concepts[i]
		n := c.All()
		switch {
		case n == 0:
			add("%s is not used.", c.Name)
			continue
		case c.Train == 0:
			add("%s is not in train: it is not learnt.", c.Name)
		case c.Val == 0 && f.Counts.Val.Annotated > 0:
			add("%s is not in val: its accuracy is not measured.", c.Name)
		case c.Train < fewExamples:
			add("Only %s of %s in train: too few to learn it well.", words.Count(c.Train, "image"), c.Name)
		}
		if most == nil || n > most.All() {
			most = c
		}
		if least == nil || n < least.All() {
			least = c
		}
	}
	if most != nil && least != nil && most.All() >= 10*least.All() {
		add("%s has %d times as many images as %s: balancing (in the training's advanced options) or more images of %s help.",
			most.Name, most.All()/least.All(), least.Name, least.Name)
	}
	if share := float64(f.Counts.Val.Annotated) / float64(total.Annotated); f.Counts.Val.Annotated > 0 && f.Counts.Train.Annotated > 0 && (share < 0.08 || share > 0.5) {
		add("%.0f%% of the annotated images are in val; around 20%% is usual.", 100*share)
	}
	if f.Counts.Test.Annotated > 0 {
		for _, c := range f.Concepts {
			if c.Test == 0 && c.All() > 0 {
				add("%s is not in test: the test figure says nothing about it.", c.Name)
			}
		}
	}
	return list
}

func areNot(n int) string {
	if n == 1 {
		return "1 image is"
	}
	return fmt.Sprintf("%d images are", n)
}
