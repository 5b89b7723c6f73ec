package studio

import (
	"errors"
	"fmt"
	"strings"
)

// number is a count with its noun: "1 image", "3 boxes".
func number(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "x"):
		return fmt.Sprintf("%d %ses", n, one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// asRule is the broken rule in an error, or nil.
func asRule(err error) *RuleError {
	var rule *RuleError
	if errors.As(err, &rule) {
		return rule
	}
	return nil
}
