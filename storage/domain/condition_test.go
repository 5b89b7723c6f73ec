package domain

import (
	"slices"
	"testing"
)

func TestConditionMatches(t *testing.T) {
	nested := &Condition{Op: OpAnd, Of: []Condition{*AnyOf(1, 2), *HasConcept(3)}}
	for i, c := range []struct {
		condition *Condition
		concepts  []int64
		want      bool
	}{
		{nil, nil, true},
		{HasConcept(1), []int64{1, 2}, true},
		{HasConcept(1), []int64{2}, false},
		{HasConcept(1), nil, false},
		{AnyOf(1, 2), []int64{2}, true},
		{AnyOf(1, 2), []int64{3}, false},
		{AllOf(1, 2), []int64{2, 1}, true},
		{AllOf(1, 2), []int64{2}, false},
		{nested, []int64{2, 3}, true},
		{nested, []int64{1, 2}, false},
		{nested, []int64{3}, false},
	} {
		if got := c.condition.Matches(c.concepts); got != c.want {
			t.Errorf("case %d: %v is %v", i, c.concepts, got)
		}
	}
	if !AnyOf(1, 2).Satisfiable([]int64{5, 2}) || AllOf(1, 2).Satisfiable([]int64{1, 2}) || HasConcept(1).Satisfiable(nil) {
		t.Error("what exactly one of the concepts can satisfy is wrong")
	}
	if got := nested.Concepts(); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("it names %v", got)
	}
	nested.Replace(2, 3)
	if got := nested.Concepts(); !slices.Equal(got, []int64{1, 3}) {
		t.Errorf("with 3 in the place of 2 it names %v", got)
	}
	var all *Condition
	all.Replace(1, 2)
	if got := all.Concepts(); len(got) != 0 {
		t.Errorf("no condition names %v", got)
	}
}

func TestConditionValidate(t *testing.T) {
	deep := func(levels int) *Condition {
		c := HasConcept(1)
		for range levels - 1 {
			c = &Condition{Op: OpOr, Of: []Condition{*c}}
		}
		return c
	}
	wide := func(parts int) *Condition { return AnyOf(slices.Repeat([]int64{1}, parts-1)...) }
	for i, c := range []struct {
		condition *Condition
		want      string
	}{
		{nil, ""},
		{HasConcept(1), ""},
		{deep(maxConditionDepth), ""},
		{deep(maxConditionDepth + 1), "the condition is nested too deeply (more than 16 levels)"},
		{wide(maxConditionParts), ""},
		{wide(maxConditionParts + 1), "the condition has too many parts (more than 1000)"},
		{HasConcept(0), "a part of the condition names no concept"},
		{&Condition{Op: OpConcept, Concept: 1, Of: []Condition{*HasConcept(1)}}, "a part of the condition names no concept"},
		{AnyOf(), "a part of the condition (or) is empty: add a concept to it or remove it"},
		{AllOf(1, -1), "a part of the condition names no concept"},
		{&Condition{Op: "not"}, "a part of the condition is neither “and”, “or” nor a concept (\"not\")"},
	} {
		got := ""
		if err := c.condition.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("case %d: %q, expected %q", i, got, c.want)
		}
	}
}
