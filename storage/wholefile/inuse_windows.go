package wholefile

import (
	"errors"
	"syscall"
)

// inUse reports whether a file could not be replaced because somebody has it open at this moment.
func inUse(err error) bool {
	const sharingViolation, lockViolation = syscall.Errno(32), syscall.Errno(33)
	return errors.Is(err, syscall.ERROR_ACCESS_DENIED) || errors.Is(err, sharingViolation) || errors.Is(err, lockViolation)
}
