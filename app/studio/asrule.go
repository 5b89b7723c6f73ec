package studio

import "errors"

// asRule is the broken rule in an error, or nil.
func asRule(err error) *RuleError {
	var rule *RuleError
	if errors.As(err, &rule) {
		return rule
	}
	return nil
}
