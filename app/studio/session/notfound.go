package session

import (
	"fmt"
	"strings"

	"viewfinder/storage"
)

// NotFound is the error of a name that does not exist; it lists those that do.
func NotFound(kind, name string, names []string) error {
	if len(names) == 0 {
		return NotThere("there is no %s %q: there are none yet", kind, name)
	}
	return NotThere("there is no %s %q (there are: %s)", kind, name, strings.Join(names, ", "))
}

// notFoundError names what does not exist. errors.Is(err, ErrNotFound) holds for it.
type notFoundError struct{ text string }

func (e *notFoundError) Error() string        { return e.text }
func (e *notFoundError) Is(target error) bool { return target == storage.ErrNotFound }

// NotThere is the error of something that does not exist; errors.Is(err, ErrNotFound) holds for it.
func NotThere(format string, args ...any) error { return &notFoundError{fmt.Sprintf(format, args...)} }
