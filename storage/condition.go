package storage

// The operators of a Condition.
const (
	OpAnd     = "and"
	OpOr      = "or"
	OpConcept = "concept"
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
