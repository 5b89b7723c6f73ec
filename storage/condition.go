package storage

import (
	"encoding/json"
	"fmt"
	"strings"

	"viewfinder/storage/domain"
)

// validCondition checks the form of c alone.
func validCondition(c *domain.Condition) error {
	if err := c.Validate(); err != nil {
		return rulef("%v", err)
	}
	return nil
}

// conditionSQL writes c as a SQL expression, each concept by has, a format with one number.
func conditionSQL(b *strings.Builder, c *domain.Condition, has string) {
	if c == nil {
		b.WriteString("1")
		return
	}
	if c.Op == domain.OpConcept {
		fmt.Fprintf(b, has, c.Concept)
		return
	}
	b.WriteByte('(')
	for i := range c.Of {
		if i > 0 {
			b.WriteString(" " + strings.ToUpper(c.Op) + " ")
		}
		conditionSQL(b, &c.Of[i], has)
	}
	b.WriteByte(')')
}

// encodeCondition is c as the database keeps it: JSON, or nil.
func encodeCondition(c *domain.Condition) (*string, error) {
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

// decodeCondition reads what encodeCondition wrote; nil is nil.
func decodeCondition(text *string) (*domain.Condition, error) {
	if text == nil {
		return nil, nil
	}
	return ParseCondition([]byte(*text))
}

// ParseCondition reads a condition from JSON and checks its form, not whether its concepts exist.
func ParseCondition(text []byte) (*domain.Condition, error) {
	var c domain.Condition
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("reading a condition: %w", err)
	}
	if err := validCondition(&c); err != nil {
		return nil, err
	}
	return &c, nil
}
