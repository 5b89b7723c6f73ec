//go:build unix

package training

import (
	"errors"
	"syscall"
)

// isDiskFull also takes a used up quota for it.
func isDiskFull(err error) bool { return errors.Is(err, syscall.EDQUOT) }
