package domain

import (
	"errors"
	"fmt"
	"slices"
)

// The operators of a Condition.
const (
	OpAnd     = "and"
	OpOr      = "or"
	OpConcept = "concept"
)

// Limits of a condition: beyond what a person writes, within what the database can take.
const (
	maxConditionDepth = 16
	maxConditionParts = 1000
)

// Condition selects the datapoints (or, under a detection view, regions) of the parent that a child view gets: those that carry a concept, or all or
// one of several conditions. Its JSON form stands in project files.
type Condition struct {
	Op      string      `json:"op"`                // and, or, concept
	Concept int64       `json:"concept,omitempty"` // a concept of the parent view, for concept
	Of      []Condition `json:"of,omitempty"`      // at least one, for and, or
}

// HasConcept is the condition that a datapoint carries the concept.
func HasConcept(concept int64) *Condition { return &Condition{Op: OpConcept, Concept: concept} }

// AnyOf is the condition that a datapoint carries at least one of the concepts.
func AnyOf(concepts ...int64) *Condition { return combine(OpOr, concepts) }

// AllOf is the condition that a datapoint carries all the concepts.
func AllOf(concepts ...int64) *Condition { return combine(OpAnd, concepts) }

func combine(op string, concepts []int64) *Condition {
	c := &Condition{Op: op}
	for _, id := range concepts {
		c.Of = append(c.Of, *HasConcept(id))
	}
	return c
}

// Concepts are the concepts that c names, ascending, each once. c may be nil.
func (c *Condition) Concepts() []int64 {
	var ids []int64
	c.walk(func(part *Condition) {
		if part.Op == OpConcept {
			ids = append(ids, part.Concept)
		}
	})
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Replace puts concept into in the place of from. c may be nil.
func (c *Condition) Replace(from, into int64) {
	c.walk(func(part *Condition) {
		if part.Op == OpConcept && part.Concept == from {
			part.Concept = into
		}
	})
}

// Matches reports whether something that carries these concepts satisfies c. Everything satisfies nil.
func (c *Condition) Matches(concepts []int64) bool {
	if c == nil {
		return true
	}
	switch c.Op {
	case OpConcept:
		return slices.Contains(concepts, c.Concept)
	case OpAnd:
		return !slices.ContainsFunc(c.Of, func(part Condition) bool { return !part.Matches(concepts) })
	default:
		return slices.ContainsFunc(c.Of, func(part Condition) bool { return part.Matches(concepts) })
	}
}

// Satisfiable reports whether something that carries exactly one of the concepts can satisfy c.
func (c *Condition) Satisfiable(concepts []int64) bool {
	return slices.ContainsFunc(concepts, func(id int64) bool { return c.Matches([]int64{id}) })
}

func (c *Condition) walk(visit func(*Condition)) {
	if c == nil {
		return
	}
	visit(c)
	for i := range c.Of {
		c.Of[i].walk(visit)
	}
}

// Validate checks the form of c alone, not whether its concepts exist. nil is valid.
func (c *Condition) Validate() error {
	parts := 0
	return c.validate(0, &parts)
}

func (c *Condition) validate(depth int, parts *int) error {
	if c == nil {
		return nil
	}
	if *parts++; *parts > maxConditionParts {
		return fmt.Errorf("the condition has too many parts (more than %d)", maxConditionParts)
	}
	if depth >= maxConditionDepth {
		return fmt.Errorf("the condition is nested too deeply (more than %d levels)", maxConditionDepth)
	}
	switch c.Op {
	case OpConcept:
		if c.Concept <= 0 || len(c.Of) > 0 {
			return errors.New("a part of the condition names no concept")
		}
	case OpAnd, OpOr:
		if len(c.Of) == 0 || c.Concept != 0 {
			return fmt.Errorf("a part of the condition (%s) is empty: add a concept to it or remove it", c.Op)
		}
		for i := range c.Of {
			if err := c.Of[i].validate(depth+1, parts); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("a part of the condition is neither “and”, “or” nor a concept (%q)", c.Op)
	}
	return nil
}
