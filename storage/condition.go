package storage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

// Condition says which datapoints (or, under a detection view, regions) of the parent a child
// view gets: those that carry a concept, or all or one of several conditions.
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

// Matches tells whether something that carries these concepts satisfies c. Everything satisfies nil.
func (c *Condition) Matches(concepts []int64) bool {
	if c == nil {
		return true
	}
	switch c.Op {
	case OpConcept:
		return slices.Contains(concepts, c.Concept)
	case OpAnd:
		for i := range c.Of {
			if !c.Of[i].Matches(concepts) {
				return false
			}
		}
		return true
	default:
		for i := range c.Of {
			if c.Of[i].Matches(concepts) {
				return true
			}
		}
		return false
	}
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

// validate checks the form of c alone.
func (c *Condition) validate() error {
	parts := 0
	return c.validateAt(0, &parts)
}

func (c *Condition) validateAt(depth int, parts *int) error {
	if c == nil {
		return nil
	}
	if *parts++; *parts > maxConditionParts {
		return rulef("The condition has too many parts (more than %d).", maxConditionParts)
	}
	if depth >= maxConditionDepth {
		return rulef("The condition is nested too deeply (more than %d levels).", maxConditionDepth)
	}
	switch c.Op {
	case OpConcept:
		if c.Concept <= 0 || len(c.Of) > 0 {
			return rulef("A part of the condition names no concept.")
		}
	case OpAnd, OpOr:
		if len(c.Of) == 0 || c.Concept != 0 {
			return rulef("A part of the condition (%s) is empty: add a concept to it or remove it.", c.Op)
		}
		for i := range c.Of {
			if err := c.Of[i].validateAt(depth+1, parts); err != nil {
				return err
			}
		}
	default:
		return rulef("A part of the condition is neither “and”, “or” nor a concept (%q).", c.Op)
	}
	return nil
}

// satisfiable tells whether a thing that carries exactly one of the concepts can satisfy c.
func (c *Condition) satisfiable(concepts []int64) bool {
	for _, id := range concepts {
		if c.Matches([]int64{id}) {
			return true
		}
	}
	return false
}

// replace puts concept into in the place of from.
func (c *Condition) replace(from, into int64) {
	c.walk(func(part *Condition) {
		if part.Op == OpConcept && part.Concept == from {
			part.Concept = into
		}
	})
}

// sql writes c as a SQL expression, each concept as has says (a format with one number).
func (c *Condition) sql(b *strings.Builder, has string) {
	if c == nil {
		b.WriteString("1")
		return
	}
	if c.Op == OpConcept {
		fmt.Fprintf(b, has, c.Concept)
		return
	}
	b.WriteByte('(')
	for i := range c.Of {
		if i > 0 {
			b.WriteString(" " + strings.ToUpper(c.Op) + " ")
		}
		c.Of[i].sql(b, has)
	}
	b.WriteByte(')')
}

// encode is c as the database keeps it: JSON, or nil.
func (c *Condition) encode() (*string, error) {
	if c == nil {
		return nil, nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("writing a condition: %w", err)
	}
	s := string(text)
	return &s, nil
}

// decodeCondition reads what encode wrote; nil is nil.
func decodeCondition(text *string) (*Condition, error) {
	if text == nil {
		return nil, nil
	}
	return ParseCondition([]byte(*text))
}

// ParseCondition reads a condition from JSON and checks its form, not whether its concepts exist.
func ParseCondition(text []byte) (*Condition, error) {
	var c Condition
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("reading a condition: %w", err)
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	return &c, nil
}
