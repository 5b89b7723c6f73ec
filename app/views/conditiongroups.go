package views

import (
	"slices"

	"viewfinder/storage/domain"
)

// conditionGroups is a condition as the editor shows it: groups of concepts, of each of which one or all are asked for, and of the
// groups again one or all.
type conditionGroups struct {
	all    bool // every group must hold
	groups []conditionGroup
}

type conditionGroup struct {
	all bool // every concept of it
	ids []int64
}

// maxConditionGroups bounds what a deeply nested condition may become when it is spread out.
const maxConditionGroups = 24

// groupsOf brings a condition into groups that mean the same. One that is nested deeper becomes a choice of groups, each of concepts
// that must all be there; false if those are too many. None of groups without concepts comes out, but for nil: one empty group.
func groupsOf(c *domain.Condition) (conditionGroups, bool) {
	if c == nil {
		return conditionGroups{groups: []conditionGroup{{}}}, true
	}
	if g, ok := flatGroup(*c); ok {
		return conditionGroups{groups: []conditionGroup{g}}, true
	}
	g := conditionGroups{all: c.Op == "and"}
	for _, part := range c.Of {
		inner, ok := flatGroup(part)
		if !ok {
			return spread(*c)
		}
		g.groups = append(g.groups, inner)
	}
	return g, true
}

// flatGroup is a concept, or concepts side by side.
func flatGroup(c domain.Condition) (conditionGroup, bool) {
	if c.Op == "concept" {
		return conditionGroup{ids: []int64{c.Concept}}, true
	}
	g := conditionGroup{all: c.Op == "and"}
	for _, part := range c.Of {
		if part.Op != "concept" {
			return g, false
		}
		if !slices.Contains(g.ids, part.Concept) {
			g.ids = append(g.ids, part.Concept)
		}
	}
	return g, true
}

// spread is the disjunctive normal form.
func spread(c domain.Condition) (conditionGroups, bool) {
	terms, ok := termsOf(c)
	if !ok {
		return conditionGroups{}, false
	}
	g := conditionGroups{}
	for _, t := range terms {
		g.groups = append(g.groups, conditionGroup{all: true, ids: t})
	}
	return g, true
}

func termsOf(c domain.Condition) (terms [][]int64, ok bool) {
	if c.Op == "concept" {
		return [][]int64{{c.Concept}}, true
	}
	for i, part := range c.Of {
		inner, ok := termsOf(part)
		if !ok {
			return nil, false
		}
		if c.Op == "or" || i == 0 {
			terms = append(terms, inner...)
		} else {
			var both [][]int64
			for _, a := range terms {
				for _, b := range inner {
					both = append(both, union(a, b))
				}
			}
			terms = both
		}
		if terms = leastTerms(terms); len(terms) > maxConditionGroups {
			return nil, false
		}
	}
	return terms, true
}

func union(a, b []int64) []int64 {
	sum := slices.Concat(a, b)
	slices.Sort(sum)
	return slices.Compact(sum)
}

// leastTerms leaves out a term that asks for more than another one does.
func leastTerms(terms [][]int64) [][]int64 {
	var least [][]int64
	for i, t := range terms {
		if !slices.ContainsFunc(terms[:i], func(o []int64) bool { return contains(t, o) }) &&
			!slices.ContainsFunc(terms[i+1:], func(o []int64) bool { return len(o) < len(t) && contains(t, o) }) {
			least = append(least, t)
		}
	}
	return least
}

// contains reports whether all of part are in whole.
func contains(whole, part []int64) bool {
	return !slices.ContainsFunc(part, func(id int64) bool { return !slices.Contains(whole, id) })
}

// condition is what the groups mean; groups without concepts count for nothing, and nil is everything.
func (g conditionGroups) condition() *domain.Condition {
	join := func(all bool, of []domain.Condition) *domain.Condition {
		switch {
		case len(of) == 0:
			return nil
		case len(of) == 1:
			return &of[0]
		case all:
			return &domain.Condition{Op: "and", Of: of}
		}
		return &domain.Condition{Op: "or", Of: of}
	}
	var parts []domain.Condition
	for _, group := range g.groups {
		var of []domain.Condition
		for _, id := range group.ids {
			of = append(of, domain.Condition{Op: "concept", Concept: id})
		}
		if part := join(group.all, of); part != nil {
			parts = append(parts, *part)
		}
	}
	return join(g.all, parts)
}
