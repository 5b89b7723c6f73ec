package session

import (
	"errors"

	"viewfinder/storage"
)

// AsRule is the broken rule in an error, or nil.
func AsRule(err error) *storage.RuleError {
	var rule *storage.RuleError
	if errors.As(err, &rule) {
		return rule
	}
	return nil
}
